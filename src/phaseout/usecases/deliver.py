"""Deliver (发件): send what waits in the outbox (待发箱), each letter once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.letter import DispatchOutcome, LetterRecord
from phaseout.domain.sending_terms import ANY_TIME, LONGEST_PASS, STOPS_THE_QUEUE, SendingTerms
from phaseout.ports import Archive, Ledger, Outgoing, Sender

# One: nobody knows of a letter that was claimed by a process that died whether it left.
CLAIMED_AT_ONCE = 1
LEFT = frozenset({DispatchOutcome.SENT, DispatchOutcome.FILED})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one pass sent; *stopped* is what the mail server said when it would have nothing of us."""

    sent: int
    failed: int
    withdrawn: int
    stopped: str = ""


def deliver(
    *,
    as_of: datetime,
    ledger: Ledger,
    archive: Archive,
    outgoing: Outgoing,
    sender: Sender,
    terms: SendingTerms = ANY_TIME,
    clock: Callable[[], float] = monotonic,
) -> Delivered:
    """Send every queued letter that is due and may leave; a reminder of a day gone by is withdrawn, not sent.

    A pass that lasts leaves the rest to the next one, by *clock*, which measures seconds.
    """
    withdrawn = ledger.withdraw_before(day_in_china(as_of))
    sent = failed = 0
    stopped = ""
    end = clock() + LONGEST_PASS.total_seconds()
    try:
        record = next(iter(ledger.claim(as_of=as_of, limit=CLAIMED_AT_ONCE, terms=terms)), None)
        while record is not None:
            outcome, words = _send(record, archive=archive, outgoing=outgoing, sender=sender)
            sent += outcome in LEFT
            failed += outcome not in LEFT
            if outcome in STOPS_THE_QUEUE or clock() >= end:
                stopped = words if outcome in STOPS_THE_QUEUE else ""
                ledger.settle(record.id, outcome, words, as_of=as_of)
                break
            record = ledger.settle_and_claim(record.id, outcome, words, as_of=as_of, terms=terms)
    finally:
        sender.close()
    return Delivered(sent, failed, withdrawn, stopped)


def _send(record: LetterRecord, *, archive: Archive, outgoing: Outgoing, sender: Sender) -> tuple[DispatchOutcome, str]:
    letter = record.letter
    raw = archive.get(letter.raw_sha256)
    outgoing.keep(copy_name(record), raw)
    return sender.send([letter.recipient, *letter.copy_to], raw)


def copy_name(record: LetterRecord) -> str:
    """Return the name of a letter's copy in `outgoing/`: day, number, unit and kind."""
    letter = record.letter
    day = letter.created_at.astimezone(CHINA).date().isoformat()
    return f"{day}-{record.id:06d}-{letter.unit}-{letter.kind}.eml"
