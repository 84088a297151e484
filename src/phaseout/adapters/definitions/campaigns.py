"""A campaign's folder read into a `Campaign`; what is wrong in it is named by file and line."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from phaseout.adapters.definitions.milestones import MilestoneEntry
from phaseout.adapters.definitions.units import industry_of, load_industries, load_units
from phaseout.adapters.definitions.yaml_data import (
    BadDefinition,
    Definition,
    Locus,
    line_of,
    read_model,
    require_distinct,
)
from phaseout.domain.campaign import (
    Addressee,
    Audience,
    Campaign,
    CountedIn,
    Extent,
    Hardness,
    LadderInWords,
    Milestone,
    Office,
    Rung,
    SigningReminders,
    Unit,
    UnitKind,
    Validity,
)
from phaseout.domain.evidence import EvidencePhase
from phaseout.domain.form import Form, in_year
from phaseout.domain.letter import LetterKind
from phaseout.domain.rectification import RectificationWindow


class RungEntry(Definition):
    days_late: int
    counted_in: CountedIn = CountedIn.WORKING_DAYS
    letter: LetterKind
    audience: tuple[Audience, ...] = Field(min_length=1)
    release: bool = False


class OfficeEntry(Definition):
    body: str
    desk: str
    mailbox: str
    phone: str


class AddresseeEntry(Definition):
    name: str
    mailbox: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")

    def value(self) -> Addressee:
        return Addressee(self.name, self.mailbox)


class ValidityEntry(Definition):
    first: date
    last: date

    def value(self) -> Validity:
        return Validity(self.first, self.last)


class LadderInWordsEntry(Definition):
    against: str
    basis: str
    acts: tuple[str, ...] = Field(min_length=1)


class RectificationEntry(Definition):
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    basis: str
    months: int | None = Field(ge=1)
    extension_months: int = Field(default=0, ge=0)
    then: str


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
    validity: ValidityEntry | None = None
    correction_working_days: int = Field(ge=1)
    kept_forms: tuple[str, ...] = ()
    forms_to_come: tuple[str, ...] = ()
    extent: ExtentEntry | None = None
    evidence_phases: tuple[EvidencePhase, ...] = ()
    signing_reminders: SigningRemindersEntry = SigningRemindersEntry()
    office: OfficeEntry
    coordination_body: AddresseeEntry | None = None
    industry_offices: tuple[AddresseeEntry, ...] = ()
    milestones: tuple[MilestoneEntry, ...] = Field(min_length=1)
    ladder: tuple[RungEntry, ...]
    enterprise_ladder: tuple[RungEntry, ...] = ()
    ladders: tuple[LadderInWordsEntry, ...] = ()
    windows: tuple[RectificationEntry, ...] = ()

    @model_validator(mode="after")
    def _ladder_climbs(self) -> "CampaignFile":
        for ladder in (self.ladder, self.enterprise_ladder):
            days = [rung.days_late for rung in ladder]
            if days != sorted(set(days)):
                raise ValueError("the rungs of the ladder must climb")
        return self

    @model_validator(mode="after")
    def _coordination_body_is_there(self) -> "CampaignFile":
        rungs = (*self.ladder, *self.enterprise_ladder)
        if self.coordination_body is None and any(Audience.COORDINATION_BODY in rung.audience for rung in rungs):
            raise ValueError("a rung addresses the coordination body, and the campaign names none")
        return self


def load_campaign(folder: Path, *, forms: Mapping[str, Form]) -> Campaign:
    """Return the campaign of a folder; it may ask for those *forms* that have a layout for its year.

    Raises:
        BadDefinition: a file is missing or wrong, or names what there is not: a form, a unit, an industry …
    """
    path = folder / "campaign.yaml"
    head = read_model(path, CampaignFile)
    if head.id != folder.name:
        raise BadDefinition(path, line_of(path, ["id"]), f"id: the folder is called {folder.name}")
    _require(path, _wrong_forms(head, frozenset(in_year(forms, head.year))))
    _require(path, _wrong_neighbours(head.milestones))
    for key in ("evidence_phases", "forms_to_come"):
        require_distinct(path, key, getattr(head, key))
    require_distinct(path, "milestones", [entry.id for entry in head.milestones])
    industries = load_industries(folder / "industries.yaml", offices=[office.name for office in head.industry_offices])
    units = load_units(folder, industries)
    milestones = _milestones(path, head)
    _require(path, _wrong_owers(milestones, units))
    return Campaign(
        id=head.id,
        title=head.title,
        notice=head.notice,
        year=head.year,
        opens=head.opens,
        closures_due=head.closures_due,
        correction_working_days=head.correction_working_days,
        office=Office(**head.office.model_dump()),
        units=units,
        industries=tuple(industry_of(entry) for entry in industries),
        milestones=milestones,
        ladder=_rungs(head.ladder),
        source_hash=_hash(folder),
        kept_forms=head.kept_forms,
        extent=head.extent.value() if head.extent else None,
        evidence_phases=head.evidence_phases,
        signing_reminders=head.signing_reminders.value(),
        validity=head.validity.value() if head.validity else None,
        forms_to_come=head.forms_to_come,
        coordination_body=head.coordination_body.value() if head.coordination_body else None,
        industry_offices=tuple(office.value() for office in head.industry_offices),
        enterprise_ladder=_rungs(head.enterprise_ladder),
        ladders=tuple(LadderInWords(entry.against, entry.basis, entry.acts) for entry in head.ladders),
        windows=tuple(RectificationWindow(**entry.model_dump()) for entry in head.windows),
    )


def _rungs(entries: Sequence[RungEntry]) -> tuple[Rung, ...]:
    return tuple(
        Rung(order, entry.days_late, entry.letter, entry.audience, entry.release, entry.counted_in)
        for order, entry in enumerate(entries, start=1)
    )


def _milestones(path: Path, head: CampaignFile) -> tuple[Milestone, ...]:
    """Return the milestones; each term's window must hold its due date."""
    validity = head.validity.value() if head.validity else None
    milestones = []
    for number, entry in enumerate(head.milestones):
        try:
            milestone = entry.value(earliest=head.opens, validity=validity)
        except ValueError as error:
            line = line_of(path, ["milestones", number, "due"])
            raise BadDefinition(path, line, f"milestones.{number}.due: {error}") from error
        for term in milestone.terms:
            if not term.opens <= term.nominal_due <= term.closes:
                days = f"{term.opens} to {term.closes}, due on {term.nominal_due}"
                line = line_of(path, ["milestones", number, "window"])
                raise BadDefinition(path, line, f"milestones.{number}.window: the due date lies outside: {days}")
        milestones.append(milestone)
    return tuple(milestones)


