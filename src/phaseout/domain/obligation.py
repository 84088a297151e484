"""An obligation (报送义务): one unit owes one form, for one industry or period, by a due date.

The rows are written when the campaign is opened and never updated: an extension is a row of its own, and where an
obligation stands (办理状态) is a question asked as of an instant, from its row and the submissions that answered it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import CalendarPolicy, Campaign, Condition, Hardness, Milestone, OwedPer, Term, Unit
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption, ExemptionRecord
from phaseout.domain.finding_text import say
from phaseout.errors import UsageError


class UnknownObligation(UsageError):
    """An obligation is asked for that the ledger does not have."""

    def __init__(self, *, obligation: str) -> None:
        self.obligation = obligation
        where = "`phaseout status --json` names each with its form, industry and period"
        super().__init__(f"the ledger has no obligation {obligation}; {where}")


class Standing(StrEnum):
    """Where an obligation stands as of an instant."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    LATE = "late"
    RECEIVED = "received"
    HELD = "held"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    NEVER_FILED = "never_filed"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row of what is owed. *id* is its natural key: campaign, unit, milestone, form, industry or period."""

    id: str
    campaign: str
    unit: str
    milestone: str
    form: str | None  # none for a goal
    industry: str | None
    period: str | None
    opens: date
    nominal_due: date
    due: date
    due_policy: CalendarPolicy  # the rule that kept or moved the date
    reminder_date: date
    closes: date
    hardness: Hardness
    basis: str
    is_paper: bool = False  # of sealed copies (纸质件) that follow a file; the file is an obligation of its own
    moves: int = 0  # how often its due date was moved since it was planned, or it was owed again after an exemption
    exempt: Exemption | None = None  # 免报: by whom and why it is not owed any more

    @property
    def is_expected(self) -> bool:
        """Say whether it counts where filings are counted: not what is owed on paper, nor what one is exempt from."""
        return not self.is_paper and self.exempt is None

    def extended_to(self, due: date, *, times: int, calendar: WorkCalendar) -> "Obligation":
        """Return the obligation as the last extension (延期) leaves it; it stays open until the new due date."""
        return replace(
            self,
            due=due,
            reminder_date=calendar.before(due),
            closes=max(self.closes, due),
            moves=self.moves + times,
        )

    def open_until(self, day: date) -> "Obligation":
        """Return the obligation as a reopening (重新开放) leaves it: the due date stays, the close date does not."""
        return replace(self, closes=max(self.closes, day))

    def exempted(self, exemptions: Sequence[ExemptionRecord]) -> "Obligation":
        """Return the obligation as its exemptions (免报) leave it, oldest first; owed again, it climbs anew."""
        if not exemptions:
            return self
        last = exemptions[-1]
        ended = sum(not record.holds for record in exemptions)
        return replace(self, exempt=last.exemption if last.holds else None, moves=self.moves + ended)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What standing needs to know of one submission (报送件)."""

    obligation: str
    version: int
    arrived_at: datetime
    decided_at: datetime | None
    decision: Decision | None
    findings: int  # of error or above
    figures: Mapping[str, int]  # counts taken from the rows, such as items and closed


@dataclass(frozen=True, slots=True)
class StandingView:
    """An obligation's standing with what explains it."""

    standing: Standing
    reason: str  # in Chinese, for the board
    arrived_at: datetime | None
    accepted_at: datetime | None
    days_late: int
    versions: int
    open_findings: int
    correction_due: date | None  # 更正期限, while a return waits for its correction
    exempt: Exemption | None = None  # 免报: nobody waits for it

    @property
    def is_owed(self) -> bool:
        """Say whether the unit still has to act."""
        return self.exempt is None and self.standing in {Standing.OPEN, Standing.LATE, Standing.RETURNED}

    def exempted(self, exemption: Exemption) -> "StandingView":
        """Return the view of what a unit is exempt from (免报): neither late nor never filed, whatever the day."""
        if self.standing is Standing.ACCEPTED:
            return replace(self, days_late=0, exempt=exemption)
        is_filed = self.standing not in {Standing.LATE, Standing.NEVER_FILED}
        standing = self.standing if is_filed else Standing.OPEN
        return replace(
            self, standing=standing, reason=exemption.words, days_late=0, correction_due=None, exempt=exemption
        )


def plan_obligations(campaign: Campaign, *, calendar: WorkCalendar) -> tuple[Obligation, ...]:
    """Return every unconditional obligation of the campaign, in unit and milestone order.

    With a later calendar, in which a year's holidays are published, the same rows get their dates anew.
    """
    return tuple(
        obligation
        for unit in campaign.units
        for milestone in campaign.milestones
        for term in milestone.terms
        if term.condition is Condition.ALWAYS
        for obligation in obligations_of(campaign, unit, milestone, term, calendar=calendar)
    )


