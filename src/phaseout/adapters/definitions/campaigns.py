"""A campaign's folder read into a `Campaign`; what is wrong in it is named by file and line."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.calendar import clipped, month_of, next_month
from phaseout.domain.campaign import (
    Audience,
    CalendarPolicy,
    Campaign,
    Condition,
    County,
    Extent,
    Hardness,
    Industry,
    Milestone,
    MilestoneKind,
    Office,
    OwedPer,
    Rung,
    SigningReminders,
    StockStep,
    Term,
    Unit,
)
from phaseout.domain.due_rule import DueRule, FixedDate, MonthEnd, Monthly, TenDayPeriod, WithinTenDays
from phaseout.domain.evidence import EvidencePhase
from phaseout.domain.form import Form, in_year
from phaseout.domain.letter import LetterKind

# Where a notice says nothing about a window, it is open from 30 days before the due date to 30 days after it.
WINDOW = timedelta(days=30)

Period = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class FixedDateEntry(Definition):
    rule: Literal["fixed"]
    date: date

    def value(self) -> DueRule:
        return FixedDate(self.date)


class MonthlyEntry(Definition):
    rule: Literal["monthly"]
    day: int = Field(ge=1, le=31)
    first: Period
    last: Period

    def value(self) -> DueRule:
        return Monthly(self.day, self.first, self.last)


class MonthEndEntry(Definition):
    rule: Literal["month_end"]
    month: Period

    def value(self) -> DueRule:
        return MonthEnd(self.month)


class TenDaysEntry(Definition):
    rule: Literal["ten_days"]
    month: Period
    third: Literal["first", "middle", "last"]

    def value(self) -> DueRule:
        return WithinTenDays(self.month, TenDayPeriod[self.third.upper()])


class WindowEntry(Definition):
    opens: date | None = None
    closes: date | Mapping[Period, date] | None = None
    opens_day: int | None = Field(default=None, ge=1, le=31)
    closes_day: int | None = Field(default=None, ge=1, le=31)

    def opens_on(self, period: str | None, due: date, *, earliest: date) -> date:
        if self.opens_day is not None and period is not None:
            return clipped(*month_of(period), self.opens_day)
        return self.opens or max(due - WINDOW, earliest)

    def closes_on(self, period: str | None, due: date) -> date:
        if isinstance(self.closes, Mapping) and period is not None and period in self.closes:
            return self.closes[period]
        if self.closes_day is not None and period is not None:
            return clipped(*month_of(next_month(period)), self.closes_day)
        return self.closes if isinstance(self.closes, date) else due + WINDOW


class ConditionalEntry(Definition):
    period: Period
    condition: Condition
    opens: date
    due: date
    closes: date


class MilestoneEntry(Definition):
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    kind: MilestoneKind
    title: str
    short_title: str = Field(max_length=6)  # for narrow tables
    basis: str
    forms: tuple[str, ...]
    owed_per: OwedPer
    hardness: Hardness
    calendar_policy: CalendarPolicy = CalendarPolicy.KEEP
    due: FixedDateEntry | MonthlyEntry | MonthEndEntry | TenDaysEntry = Field(discriminator="rule")
    window: WindowEntry = WindowEntry()
    conditional: tuple[ConditionalEntry, ...] = ()
    stock: tuple[StockStep, ...] = ()
    paper_copies: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _goal_has_no_form(self) -> "MilestoneEntry":
        if (self.hardness is Hardness.GOAL) is bool(self.forms):
            raise ValueError("a goal has no form, and every other milestone has one")
        return self

    def value(self, *, earliest: date) -> Milestone:
        terms = tuple(
            Term(
                period=period,
                opens=self.window.opens_on(period, due, earliest=earliest),
                nominal_due=due,
                closes=self.window.closes_on(period, due),
            )
            for period, due in self.due.value().due_days()
        ) + tuple(Term(c.period, c.opens, c.due, c.closes, c.condition) for c in self.conditional)
        return Milestone(
            id=self.id,
            kind=self.kind,
            title=self.title,
            short_title=self.short_title,
            basis=self.basis,
            forms=self.forms,
            owed_per=self.owed_per,
            hardness=self.hardness,
            calendar_policy=self.calendar_policy,
            terms=terms,
            stock_steps=self.stock,
            paper_copies=self.paper_copies,
        )


class RungEntry(Definition):
    days_late: int
    letter: LetterKind
    audience: tuple[Audience, ...] = Field(min_length=1)
    release: bool = False


class OfficeEntry(Definition):
    body: str
    desk: str
    mailbox: str
    phone: str


class ExtentEntry(Definition):
    longitude: tuple[float, float]
    latitude: tuple[float, float]

    @model_validator(mode="after")
    def _least_comes_first(self) -> "ExtentEntry":
        if self.longitude[0] >= self.longitude[1] or self.latitude[0] >= self.latitude[1]:
            raise ValueError("the least degree comes before the most")
        return self

    def value(self) -> Extent:
        return Extent(self.longitude, self.latitude)


class SigningRemindersEntry(Definition):
    working_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(1, 3, 7), min_length=1)
    then_every: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _days_climb(self) -> "SigningRemindersEntry":
        if list(self.working_days) != sorted(set(self.working_days)):
            raise ValueError("the ages at which the office is reminded must climb")
        return self

    def value(self) -> SigningReminders:
        return SigningReminders(self.working_days, self.then_every)


class CampaignFile(Definition):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    notice: str
    year: int
    opens: date
    closures_due: date
    correction_working_days: int = Field(ge=1)
    kept_forms: tuple[str, ...] = ()
    extent: ExtentEntry | None = None
    evidence_phases: tuple[EvidencePhase, ...] = ()
    signing_reminders: SigningRemindersEntry = SigningRemindersEntry()
    office: OfficeEntry
    milestones: tuple[MilestoneEntry, ...] = Field(min_length=1)
    ladder: tuple[RungEntry, ...]

    @model_validator(mode="after")
    def _ladder_climbs(self) -> "CampaignFile":
        days = [rung.days_late for rung in self.ladder]
        if days != sorted(set(days)):
            raise ValueError("the rungs of the ladder must climb")
        return self


class IndustryEntry(Definition):
    key: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str
    group: str
    gbt4754: tuple[str, ...]
    industry_office: str | None


class IndustriesFile(Definition):
    industries: tuple[IndustryEntry, ...] = Field(min_length=1)


class UnitEntry(Definition):
    code: str = Field(pattern=r"^\d{6}(\d{3})?$")
    name: str
    short_name: str
    body: str
    aliases: tuple[str, ...] = ()
    mailbox: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    leader_mailbox: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    industries: str | tuple[str, ...]


class UnitsFile(Definition):
    units: tuple[UnitEntry, ...] = Field(min_length=1)


def load_campaign(folder: Path, *, forms: Mapping[str, Form]) -> Campaign:
    """Return the campaign of a folder; it may ask for those *forms* that have a layout for its year.

    Raises:
        BadDefinition: a file is missing or wrong, or names a form or an industry that there is not.
    """
    head_path, industries_path = folder / "campaign.yaml", folder / "industries.yaml"
    head = read_model(head_path, CampaignFile)
    if head.id != folder.name:
        raise BadDefinition(head_path, line_of(head_path, ["id"]), f"id: the folder is called {folder.name}")
    known = frozenset(in_year(forms, head.year))
    _require_forms(head_path, head.milestones, known)
    _require_kept_forms(head_path, head, known)
    _require_distinct(head_path, "evidence_phases", head.evidence_phases)
    industries = read_model(industries_path, IndustriesFile).industries
    _require_distinct(industries_path, "industries", [entry.key for entry in industries])
    return Campaign(
        id=head.id,
        title=head.title,
        notice=head.notice,
        year=head.year,
        opens=head.opens,
        closures_due=head.closures_due,
        correction_working_days=head.correction_working_days,
        office=Office(**head.office.model_dump()),
        units=_units(folder, industries),
        industries=tuple(Industry(e.key, e.name, e.gbt4754, e.industry_office) for e in industries),
        milestones=tuple(entry.value(earliest=head.opens) for entry in head.milestones),
        ladder=tuple(
            Rung(order, entry.days_late, entry.letter, entry.audience, entry.release)
            for order, entry in enumerate(head.ladder, start=1)
        ),
        source_hash=_hash(folder),
        kept_forms=head.kept_forms,
        extent=head.extent.value() if head.extent else None,
        evidence_phases=head.evidence_phases,
        signing_reminders=head.signing_reminders.value(),
    )


def _require_forms(path: Path, milestones: Sequence[MilestoneEntry], forms: frozenset[str]) -> None:
    for number, milestone in enumerate(milestones):
        for position, form in enumerate(milestone.forms):
            if form not in forms:
                line = line_of(path, ["milestones", number, "forms", position])
                raise BadDefinition(path, line, f"milestones.{number}.forms: there is no form {form} in this year")


def _require_kept_forms(path: Path, head: CampaignFile, forms: frozenset[str]) -> None:
    """Refuse a kept form that there is not, or that a milestone wants sent up."""
    sent_up = {form for milestone in head.milestones for form in milestone.forms}
    for position, form in enumerate(head.kept_forms):
        if form not in forms or form in sent_up:
            wrong = f"{form} is owed at a milestone" if form in forms else f"there is no form {form}"
            raise BadDefinition(path, line_of(path, ["kept_forms", position]), f"kept_forms.{position}: {wrong}")


def _require_distinct(path: Path, key: str, values: Sequence[str]) -> None:
    for number, value in enumerate(values):
        if value in values[:number]:
            raise BadDefinition(path, line_of(path, [key, number]), f"{key}.{number}: {value} stands twice")


def _units(folder: Path, industries: Sequence[IndustryEntry]) -> tuple[Unit, ...]:
    path = folder / "units.yaml"
    entries = read_model(path, UnitsFile).units
    _require_distinct(path, "units", [entry.code for entry in entries])
    counties = _counties(folder / "counties.csv", frozenset(entry.code for entry in entries))
    return tuple(
        Unit(
            code=entry.code,
            name=entry.name,
            short_name=entry.short_name,
            body=entry.body,
            mailbox=entry.mailbox,
            leader_mailbox=entry.leader_mailbox,
            industries=_industries_of(path, number, entry, industries),
            counties=counties.get(entry.code, ()),
            aliases=entry.aliases,
        )
        for number, entry in enumerate(entries)
    )


def _industries_of(path: Path, number: int, entry: UnitEntry, industries: Sequence[IndustryEntry]) -> tuple[str, ...]:
    """Resolve a unit's industries: keys one by one, or a group, which holds the groups before it as well."""
    if isinstance(entry.industries, tuple):
        wanted, known = entry.industries, {industry.key for industry in industries}
        missing = [key for key in wanted if key not in known]
        if not missing:
            return wanted
    else:
        groups = list(dict.fromkeys(industry.group for industry in industries))
        if entry.industries in groups:
            held = groups[: groups.index(entry.industries) + 1]
            return tuple(industry.key for industry in industries if industry.group in held)
        missing = [entry.industries]
    line = line_of(path, ["units", number, "industries"])
    raise BadDefinition(path, line, f"units.{number}.industries: there is no {missing[0]} in industries.yaml")


def _counties(path: Path, units: frozenset[str]) -> dict[str, tuple[County, ...]]:
    counties: dict[str, list[County]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                if row.get("unit_code") not in units:
                    raise BadDefinition(path, line, f"unit_code: there is no unit {row.get('unit_code')}")
                counties.setdefault(row["unit_code"], []).append(County(row["code"], row["name"]))
    except OSError as error:
        raise BadDefinition(path, 1, f"cannot be read: {error}") from error
    return {code: tuple(places) for code, places in counties.items()}


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
