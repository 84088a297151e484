"""A campaign year of invented units (回放): what each one sends to the office, and when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from phaseout.domain.calendar import CHINA, WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.form import Form
from phaseout.domain.invented.flaws import with_blank, with_wrong_figures
from phaseout.domain.invented.habits import Part, draw_habits
from phaseout.domain.invented.plan import Errand, UnitPlan, plan_unit
from phaseout.domain.invented.values import InventedMail, InventedWorkbook
from phaseout.domain.invented.workbooks import Paper, title_of, write_workbook
from phaseout.domain.obligation import Obligation, Standing, StandingView

Views = Mapping[str, StandingView]

_FIRST_MAIL = time(10)
_BETWEEN_MAILS = timedelta(minutes=1)
_MAILS_OF_A_UNIT = 4  # places kept for each unit in the order of a day


@dataclass(frozen=True, slots=True)
class _Sending:
    """A mail that is due to be written."""

    plan: UnitPlan
    papers: tuple[Paper, ...]
    version: int  # how many versions the office has had
    note: str = ""


@dataclass(frozen=True, slots=True)
class InventedYear:
    """What invented units do in a campaign year. Ask once for every day, with the standings of that morning."""

    campaign: Campaign
    calendar: WorkCalendar
    plans: tuple[UnitPlan, ...]

    @property
    def parts(self) -> Mapping[str, Part]:
        """The part that each unit plays."""
        return {plan.unit.unit.code: plan.habit.part for plan in self.plans}

    def days(self) -> frozenset[date]:
        """Return the days on which some unit means to file for the first time; corrections come on others too."""
        return frozenset(errand.day for plan in self.plans for errand in plan.errands)

    def may_act_on(self, day: date, *, views: Views, obligations: Sequence[Obligation]) -> bool:
        """Say whether some unit sends a mail on *day*, without writing it."""
        return any(True for _ in self._sendings(day, views, obligations))

    def mails_on(self, day: date, *, views: Views, obligations: Sequence[Obligation]) -> tuple[InventedMail, ...]:
        """Return the mails of *day*; *views* are the standings by obligation as of its morning."""
        sent: dict[str, int] = {}
        mails = []
        for sending in self._sendings(day, views, obligations):
            unit = sending.plan.unit.unit.code
            sent[unit] = sent.get(unit, -1) + 1
            mails.append(self._mail(sending, day, number=sent[unit]))
        return tuple(mails)

    def _sendings(self, day: date, views: Views, obligations: Sequence[Obligation]) -> Iterator[_Sending]:
        owed = {obligation.id for obligation in obligations if obligation.opens <= day <= obligation.closes}
        is_working_day = self.calendar.is_working_day(day)
        for plan in self.plans:
            for errand in plan.errands:
                if errand.day == day:
                    yield from _first_filing(plan, errand, views, owed)
            if is_working_day:
                yield from _correction(plan, day, views, owed, self.calendar)

    def _mail(self, sending: _Sending, day: date, *, number: int) -> InventedMail:
        plan = sending.plan
        workbooks = tuple(_workbook(plan, paper, version=sending.version) for paper in sending.papers)
        place = self.campaign.units.index(plan.unit.unit) * _MAILS_OF_A_UNIT + number
        return InventedMail(
            unit=plan.unit.unit.code,
            at=datetime.combine(day, _FIRST_MAIL, CHINA) + place * _BETWEEN_MAILS,
            subject=_subject(sending),
            text=_text(sending),
            workbooks=workbooks,
            note="; ".join(note for note in (sending.note, *[workbook.note for workbook in workbooks]) if note),
        )


def invent_year(campaign: Campaign, forms: Mapping[str, Form], *, calendar: WorkCalendar, seed: int) -> InventedYear:
    """Return the year of a campaign's units: same campaign, forms and seed, same mails."""
    habits = draw_habits(campaign, seed=seed)
    return InventedYear(
        campaign=campaign,
        calendar=calendar,
        plans=tuple(
            plan_unit(campaign, unit, habits[unit.code], forms, calendar=calendar, seed=seed) for unit in campaign.units
        ),
    )


def _first_filing(plan: UnitPlan, errand: Errand, views: Views, owed: Collection[str]) -> Iterator[_Sending]:
    papers = tuple(
        paper
        for paper, answer in zip(errand.papers, errand.answers, strict=True)
        if answer in owed and not _has_arrived(views.get(answer))
    )
    if papers:
        is_stale = papers[0].obligation.id not in errand.answers
        yield _Sending(plan, papers, version=0, note="last month's file again" if is_stale else "")


def _correction(
    plan: UnitPlan, day: date, views: Views, owed: Collection[str], calendar: WorkCalendar
) -> Iterator[_Sending]:
    papers = tuple(
        paper
        for obligation, paper in plan.papers.items()
        if obligation in owed and _is_to_correct(views.get(obligation), plan, day, calendar)
    )
    if papers:
        yield _Sending(plan, papers, version=1)


def _has_arrived(view: StandingView | None) -> bool:
    return view is not None and view.versions > 0


def _is_to_correct(view: StandingView | None, plan: UnitPlan, day: date, calendar: WorkCalendar) -> bool:
    """Say whether the day for a correction has come; a unit corrects once and then waits to be called."""
    if view is None or view.standing is not Standing.RETURNED or view.versions != 1 or view.arrived_at is None:
        return False
    return day >= calendar.shift(day_in_china(view.arrived_at), plan.habit.corrects_after)


def _workbook(plan: UnitPlan, paper: Paper, *, version: int) -> InventedWorkbook:
    workbook = write_workbook(paper, plan.unit, version=version)
    if version or paper.obligation.id != plan.spoiled:
        return workbook
    if plan.habit.part is Part.WRONG:
        return with_wrong_figures(workbook, closures_due=plan.unit.campaign.closures_due)
    return with_blank(workbook, "is_outdated")


def _subject(sending: _Sending) -> str:
    unit = sending.plan.unit
    first, *others = [title_of(paper, unit.campaign) for paper in sending.papers]
    many = f"等{len(sending.papers)}份报表" if others else ""
    return f"{unit.unit.name}{'更正' if sending.version else '报送'}{first}{many}"


def _text(sending: _Sending) -> str:
    unit = sending.plan.unit
    titles = [title_of(paper, unit.campaign) for paper in sending.papers]
    listed = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, start=1))
    lead = "根据退回意见，现将更正后的报表重新报送如下" if sending.version else "现将有关报表报送如下"
    office = unit.campaign.office
    return f"{office.body}{office.desk}：\n\n{lead}，请审阅。\n{listed}\n\n{unit.unit.body}\n（示例单位，回放用）\n"
