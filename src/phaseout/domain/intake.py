"""Which obligation a workbook answers (归口), and in which order a batch is checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from phaseout.domain.calendar import day_in_china, period_of
from phaseout.domain.campaign import CalendarPolicy, Campaign, Hardness, Unit
from phaseout.domain.form import Form, HeadRole
from phaseout.domain.obligation import Obligation, Submitted
from phaseout.domain.submission import Reading, Unreadable, Value

# What tells the obligations of one unit apart: form, industry, period.
AnswerKey: TypeAlias = tuple[str, str | None, str | None]

# How a city bureau of industry calls itself, in full and in short, before and after the renaming of 2018.
BUREAU_SUFFIXES = ("工业和信息化局", "工信局", "经济和信息化局", "经信局")


@dataclass(frozen=True, slots=True)
class Answered:
    """The obligation that a workbook answers, with what its head says."""

    obligation: Obligation
    unit: Unit
    industry: str | None
    period: str | None


def answered(
    reading: Reading,
    form: Form,
    *,
    campaign: Campaign,
    unit: Unit,
    obligations: Mapping[AnswerKey, Obligation],
) -> Answered:
    """Return the obligation that *reading* answers; *obligations* are the unit's, by form, industry and period.

    Raises:
        Unreadable: the workbook is kept below, names no unit, another unit, an unknown industry, no period, or nothing
            that is owed.
    """
    if form.id in campaign.kept_forms:
        raise Unreadable("kept_below", facts={"found": form.title})
    _require_unit(_head(reading, form, HeadRole.UNIT), unit)
    industry = _industry(reading, form, campaign)
    period = _period(reading, form)
    found = obligations.get((form.id, industry, period))
    if found is None:
        names = [form.title, str(_head(reading, form, HeadRole.INDUSTRY) or ""), period or ""]
        raise Unreadable("not_owed", facts={"found": " ".join(name for name in names if name)})
    return Answered(found, unit, industry, period)


def as_if_owed(reading: Reading, form: Form, *, campaign: Campaign, unit: Unit, name: str) -> Answered:
    """Return what a form that is kept below (基层收存) would answer, to check it; *name* tells files apart.

    Raises:
        Unreadable: the workbook names no unit, or another one.
    """
    _require_unit(_head(reading, form, HeadRole.UNIT), unit)
    obligation = Obligation(
        id=f"{campaign.id}/{unit.code}/{form.id}/{name}",
        campaign=campaign.id,
        unit=unit.code,
        milestone="",
        form=form.id,
        industry=None,
        period=None,
        opens=campaign.opens,
        nominal_due=campaign.closes,
        due=campaign.closes,
        due_policy=CalendarPolicy.KEEP,
        reminder_date=campaign.closes,
        closes=campaign.closes,
        hardness=Hardness.SOFT,
        basis="",
    )
    return Answered(obligation, unit, None, None)


def _head(reading: Reading, form: Form, role: HeadRole) -> Value:
    return next((reading.head.get(field.name) for field in form.head if field.role is role), None)


def _has(form: Form, role: HeadRole) -> bool:
    return any(field.role is role for field in form.head)


def _require_unit(written: Value, unit: Unit) -> None:
    if not written:
        raise Unreadable("no_unit")
    if not is_unit(str(written), unit):
        raise Unreadable("wrong_unit", facts={"found": str(written), "expected": unit.body})


def is_unit(written: str, unit: Unit) -> bool:
    """Say whether a name as people write it means *unit*, such as 南京, 南京市 or 南京市工信局."""
    name = "".join(written.split()).removesuffix("（盖章）").removesuffix("(盖章)")
    bases = (unit.name, unit.short_name)
    known = {*bases, unit.body, *unit.aliases, *(base + suffix for base in bases for suffix in BUREAU_SUFFIXES)}
    return name in known


def _industry(reading: Reading, form: Form, campaign: Campaign) -> str | None:
    if not _has(form, HeadRole.INDUSTRY):
        return None
    written = str(_head(reading, form, HeadRole.INDUSTRY) or "").strip()
    if not written:
        raise Unreadable("no_industry")
    key = industry_of(reading, form, campaign)
    if key is None:
        raise Unreadable("unknown_industry", facts={"found": written})
    return key


def industry_of(reading: Reading, form: Form, campaign: Campaign) -> str | None:
    """Return the key of the industry that a head names; None if it names none that the campaign knows."""
    written = str(_head(reading, form, HeadRole.INDUSTRY) or "").strip()
    return next((i.key for i in campaign.industries if written in (i.name, f"{i.name}行业", f"{i.name}业")), None)


def _period(reading: Reading, form: Form) -> str | None:
    if not _has(form, HeadRole.PERIOD):
        return None
    written = _head(reading, form, HeadRole.PERIOD)
    if not isinstance(written, date):
        raise Unreadable("no_period")
    return period_of(written)


def by_answer(obligations: Iterable[Obligation]) -> dict[str, dict[AnswerKey, Obligation]]:
    """Return each unit's obligations by form, industry and period."""
    index: dict[str, dict[AnswerKey, Obligation]] = {}
    for obligation in obligations:
        if obligation.form is not None and not obligation.is_paper:  # what is owed on paper is met on paper alone
            key = (obligation.form, obligation.industry, obligation.period)
            index.setdefault(obligation.unit, {})[key] = obligation
    return index


def waves(keys: Sequence[tuple[int, str, int]]) -> list[list[int]]:
    """Divide a batch so that each part is checked against what the parts before it left accepted.

    A key is form order, period and version; what has equal keys is checked together. Returns positions.
    """
    parts: dict[tuple[int, str, int], list[int]] = {}
    for position, key in enumerate(keys):
        parts.setdefault(key, []).append(position)
    return [parts[key] for key in sorted(parts)]


def is_after_close(obligation: Obligation, arrived_at: datetime) -> bool:
    """Say whether a submission came after the close date: kept and shown, but not counted."""
    return day_in_china(arrived_at) > obligation.closes


def is_overtaken(obligation: Obligation, arrived_at: datetime, submitted: Sequence[Submitted]) -> bool:
    """Say whether a version that counts came after this one: what is decided late never replaces what is newer."""
    return any(
        known.arrived_at > arrived_at and not is_after_close(obligation, known.arrived_at) for known in submitted
    )