def _require(path: Path, wrong: Iterator[tuple[Locus, str]]) -> None:
    """Stop at the first thing that is wrong."""
    for locus, problem in wrong:
        raise BadDefinition(path, line_of(path, locus), f"{'.'.join(str(step) for step in locus)}: {problem}")


def _wrong_forms(head: CampaignFile, known: frozenset[str]) -> Iterator[tuple[Locus, str]]:
    """Yield the forms that there are not, and those whose place contradicts what is asked for."""
    named = {form for milestone in head.milestones for form in milestone.forms}
    sent_up = {
        form for milestone in head.milestones if milestone.hardness is not Hardness.OPEN for form in milestone.forms
    }
    for number, milestone in enumerate(head.milestones):
        for position, form in enumerate(milestone.forms):
            if form not in known and form not in head.forms_to_come:
                yield ["milestones", number, "forms", position], f"there is no form {form} in this year"
    for position, form in enumerate(head.kept_forms):
        if form not in known:
            yield ["kept_forms", position], f"there is no form {form}"
        elif form in sent_up:
            yield ["kept_forms", position], f"{form} is owed at a milestone"
    for position, form in enumerate(head.forms_to_come):
        if form in known:
            yield ["forms_to_come", position], f"{form} is there; take it out of the list"
        elif form not in named:
            yield ["forms_to_come", position], f"no milestone asks for {form}"


def _wrong_neighbours(milestones: Sequence[MilestoneEntry]) -> Iterator[tuple[Locus, str]]:
    """Yield the milestones that one is done within or after, and that there are not."""
    known = {milestone.id for milestone in milestones}
    for number, milestone in enumerate(milestones):
        for key, name in (("within", milestone.within), ("after", milestone.after)):
            if name is not None and (name not in known or name == milestone.id):
                yield ["milestones", number, key], f"there is no other milestone {name}"


def _wrong_owers(milestones: Sequence[Milestone], units: Sequence[Unit]) -> Iterator[tuple[Locus, str]]:
    """Yield the kinds and codes that no unit has, and the milestones that nobody owes."""
    known = {*UnitKind, *(unit.code for unit in units)}
    for number, milestone in enumerate(milestones):
        for position, name in enumerate(milestone.owed_by):
            if name not in known:
                yield ["milestones", number, "owed_by", position], f"{name} is no kind of unit and no unit's code"
        if milestone.is_owed and not any(milestone.is_owed_by(unit) for unit in units):
            yield ["milestones", number, "owed_by"], "no unit owes it"


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
