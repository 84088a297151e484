"""When an invented unit means to send what (报送打算), before anything has arrived or been returned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from phaseout.domain.calendar import WorkCalendar, period_of
from phaseout.domain.campaign import Campaign, Condition, MilestoneKind, Unit
from phaseout.domain.form import Form
from phaseout.domain.invented.chance import dice
from phaseout.domain.invented.course import WHOLE_CLOSURE, Agenda
from phaseout.domain.invented.equipment import Setting, invent_enterprises
from phaseout.domain.invented.habits import RIGHT_FILE_AFTER_DUE, Habit, Part, within_window
from phaseout.domain.invented.workbooks import WRITTEN_FORMS, InventedUnit, Paper
from phaseout.domain.obligation import Obligation, obligations_of

_MOST_MAILS = 3  # into which the industries of a summary are put
_BETWEEN_SURVEY_AND_FILING = timedelta(days=4)
_FROM_CLOSURE_TO_LIST = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Errand:
    """One mail that a unit means to send on a day. *answers* are the obligations it thinks to meet."""

    day: date
    papers: tuple[Paper, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit's year: what it has to tell and which mails it means to send."""

    unit: InventedUnit
    habit: Habit
    papers: Mapping[str, Paper]  # by obligation
    errands: tuple[Errand, ...]
    spoiled: str | None  # the obligation whose first version is wrong


@dataclass(frozen=True, slots=True)
class _Owed:
    obligation: Obligation
    kind: MilestoneKind
    condition: Condition
    form: Form


def plan_unit(
    campaign: Campaign, unit: Unit, habit: Habit, forms: Mapping[str, Form], *, calendar: WorkCalendar, seed: int
) -> UnitPlan:
    """Return what a unit will do, by its habit."""
    owed = tuple(_owed(campaign, unit, forms, calendar))
    papers = {one.obligation.id: _paper(one, habit, calendar) for one in owed}
    agenda = _agenda(campaign, owed, papers, habit)
    setting = Setting(
        campaign=campaign,
        unit=unit,
        part=habit.part,
        agenda=agenda,
        seed=seed,
        calendar=calendar,
        may_close_whole=_know_whole_closure(forms),
    )
    invented = InventedUnit(
        campaign=campaign, unit=unit, agenda=agenda, enterprises=invent_enterprises(setting), seed=seed
    )
    sent = _without_omissions(papers, habit, agenda)
    stale: tuple[Errand, ...] = ()
    if habit.part is Part.RESENDS:
        sent, stale = _with_last_months_file(sent, agenda, calendar)
    errands = (*stale, *_errands(sent, parts=dice(seed, unit.code, "mails").randint(1, _MOST_MAILS)))
    return UnitPlan(unit=invented, habit=habit, papers=sent, errands=errands, spoiled=_spoiled(invented, habit, sent))


def _owed(campaign: Campaign, unit: Unit, forms: Mapping[str, Form], calendar: WorkCalendar) -> Iterator[_Owed]:
    for milestone in campaign.milestones:
        for term in milestone.terms:
            for obligation in obligations_of(campaign, unit, milestone, term, calendar=calendar):
                if obligation.form in WRITTEN_FORMS & forms.keys() and not obligation.is_paper:
                    yield _Owed(obligation, milestone.kind, term.condition, forms[obligation.form])


def _paper(owed: _Owed, habit: Habit, calendar: WorkCalendar) -> Paper:
    day = habit.filing_day(owed.obligation, owed.kind, calendar=calendar)
    return Paper(
        obligation=owed.obligation,
        form=owed.form,
        filed_on=day,
        corrected_on=calendar.shift(day, habit.corrects_after),
    )


