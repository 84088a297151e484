"""Says of each delivery what a pass made of it (办理情况), for those who look at its run."""

from collections.abc import Mapping, Sequence

from phaseout.domain.deadline import period_words
from phaseout.domain.happened import Handled, HandledForm, trouble_of
from phaseout.domain.submission import Outcome
from phaseout.usecases.assess.checking import Judged
from phaseout.usecases.assess.mail_preview import PREVIEWED
from phaseout.usecases.assess.opening import Opened


def handled(
    everything: Sequence[Opened], judged: Sequence[Judged], outcomes: Mapping[str, tuple[Outcome, str]]
) -> tuple[Handled, ...]:
    """Return what became of deliveries."""
    forms: dict[str, list[Judged]] = {}
    for one in judged:
        forms.setdefault(one.taken.opened.delivery.id, []).append(one)
    return tuple(
        _handled(opened, forms.get(opened.delivery.id, ()), outcomes[opened.delivery.id])
        for opened in everything
        if opened.delivery.id in outcomes
    )


def previewed(everything: Sequence[Opened]) -> tuple[Handled, ...]:
    """Return deliveries that were only looked at."""
    return tuple(_handled(opened, (), PREVIEWED) for opened in everything)


def _handled(opened: Opened, forms: Sequence[Judged], outcome: tuple[Outcome, str]) -> Handled:
    sender = opened.senders[0] if opened.senders else None
    within = forms[0].taken.within if forms else (sender.within if sender else None)
    return Handled(
        delivery=opened.delivery.id,
        campaign=within.campaign.id if within else None,
        unit=sender.unit.code if sender else opened.delivery.unit,
        unit_name=sender.unit.name if sender else "",
        name=opened.delivery.file_name or opened.subject,
        arrived_at=opened.delivery.arrived_at,
        outcome=outcome[0],
        reason=outcome[1],
        forms=tuple(_form(one) for one in forms),
    )


def _form(judged: Judged) -> HandledForm:
    taken = judged.taken
    industry = f"（{taken.within.campaign.industry(taken.answers.industry).name}）" if taken.answers.industry else ""
    return HandledForm(
        submission=taken.submission,
        title=f"《{taken.form.title}》{industry}{period_words(taken.answers.period)}",
        version=taken.version,
        decision=judged.decision,
        trouble=trouble_of(judged.findings),
    )
