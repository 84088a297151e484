"""Deliver (发件): send what waits in the outbox (待发箱), each letter once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.letter import DispatchOutcome, LetterRecord
from phaseout.ports import Archive, Ledger, Outgoing, Sender

BATCH = 100
# Repeated failures of these kinds lock a mail account: the whole queue pauses.
STOPS_THE_QUEUE = frozenset({DispatchOutcome.AUTH, DispatchOutcome.CONFIG})
LEFT = frozenset({DispatchOutcome.SENT, DispatchOutcome.FILED})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one pass sent."""

    sent: int
    failed: int
    withdrawn: int


def deliver(*, as_of: datetime, ledger: Ledger, archive: Archive, outgoing: Outgoing, sender: Sender) -> Delivered:
    """Send every queued letter that is due; a reminder of a day gone by is withdrawn, not sent."""
    withdrawn = ledger.withdraw_before(day_in_china(as_of))
    sent = failed = 0
    try:
        while records := ledger.claim(as_of=as_of, limit=BATCH):
            for position, record in enumerate(records):
                outcome = _send(record, as_of=as_of, ledger=ledger, archive=archive, outgoing=outgoing, sender=sender)
                sent += outcome in LEFT
                failed += outcome not in LEFT
                if outcome in STOPS_THE_QUEUE:
                    _give_back(records[position + 1 :], ledger=ledger, as_of=as_of)
                    return Delivered(sent, failed, withdrawn)
    finally:
        sender.close()
    return Delivered(sent, failed, withdrawn)


def _send(
    record: LetterRecord, *, as_of: datetime, ledger: Ledger, archive: Archive, outgoing: Outgoing, sender: Sender
) -> DispatchOutcome:
    letter = record.letter
    raw = archive.get(letter.raw_sha256)
    outgoing.keep(copy_name(record), raw)
    outcome, words = sender.send([letter.recipient, *letter.copy_to], raw)
    ledger.settle(record.id, outcome, words, as_of=as_of)
    return outcome


def _give_back(records: Sequence[LetterRecord], *, ledger: Ledger, as_of: datetime) -> None:
    for record in records:
        ledger.settle(record.id, DispatchOutcome.CONFIG, "the queue was stopped before this letter", as_of=as_of)


def copy_name(record: LetterRecord) -> str:
    """Return the name of a letter's copy in `outgoing/`: day, number, unit and kind."""
    letter = record.letter
    day = letter.created_at.astimezone(CHINA).date().isoformat()
    return f"{day}-{record.id:06d}-{letter.unit}-{letter.kind}.eml"