def _agenda(campaign: Campaign, owed: Sequence[_Owed], papers: Mapping[str, Paper], habit: Habit) -> Agenda:
    survey = _first_paper(owed, papers, MilestoneKind.INVENTORY) or _first_paper(owed, papers, MilestoneKind.SUMMARY)
    listed = _first_paper(owed, papers, MilestoneKind.FINAL_LIST)
    due = campaign.closures_due
    reports = _reports(owed, papers, Condition.ALWAYS) or ((period_of(due), due),)
    december = _reports(owed, papers, Condition.OPEN_ITEMS)
    surveyed_from = survey.obligation.opens if survey else campaign.opens
    surveyed_until = min(survey.filed_on, survey.obligation.nominal_due) if survey else due
    return Agenda(
        surveyed_from=surveyed_from,
        surveyed_until=max(surveyed_from, surveyed_until - _BETWEEN_SURVEY_AND_FILING),
        reports=reports,
        december=december[0] if december else None,
        idle=frozenset(period for period, _ in reports[-2:-1]) if habit.part is Part.SILENT else frozenset(),
        listed_on=listed.filed_on if listed else due + _FROM_CLOSURE_TO_LIST,
        closures_due=due,
    )


def _first_paper(owed: Sequence[_Owed], papers: Mapping[str, Paper], kind: MilestoneKind) -> Paper | None:
    return next((papers[one.obligation.id] for one in owed if one.kind is kind), None)


def _reports(owed: Sequence[_Owed], papers: Mapping[str, Paper], condition: Condition) -> tuple[tuple[str, date], ...]:
    """Return the periods of the progress forms, each with the day up to which the form tells."""
    return tuple(
        sorted(
            (one.obligation.period, min(papers[one.obligation.id].filed_on, one.obligation.nominal_due))
            for one in owed
            if one.form.id == "progress" and one.condition is condition and one.obligation.period
        )
    )


def _know_whole_closure(forms: Mapping[str, Form]) -> bool:
    asked = [field for form in forms.values() for field in form.fields if field.name == "measure"]
    return all(not field.choices or WHOLE_CLOSURE in field.choices for field in asked)


def _without_omissions(papers: Mapping[str, Paper], habit: Habit, agenda: Agenda) -> Mapping[str, Paper]:
    """Return the papers that the unit files at all."""
    return {
        obligation: paper
        for obligation, paper in papers.items()
        if not (habit.part is Part.NO_CONTACTS and paper.form.id == "contact")
        and not (paper.form.id == "progress" and paper.obligation.period in agenda.idle)
    }


def _errands(papers: Mapping[str, Paper], *, parts: int) -> Iterator[Errand]:
    def mail(paper: Paper) -> tuple[date, str, str]:
        return paper.filed_on, paper.obligation.milestone, paper.obligation.period or ""

    for (day, _, _), group in groupby(sorted(papers.values(), key=mail), key=mail):
        together = list(group)
        size = -(-len(together) // parts) if together[0].obligation.industry else len(together)
        for start in range(0, len(together), size):
            some = sorted(together[start : start + size], key=lambda paper: paper.form.order)
            yield Errand(day, tuple(some), tuple(paper.obligation.id for paper in some))


def _with_last_months_file(
    papers: Mapping[str, Paper], agenda: Agenda, calendar: WorkCalendar
) -> tuple[Mapping[str, Paper], tuple[Errand, ...]]:
    """Let the second month's form come late, and the first month's come again in its place."""
    months = [period for period, _ in agenda.reports[:2]]
    monthly = [paper for paper in papers.values() if paper.obligation.period in months]
    match monthly:
        case [first, second]:
            pass
        case _:
            return papers, ()
    obligation = second.obligation
    day = within_window(calendar.shift(obligation.due, RIGHT_FILE_AFTER_DUE), obligation, calendar=calendar)
    late = replace(second, filed_on=day, corrected_on=calendar.shift(day, RIGHT_FILE_AFTER_DUE))
    return {**papers, obligation.id: late}, (Errand(second.filed_on, (first,), (obligation.id,)),)


def _spoiled(unit: InventedUnit, habit: Habit, papers: Mapping[str, Paper]) -> str | None:
    """Return the survey summary that a unit gets wrong at first: one that has outdated equipment in it."""
    if habit.part not in {Part.WRONG, Part.CORRECTS_TOO_LATE}:
        return None
    industries = {enterprise.industry.key for enterprise in unit.enterprises if enterprise.outdated}
    possible = [
        obligation
        for obligation, paper in papers.items()
        if paper.form.id == "survey_summary" and paper.obligation.industry in industries
    ]
    return dice(unit.seed, unit.unit.code, "spoiled").choice(possible) if possible else None