def obligations_of(
    campaign: Campaign, unit: Unit, milestone: Milestone, term: Term, *, calendar: WorkCalendar
) -> Iterator[Obligation]:
    """Yield what one unit owes for one term of a milestone; nothing if it is not its to owe."""
    if not milestone.is_owed_by(unit):
        return
    due, policy = due_date(milestone, term, calendar=calendar)
    industries = unit.industries if milestone.owed_per is OwedPer.INDUSTRY else (None,)
    for form in milestone.forms or (None,):
        for industry in industries:
            parts = (campaign.id, unit.code, milestone.id, form, industry, term.period)
            owed = Obligation(
                id="/".join(part for part in parts if part),
                campaign=campaign.id,
                unit=unit.code,
                milestone=milestone.id,
                form=form,
                industry=industry,
                period=term.period,
                opens=term.opens,
                nominal_due=term.nominal_due,
                due=due,
                due_policy=policy,
                reminder_date=calendar.before(due),
                closes=max(term.closes, due),
                hardness=milestone.hardness,
                basis=milestone.basis,
            )
            yield owed
            if form is not None and milestone.paper_copies:
                yield paper_of(owed)


PAPER = "/paper"


def paper_of(obligation: Obligation) -> Obligation:
    """Return what is owed on paper (纸质件) beside a file.

    It is soft: that it has come is known only when the office says so, and the office's delay must not accuse a city.
    """
    return replace(obligation, id=obligation.id + PAPER, hardness=Hardness.SOFT, is_paper=True)


def due_date(milestone: Milestone, term: Term, *, calendar: WorkCalendar) -> tuple[date, CalendarPolicy]:
    """Return the day on which a term is due in fact (执行日期), and the policy that kept or moved it there."""
    nominal = term.nominal_due
    policy = milestone.policy_for(calendar.day_off(nominal))
    if policy is CalendarPolicy.ADVANCE:
        return calendar.on_or_before(nominal), policy
    return (calendar.on_or_after(nominal) if policy is CalendarPolicy.DEFER else nominal), policy


def standing_of(
    obligation: Obligation,
    submissions: Sequence[Submitted],
    *,
    calendar: WorkCalendar,
    correction_working_days: int,
    as_of: datetime,
) -> StandingView:
    """Say where *obligation* stands as of an instant, by what had arrived and was decided by then.

    A submission that arrived after the close date is kept and shown as a version, but does not count.
    """
    # Versions are numbered as they are decided; a delivery that lay in quarantine may be older than the one before.
    seen = sorted((s for s in submissions if s.arrived_at <= as_of), key=lambda s: (s.arrived_at, s.version))
    counting = [s for s in seen if day_in_china(s.arrived_at) <= obligation.closes]
    today = day_in_china(as_of)
    if not counting:
        return _not_filed(obligation, today, calendar=calendar, versions=len(seen))
    first, latest = counting[0], counting[-1]
    days_late = calendar.days_late(obligation.due, day_in_china(first.arrived_at))
    accepted = [s for s in counting if s.decision is Decision.ACCEPTED and s.decided_at and s.decided_at <= as_of]
    decided = latest.decision if latest.decided_at and latest.decided_at <= as_of else None
    standing = Standing.ACCEPTED if accepted else _STANDING_AFTER[decided]
    correction_due = None
    if standing is Standing.RETURNED and latest.decided_at is not None:
        correction_due = correction_date(
            day_in_china(latest.decided_at), obligation.due, calendar=calendar, working_days=correction_working_days
        )
    return StandingView(
        standing=standing,
        reason=_reason(standing, days_late=days_late, correction_due=correction_due),
        arrived_at=first.arrived_at,
        accepted_at=accepted[0].decided_at if accepted else None,
        days_late=days_late,
        versions=len(seen),
        open_findings=0 if accepted or decided is None else latest.findings,
        correction_due=correction_due,
    )


_STANDING_AFTER = {
    None: Standing.RECEIVED,
    Decision.ACCEPTED: Standing.ACCEPTED,
    Decision.RETURNED: Standing.RETURNED,
    Decision.HELD: Standing.HELD,
}


def _not_filed(obligation: Obligation, today: date, *, calendar: WorkCalendar, versions: int) -> StandingView:
    if today > obligation.closes:
        standing = Standing.NEVER_FILED
    elif today > obligation.due:
        standing = Standing.LATE
    else:
        standing = Standing.OPEN if today >= obligation.opens else Standing.NOT_OPEN
    days_late = calendar.days_late(obligation.due, min(today, obligation.closes))
    return StandingView(
        standing=standing,
        reason=_reason(standing, days_late=days_late, correction_due=None),
        arrived_at=None,
        accepted_at=None,
        days_late=days_late,
        versions=versions,
        open_findings=0,
        correction_due=None,
    )


