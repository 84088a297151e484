"""What a letter says of obligations (函件事项), as plain facts for its template."""

from collections.abc import Mapping, Sequence

from phaseout.domain.campaign import Campaign
from phaseout.domain.escalation import Line
from phaseout.domain.form import Form
from phaseout.domain.obligation import Obligation


def line_facts(lines: Sequence[Line], *, campaign: Campaign, forms: Mapping[str, Form]) -> list[dict[str, object]]:
    """Return what a letter says of its lines; the industries of one form and day are one line.

    A return that waits for its correction is a line of its own, even where it is wanted on the due date itself.
    """
    facts: dict[tuple[object, ...], dict[str, object]] = {}
    for line in lines:
        obligation = line.obligation
        is_correction = line.view.correction_due is not None
        key = (obligation.milestone, obligation.form, obligation.period, line.due, line.letter, is_correction)
        fact = facts.setdefault(key, obligation_facts(obligation, campaign=campaign, forms=forms) | _of_line(line))
        if obligation.industry:
            industries = fact["industries"]
            assert isinstance(industries, list)  # noqa: S101  made two lines above
            industries.append(campaign.industry(obligation.industry).name)
    return sorted(facts.values(), key=lambda fact: (str(fact["due"]), str(fact["milestone_title"])))


def _of_line(line: Line) -> dict[str, object]:
    return {
        "letter": line.letter.value,
        "days_late": line.days_late,
        "is_correction": line.view.correction_due is not None,
        "correction_due": line.view.correction_due,
    }


def obligation_facts(obligation: Obligation, *, campaign: Campaign, forms: Mapping[str, Form]) -> dict[str, object]:
    """Return what a letter says of one obligation."""
    milestone = campaign.milestone(obligation.milestone)
    form = forms[obligation.form] if obligation.form else None
    return {
        "milestone_title": milestone.title,
        "form_title": form.title if form else milestone.title,
        "form_number": form.number if form else None,
        "allows_zero": bool(form and form.allows_zero),
        "period": obligation.period,
        "industries": [],
        "opens": obligation.opens,
        "nominal_due": obligation.nominal_due,
        "due": obligation.due,
        "closes": obligation.closes,
        "is_soft": milestone.hardness.value == "soft",
        "basis": obligation.basis,
    }
