"""Collect (收件): archive and record what waits in mailbox and inbox folders, before anything reads it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from phaseout.domain.submission import Arrival, Delivery
from phaseout.ports import Archive, Intake, Ledger

BATCH = 50  # arrivals recorded in one transaction; what a crash makes us read again


def collect(*, as_of: datetime, intakes: Sequence[Intake], archive: Archive, ledger: Ledger) -> int:
    """Take in every new arrival; return how many there were."""
    return sum(_collect_from(intake, as_of=as_of, archive=archive, ledger=ledger) for intake in intakes)


def _collect_from(intake: Intake, *, as_of: datetime, archive: Archive, ledger: Ledger) -> int:
    arrivals = intake.waiting()
    unknown = frozenset(ledger.unknown(intake.channel, [arrival.ref for arrival in arrivals]))
    new = 0
    for start in range(0, len(arrivals), BATCH):
        some = arrivals[start : start + BATCH]
        known = [arrival.ref for arrival in some if arrival.ref not in unknown]
        deliveries = [
            _delivery(intake, arrival, archive.put(raw), as_of=as_of)
            for arrival in some
            if arrival.ref in unknown and (raw := intake.read(arrival.ref)) is not None
        ]  # what is gone while we looked a clerk moved, and will tell
        new += ledger.record_deliveries(deliveries)
        # Also what was known: a crash may have come between recording and moving.
        for ref in (*known, *(delivery.ref for delivery in deliveries)):
            intake.archived(ref)
    return new


def _delivery(intake: Intake, arrival: Arrival, sha256: str, *, as_of: datetime) -> Delivery:
    name = f"{intake.channel}\n{arrival.ref}\n{sha256}"
    return Delivery(
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        sha256=sha256,
        channel=intake.channel,
        ref=arrival.ref,
        # Never later than collection: a mailbox whose clock is ahead must not make anybody late.
        arrived_at=min(arrival.arrived_at or as_of, as_of),
        collected_at=as_of,
        unit=arrival.unit,
        file_name=arrival.file_name,
    )
