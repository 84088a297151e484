"""Deliver (发件): send what waits in the outbox (待发箱), each letter once."""

from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.letter import DispatchOutcome, LetterRecord
from phaseout.ports import Archive, Ledger, Outgoing, Sender

# One: nobody knows of a letter that was claimed by a process that died whether it left, and a person must ask.
CLAIMED_AT_ONCE = 1
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
        while records := ledger.claim(as_of=as_of, limit=CLAIMED_AT_ONCE):
            for record in records:
                outcome = _send(record, as_of=as_of, ledger=ledger, archive=archive, outgoing=outgoing, sender=sender)
                sent += outcome in LEFT
                failed += outcome not in LEFT
                if outcome in STOPS_THE_QUEUE:
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


def copy_name(record: LetterRecord) -> str:
    """Return the name of a letter's copy in `outgoing/`: day, number, unit and kind."""
    letter = record.letter
    day = letter.created_at.astimezone(CHINA).date().isoformat()
    return f"{day}-{record.id:06d}-{letter.unit}-{letter.kind}.eml"
