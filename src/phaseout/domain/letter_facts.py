"""What a letter says of obligations (函件事项), as plain facts for its template."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Campaign, Hardness
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import Line
from phaseout.domain.form import Form
from phaseout.domain.obligation import Obligation, Submitted
from phaseout.domain.replanning import Moved

Facts = dict[str, object]


def line_facts(lines: Sequence[Line], *, campaign: Campaign, forms: Mapping[str, Form]) -> list[Facts]:
    """Return what a letter says of its lines; the industries of one form and day are one line.

    A return that waits for its correction is a line of its own, even where it is wanted on the due date itself.
    """
    facts: dict[tuple[object, ...], Facts] = {}
    for line in lines:
        is_correction = line.view.correction_due is not None
        own = _of_line(line)
        key = (*_matter(line.obligation), line.due, line.letter, is_correction)
        _gather(facts, key, line.obligation, own, campaign=campaign, forms=forms)
    return sorted(facts.values(), key=lambda fact: (str(fact["due"]), str(fact["milestone_title"])))


def filed_facts(lines: Sequence[Line], *, campaign: Campaign, forms: Mapping[str, Form]) -> list[Facts]:
    """Return what was filed and when; the industries of one form that came and were accepted together are one line."""
    facts: dict[tuple[object, ...], Facts] = {}
    for line in lines:
        if line.obligation.form is not None:
            own: Facts = {"filed_on": _day(line.view.arrived_at), "accepted_on": _day(line.view.accepted_at)}
            key = (*_matter(line.obligation), *own.values())
            _gather(facts, key, line.obligation, own, campaign=campaign, forms=forms)
    return list(facts.values())


def moved_facts(moved: Sequence[Moved], *, campaign: Campaign, forms: Mapping[str, Form]) -> list[Facts]:
    """Return what is due another day; the industries of one form that moved from one day to another are one line."""
    facts: dict[tuple[object, ...], Facts] = {}
    for one in moved:
        own: Facts = {"due_before": one.was.due, "is_correction": False, "correction_due": None}
        key = (*_matter(one.becomes), one.was.due, one.becomes.due)
        _gather(facts, key, one.becomes, own, campaign=campaign, forms=forms)
    return list(facts.values())


def _matter(obligation: Obligation) -> tuple[object, ...]:
    return obligation.milestone, obligation.form, obligation.period, obligation.is_paper


def _gather(
    facts: dict[tuple[object, ...], Facts],
    key: tuple[object, ...],
    obligation: Obligation,
    own: Facts,
    *,
    campaign: Campaign,
    forms: Mapping[str, Form],
) -> None:
    """Add an obligation to the line of its kind: its industry joins those that are there."""
    if key not in facts:
        facts[key] = obligation_facts(obligation, campaign=campaign, forms=forms) | own
    elif obligation.industry:
        names = facts[key]["industries"]
        assert isinstance(names, list)  # noqa: S101  made by obligation_facts
        names.append(campaign.industry(obligation.industry).name)


def _of_line(line: Line) -> Facts:
    return {
        "letter": line.letter.value,
        "days_late": line.days_late,
        "is_correction": line.view.correction_due is not None,
        "correction_due": line.view.correction_due,
    }


def obligation_facts(obligation: Obligation, *, campaign: Campaign, forms: Mapping[str, Form]) -> Facts:
    """Return what a letter says of one obligation."""
    milestone = campaign.milestone(obligation.milestone)
    form = forms[obligation.form] if obligation.form else None
    return {
        "milestone_title": milestone.title,
        "form_title": form.title if form else None,  # a goal has none
        "form_number": form.number if form else None,
        "allows_zero": bool(form and form.allows_zero),
        "is_paper": obligation.is_paper,
        "paper_copies": milestone.paper_copies,
        "period": obligation.period,
        "industries": [campaign.industry(obligation.industry).name] if obligation.industry else [],
        "opens": obligation.opens,
        "nominal_due": obligation.nominal_due,
        "due": obligation.due,
        "closes": obligation.closes,
        "is_soft": obligation.hardness is Hardness.SOFT,
        "basis": obligation.basis,
    }


def closure_facts(
    own: Iterable[Obligation], submitted: Mapping[str, Sequence[Submitted]]
) -> dict[str, int | str] | None:
    """Return how a unit's closures stand by its newest accepted periodic form; None without one."""
    accepted = [
        (obligation.period, one.version, one.figures)
        for obligation in own
        if obligation.period and not obligation.is_paper
        for one in submitted.get(obligation.id, ())
        if one.decision is Decision.ACCEPTED and "closed" in one.figures
    ]
    if not accepted:
        return None
    period, _, figures = max(accepted, key=lambda one: one[:2])
    return {"period": period} | {key: figures.get(key, 0) for key in ("items", "sets", "closed", "sealed")}


def _day(moment: datetime | None) -> date | None:
    return day_in_china(moment) if moment else None
