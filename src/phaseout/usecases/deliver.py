"""Deliver (发件): send what waits in the outbox (待发箱), each letter once."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.happened import Dispatched
from phaseout.domain.letter import DispatchOutcome, LetterRecord, LetterState
from phaseout.domain.outbox import STUCK, is_left_to_a_person
from phaseout.domain.sending_terms import ANY_TIME, ENDS_THE_PASS, LONGEST_PASS, SendingTerms
from phaseout.ports import Archive, Ledger, Outgoing, Sender

# One: nobody knows of a letter that was claimed by a process that died whether it left.
CLAIMED_AT_ONCE = 1
LEFT = frozenset({DispatchOutcome.SENT, DispatchOutcome.FILED})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one pass sent; *stopped* is what the mail server said when it would have nothing of us, or was not there."""

    sent: int
    failed: int
    withdrawn: int
    stopped: str = ""
    is_unreachable: bool = False
    tried: tuple[Dispatched, ...] = field(default=(), compare=False)  # each try, for people


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
    stopped, is_unreachable = "", False
    tried: list[Dispatched] = []
    end = clock() + LONGEST_PASS.total_seconds()
    try:
        record = next(iter(ledger.claim(as_of=as_of, limit=CLAIMED_AT_ONCE, terms=terms)), None)
        while record is not None:
            outcome, words = _send(record, archive=archive, outgoing=outgoing, sender=sender)
            sent += outcome in LEFT
            failed += outcome not in LEFT
            tried.append(Dispatched(record.letter.campaign, record.letter.unit, record.letter.kind, outcome))
            if outcome in ENDS_THE_PASS or clock() >= end:
                stopped = words if outcome in ENDS_THE_PASS else ""
                is_unreachable = outcome is DispatchOutcome.UNREACHABLE
                ledger.settle(record.id, outcome, words, as_of=as_of)
                break
            record = ledger.settle_and_claim(record.id, outcome, words, as_of=as_of, terms=terms)
    finally:
        sender.close()
    return Delivered(sent, failed, withdrawn, stopped, is_unreachable, tuple(tried))


def left_to_persons(ledger: Ledger, *, as_of: datetime) -> Mapping[LetterState, int]:
    """Count by state the letters that did not surely leave and that no machine tries again."""
    today = day_in_china(as_of)
    stuck = ledger.letters(states=STUCK)
    return Counter(record.letter.state for record in stuck if is_left_to_a_person(record, today=today))


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
