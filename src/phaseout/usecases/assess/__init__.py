"""Assess (批次审核): read, check and decide what was collected, and answer it; one batch, one ledger transaction.

Workbooks of one batch are checked in waves: 表2 before 表3, 表4 before 表5, an older version before a newer one.
Each wave sees what the waves before it left accepted, inside one warehouse transaction. The ledger is written first;
if the warehouse does not follow, the next start catches it up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.decision import Decision
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import StandingView
from phaseout.domain.submission import Delivery, Outcome, Submission
from phaseout.ports import Assessment, Contact
from phaseout.usecases.assess.answering import Answer, Part, answer, views_after
from phaseout.usecases.assess.checking import Judged, check_in_waves
from phaseout.usecases.assess.notices import notices
from phaseout.usecases.assess.opening import Opened, open_deliveries
from phaseout.usecases.assess.taking import Refused, Taken, take
from phaseout.usecases.assess.tools import OpenCampaign, Tools, open_campaigns

__all__ = ["Assessed", "Tools", "assess"]

BATCH = 1000  # deliveries in one batch at most
BATCH_ROWS = 50_000  # and rows: a rule costs the same for one row as for thousands


@dataclass(frozen=True, slots=True)
class Assessed:
    """What one pass settled: deliveries, and their workbooks by decision."""

    deliveries: int = 0
    accepted: int = 0
    returned: int = 0
    refused: int = 0
    quarantined: int = 0  # deliveries

    def __add__(self, other: "Assessed") -> "Assessed":
        return Assessed(
            self.deliveries + other.deliveries,
            self.accepted + other.accepted,
            self.returned + other.returned,
            self.refused + other.refused,
            self.quarantined + other.quarantined,
        )


def assess(*, as_of: datetime, tools: Tools) -> Assessed:
    """Settle every delivery that has no outcome yet."""
    total = Assessed()
    if not tools.ledger.pending(limit=1):
        return total
    with tools.ledger.lease("assess", as_of=as_of) as is_mine:
        if not is_mine:
            return total
        tools.catch_up()
        while deliveries := tools.ledger.pending(limit=BATCH):
            total += _assess_batch(deliveries, as_of=as_of, tools=tools)
    return total


def _assess_batch(deliveries: Sequence[Delivery], *, as_of: datetime, tools: Tools) -> Assessed:
    campaigns = open_campaigns(tools, as_of=as_of)
    opened = open_deliveries(deliveries, campaigns, tools=tools)
    parts = take(opened, most_rows=BATCH_ROWS, tools=tools)
    everything = [one for one in opened if one.delivery.id in parts]
    taken = [part for of_delivery in parts.values() for part in of_delivery if isinstance(part, Taken)]
    with tools.warehouse.batch():
        judged = {one.taken.submission: one for one in check_in_waves(taken, tools=tools, as_of=as_of)}
        settled: dict[str, list[Part]] = {
            delivery: [judged[part.submission] if isinstance(part, Taken) else part for part in of_delivery]
            for delivery, of_delivery in parts.items()
        }
        answers = _answers(everything, settled, list(judged.values()), campaigns, tools=tools, as_of=as_of)
        told = notices(everything, campaigns, tools=tools, as_of=as_of)
        tools.ledger.record(_assessment(everything, list(judged.values()), answers, told, as_of=as_of))
        tools.warehouse.commit()
    return _count(settled.values(), everything)


def _answers(
    everything: Sequence[Opened],
    settled: Mapping[str, Sequence[Part]],
    judged: Sequence[Judged],
    campaigns: Sequence[OpenCampaign],
    *,
    tools: Tools,
    as_of: datetime,
) -> dict[str, Answer]:
    views: dict[str, StandingView] = {}
    for within in campaigns:
        own = [one for one in judged if one.taken.within is within]
        views |= views_after(within, own, tools=tools, as_of=as_of)
    return {
        opened.delivery.id: answer(opened, settled[opened.delivery.id], views, tools=tools, as_of=as_of)
        for opened in everything
        if settled[opened.delivery.id]
    }


def _assessment(
    everything: Sequence[Opened],
    judged: Sequence[Judged],
    answers: Mapping[str, Answer],
    told: Sequence[Letter],
    *,
    as_of: datetime,
) -> Assessment:
    outcomes = {opened.delivery.id: opened.settled for opened in everything if opened.settled}
    outcomes |= {delivery: (one.outcome, one.reason) for delivery, one in answers.items()}
    return Assessment(
        outcomes=outcomes,
        senders={
            opened.delivery.id: (
                opened.address,
                opened.subject,
                opened.senders[0].unit.code if opened.senders else opened.delivery.unit,
            )
            for opened in everything
        },
        submissions=tuple(_submission(one, as_of=as_of) for one in judged),
        letters=(*(one.letter for one in answers.values()), *told),
        contacts=tuple(contact for one in judged for contact in _contacts(one)),
        explanations=tuple(explanation for one in judged for explanation in one.explained),
        message_ids={opened.delivery.id: opened.message_id for opened in everything if opened.message_id},
    )


def _submission(judged: Judged, *, as_of: datetime) -> Submission:
    taken = judged.taken
    return Submission(
        id=taken.submission,
        obligation=taken.answers.obligation.id,
        delivery=taken.opened.delivery.id,
        sha256=taken.sha256,
        file_name=taken.attachment.name,
        form=taken.form.id,
        unit=taken.answers.unit.code,
        industry=taken.answers.industry,
        period=taken.answers.period,
        version=taken.version,
        arrived_at=taken.opened.delivery.arrived_at,
        is_zero=taken.reading.is_zero,
        decision=judged.decision,
        decided_at=as_of,
        figures=judged.figures,
        findings=judged.findings,
        check_figure=judged.check_figure,
    )


def _contacts(judged: Judged) -> list[Contact]:
    """Return the person whom an accepted contact form names; from then on letters go to that address."""
    taken = judged.taken
    if judged.decision is not Decision.ACCEPTED:
        return []
    named = [row.values for row in taken.reading.rows if row.values.get("email") and row.values.get("contact_name")]
    return [
        Contact(
            campaign=taken.within.campaign.id,
            unit=taken.answers.unit.code,
            role="contact",
            name=str(values["contact_name"]),
            address=str(values["email"]),
            phone=str(values.get("mobile") or values.get("office_phone") or ""),
            valid_from=taken.opened.delivery.arrived_at,
        )
        for values in named[:1]
    ]


def _count(settled: Iterable[Sequence[Part]], everything: Sequence[Opened]) -> Assessed:
    deliveries = list(settled)
    parts = [part for of_delivery in deliveries for part in of_delivery]
    decisions = [part.decision for part in parts if isinstance(part, Judged)]
    return Assessed(
        deliveries=len(deliveries),
        accepted=decisions.count(Decision.ACCEPTED),
        returned=decisions.count(Decision.RETURNED),
        refused=sum(isinstance(part, Refused) for part in parts),
        quarantined=sum(one.settled is not None and one.settled[0] is Outcome.QUARANTINED for one in everything),
    )