def goal_standing(
    obligation: Obligation, progress: Sequence[Submitted], *, calendar: WorkCalendar, as_of: datetime
) -> StandingView:
    """Say where a goal (目标) stands: met when the newest accepted progress form leaves nothing open."""
    today = day_in_china(as_of)
    if today < obligation.opens:
        return _goal(Standing.NOT_OPEN, "尚未开始", 0, None)
    accepted = [s for s in progress if s.decision is Decision.ACCEPTED and s.decided_at and s.decided_at <= as_of]
    # One unit's progress obligations differ in their period alone. The newest period speaks, not the newest mail:
    # September's correction may come after October's form.
    accepted.sort(key=lambda s: (s.obligation, s.version))
    newest = accepted[-1] if accepted else None
    if newest is not None and _open_items(newest) == 0:
        met_by = list(takewhile(lambda s: _open_items(s) == 0, reversed(accepted)))[-1]
        if not newest.figures.get("items"):
            return _goal(Standing.ACCEPTED, "无任务", 0, met_by.decided_at)
        # A form filed after the due date may speak of closures before it: that is no lateness of the goal.
        days_late = calendar.days_late(obligation.due, day_in_china(met_by.arrived_at))
        return _goal(Standing.ACCEPTED, "已全部关停", min(days_late, 0), met_by.decided_at)
    if today <= obligation.due:
        return _goal(Standing.OPEN, "正在推进", calendar.days_late(obligation.due, today), None)
    reason = f"尚有{_open_items(newest)}项未关停" if newest else "未报送进展，无法判定"
    return _goal(Standing.LATE, reason, calendar.days_late(obligation.due, min(today, obligation.closes)), None)


def _open_items(progress: Submitted) -> int:
    return max(progress.figures.get("items", 0) - progress.figures.get("closed", 0), 0)


def _goal(standing: Standing, reason: str, days_late: int, accepted_at: datetime | None) -> StandingView:
    return StandingView(
        standing=standing,
        reason=reason,
        arrived_at=None,
        accepted_at=accepted_at,
        days_late=days_late,
        versions=0,
        open_findings=0,
        correction_due=None,
    )


def correction_date(returned_on: date, due: date, *, calendar: WorkCalendar, working_days: int) -> date:
    """Return the day by which a returned submission is wanted again (更正期限), never before the due date."""
    return max(calendar.shift(returned_on, working_days), due)


def _reason(standing: Standing, *, days_late: int, correction_due: date | None) -> str:
    late = f"逾期{days_late}个工作日" if days_late > 0 else "按期"
    return {
        Standing.NOT_OPEN: "尚未到报送时间",
        Standing.OPEN: "报送期内，尚未报送",
        Standing.LATE: f"未报送，已{late}",
        Standing.RECEIVED: f"{late}报送，待审核",
        Standing.HELD: f"{late}报送，待人工核定",
        Standing.RETURNED: f"{late}报送，已退回，更正期限{say(correction_due)}",
        Standing.ACCEPTED: f"{late}报送，审核通过",
        Standing.NEVER_FILED: "报送关闭日前始终未报",
    }[standing]


def standings(
    obligations: Sequence[Obligation],
    submissions: Mapping[str, Sequence[Submitted]],
    *,
    calendar: WorkCalendar,
    correction_working_days: int,
    as_of: datetime,
) -> dict[str, StandingView]:
    """Say where each obligation stands as of an instant; goals from the progress forms of their unit."""
    progress: dict[str, list[Submitted]] = {}
    for obligation in obligations:
        # The periodic form is the one that tells how closures stand; its paper says nothing of its own.
        if obligation.period is not None and not obligation.is_paper:
            progress.setdefault(obligation.unit, []).extend(submissions.get(obligation.id, ()))
    views = {
        obligation.id: goal_standing(obligation, progress.get(obligation.unit, ()), calendar=calendar, as_of=as_of)
        if obligation.form is None
        else standing_of(
            obligation,
            submissions.get(obligation.id, ()),
            calendar=calendar,
            correction_working_days=correction_working_days,
            as_of=as_of,
        )
        for obligation in obligations
    }
    for obligation in obligations:
        if obligation.exempt is not None and obligation.exempt.at <= as_of:
            views[obligation.id] = views[obligation.id].exempted(obligation.exempt)
    return views
