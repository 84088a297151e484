"""Assess (批次审核): read, check and decide what was collected, and answer it; one batch, one ledger transaction.

Workbooks of one batch are checked in waves: 表2 before 表3, 表4 before 表5, an older version before a newer one.
Each wave sees what the waves before it left accepted, inside one warehouse transaction. The ledger is written first;
if the warehouse does not follow, the next start catches it up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from phaseout.domain.bounce import NamedBounce
from phaseout.domain.deadline import settled_of
from phaseout.domain.decision import Decision
from phaseout.domain.happened import Handled
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import StandingView
from phaseout.domain.submission import Delivery, Outcome
from phaseout.ports import Assessment
from phaseout.usecases.assess.answering import Answer, Part, answer, views_after
from phaseout.usecases.assess.checking import Judged, check_in_waves
from phaseout.usecases.assess.filing import contacts_of, submission_of
from phaseout.usecases.assess.holding import Hold
from phaseout.usecases.assess.mail_preview import answer_previews
from phaseout.usecases.assess.notices import notices
from phaseout.usecases.assess.opening import Opened, open_deliveries
from phaseout.usecases.assess.registering import Registered, register
from phaseout.usecases.assess.taking import Refused, Taken, take
from phaseout.usecases.assess.telling import handled, previewed
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
    handled: tuple[Handled, ...] = field(default=(), compare=False)  # each of them, for people

    def __add__(self, other: "Assessed") -> "Assessed":
        return Assessed(
            self.deliveries + other.deliveries,
            self.accepted + other.accepted,
            self.returned + other.returned,
            self.refused + other.refused,
            self.quarantined + other.quarantined,
            self.handled + other.handled,
        )


def assess(
    *,
    as_of: datetime,
    tools: Tools,
    tell: Callable[[int], None] = lambda _: None,
    clock: Callable[[], float] = monotonic,
) -> Assessed:
    """Settle every delivery that has no outcome yet; *tell* hears after each batch how many are.

    One process at a time does this, on whatever machine; *clock* measures how long it has held on to it.

    Raises:
        LeaseLost: another process has taken it over; the batch that was under way is left to that one.
    """
    total = Assessed()
    if not tools.ledger.pending(limit=1):
        return total
    with tools.ledger.lease("assess", as_of=as_of) as lease:
        if lease is None:
            return total
        hold = Hold(lease=lease, ledger=tools.ledger, as_of=as_of, clock=clock)
        tools.catch_up()
        while deliveries := tools.ledger.pending(limit=BATCH):
            hold.go_on()
            total += _assess_batch(deliveries, hold, as_of=as_of, tools=tools)
            tell(total.deliveries)
    return total


def _assess_batch(deliveries: Sequence[Delivery], hold: Hold, *, as_of: datetime, tools: Tools) -> Assessed:
    campaigns = open_campaigns(tools, as_of=as_of)
    everything = open_deliveries(deliveries, campaigns, tools=tools)
    opened = [one for one in everything if not one.is_preview]
    done = _file(opened, campaigns, hold, as_of=as_of, tools=tools) if opened else Assessed()
    asked = [one for one in everything if one.is_preview]
    answer_previews(asked, campaigns, hold, most_rows=BATCH_ROWS, tools=tools, as_of=as_of)
    return done + Assessed(deliveries=len(asked), handled=previewed(asked))


def _file(
    opened: Sequence[Opened], campaigns: Sequence[OpenCampaign], hold: Hold, *, as_of: datetime, tools: Tools
) -> Assessed:
    parts = take(opened, most_rows=BATCH_ROWS, tools=tools, go_on=hold.go_on)
    everything = [one for one in opened if one.delivery.id in parts]
    taken = [part for of_delivery in parts.values() for part in of_delivery if isinstance(part, Taken)]
    with tools.warehouse.batch():
        judged = {one.taken.submission: one for one in check_in_waves(taken, tools=tools, as_of=as_of)}
        settled: dict[str, list[Part]] = {
            delivery: [judged[part.submission] if isinstance(part, Taken) else part for part in of_delivery]
            for delivery, of_delivery in parts.items()
        }
        registered = register(everything, settled, tools=tools)
        answers = _answers(everything, settled, registered, list(judged.values()), campaigns, tools=tools, as_of=as_of)
        told = notices(everything, campaigns, tools=tools, as_of=as_of)
        assessment = _assessment(everything, list(judged.values()), answers, told, as_of=as_of)
        evidence = tuple(one for own in registered.values() for one in own.evidence)
        hold.record(replace(assessment, evidence=evidence))
        tools.warehouse.commit()
    told_of = handled(everything, list(judged.values()), assessment.outcomes)
    return replace(_count(settled.values(), everything), handled=told_of)


def _answers(
    everything: Sequence[Opened],
    settled: Mapping[str, Sequence[Part]],
    registered: Mapping[str, Registered],
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
    met = settled_of(views)
    facts = {delivery: one.facts for delivery, one in registered.items()}
    return {
        opened.delivery.id: answer(
            opened,
            settled[opened.delivery.id],
            views,
            settled=met,
            evidence=facts.get(opened.delivery.id),
            tools=tools,
            as_of=as_of,
        )
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
        submissions=tuple(submission_of(one, as_of=as_of) for one in judged),
        letters=(*(one.letter for one in answers.values()), *told),
        contacts=tuple(contact for one in judged for contact in contacts_of(one)),
        explanations=tuple(explanation for one in judged for explanation in one.explained),
        message_ids={opened.delivery.id: opened.message_id for opened in everything if opened.message_id},
        bounces=tuple(
            NamedBounce(opened.delivery.id, bounce.recipient, bounce.status, bounce.letter)
            for opened in everything
            for bounce in opened.bounces
            if bounce.letter
        ),
    )


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
