"""Collect (收件): archive and record what waits in mailbox and inbox folders, before anything reads it."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from phaseout.domain.submission import Arrival, Delivery
from phaseout.errors import OperatorError
from phaseout.ports import Archive, Intake, Ledger, NotFetched

BATCH = 50  # arrivals recorded in one transaction; what a crash makes us read again


def collect(*, as_of: datetime, intakes: Sequence[Intake], archive: Archive, ledger: Ledger) -> int:
    """Take in every new arrival; return how many there were.

    A place that cannot be read does not keep the others waiting: its error is raised when they are done.
    """
    new = 0
    faults: list[OperatorError] = []
    for intake in intakes:
        try:
            new += _collect_from(intake, as_of=as_of, archive=archive, ledger=ledger)
        except OperatorError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return new


def _collect_from(intake: Intake, *, as_of: datetime, archive: Archive, ledger: Ledger) -> int:
    arrivals = intake.waiting()
    unknown = frozenset(ledger.unknown(intake.channel, [arrival.ref for arrival in arrivals]))
    new = 0
    for start in range(0, len(arrivals), BATCH):
        some = arrivals[start : start + BATCH]
        known = [arrival.ref for arrival in some if arrival.ref not in unknown]
        deliveries: list[Delivery] = []
        try:
            for arrival, raw in _contents(intake, [arrival for arrival in some if arrival.ref in unknown]):
                deliveries.append(_delivery(intake, arrival, archive.put(raw), as_of=as_of))
        finally:  # a line that is cut costs the mail at which it was cut, and none before it
            new += ledger.record_deliveries(deliveries)
        # Also what was known: a crash may have come between recording and moving.
        for ref in (*known, *(delivery.ref for delivery in deliveries)):
            intake.archived(ref)
    return new


def _contents(intake: Intake, arrivals: Sequence[Arrival]) -> Iterator[tuple[Arrival, bytes]]:
    for arrival in arrivals:
        # One that cannot be had waits for the next pass; those behind it do not wait for it.
        with suppress(NotFetched):
            raw = intake.read(arrival.ref)
            if raw is not None:  # what is gone while we looked a clerk moved, and will tell
                yield arrival, raw


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
