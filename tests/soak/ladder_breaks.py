"""Ways to break the ladder on purpose, one function of the product at a time: the simulation must notice each.

Nothing of this is reachable from the product: a break is made in a process that tests, and mended after each seed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, timedelta

from phaseout.adapters.memory import dispatching
from phaseout.adapters.memory import plans as plans_in_memory
from phaseout.adapters.memory.dispatching import LedgerOfDispatchesInMemory
from phaseout.adapters.memory.entries import Entry
from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.domain import escalation
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import CountedIn
from phaseout.domain.letter import DispatchOutcome, LetterKind, LetterState
from phaseout.domain.outbox import GRACE, Settlement
from phaseout.domain.sending_terms import DISPATCH_ORDER, SendingTerms
from phaseout.usecases import remind
from tests.soak import ladder_office

_RIGHT = {
    "rung_day": escalation.rung_day,
    "rungs_for": escalation._rungs_for,  # noqa: SLF001  the rules are broken where they are
    "letter": ladder_office.PlainDesk.letter,
    "settlement_of": dispatching.settlement_of,
    "as_moved": plans_in_memory.as_moved,
    "obligations": MemoryLedger.obligations,
    "line_due": escalation.line_due,
}


def _reached(rungs, *, due, today, last_order, calendar, grace=0, is_reached, pick):
    days = [(rung, _RIGHT["rung_day"](rung, due, grace=grace, calendar=calendar)) for rung in rungs]
    found = [rung for rung, day in days if is_reached(day, today) and rung.order > last_order]
    return pick(found, key=lambda rung: rung.order, default=None)


def _later(rungs, **how):
    return _reached(rungs, **how, is_reached=lambda day, today: day < today, pick=max)


def _on_the_day(rungs, **how):
    return _reached(rungs, **how, is_reached=lambda day, today: day == today, pick=max)


def _lowest(rungs, **how):
    return _reached(rungs, **how, is_reached=lambda day, today: day <= today, pick=min)


def _without_grace(rung, due, *, grace, calendar):
    return _RIGHT["rung_day"](rung, due, grace=0, calendar=calendar)


def _in_calendar_days(rung, due, *, grace, calendar):
    return _RIGHT["rung_day"](replace(rung, counted_in=CountedIn.CALENDAR_DAYS), due, grace=grace, calendar=calendar)


def _as_if_hard(rungs, *, is_soft, is_correction):
    return _RIGHT["rungs_for"](rungs, is_soft=False, is_correction=is_correction)


def _from_the_bottom(rungs, *, is_soft, is_correction):
    return _RIGHT["rungs_for"](rungs, is_soft=is_soft, is_correction=False)


def _queue_whatever(self, letters):
    for letter in letters:
        number = len(self._entries) + 1
        self._entries[number] = self._waiting[number] = Entry(number, letter)
        self._keys.add(letter.key)
        self._items.update(letter.items)
    return len(letters)


def _never_a_draft(self, *args, **kwargs):
    letter = _RIGHT["letter"](self, *args, **kwargs)
    return replace(letter, state=LetterState.QUEUED)


def _tried_for_ever(outcome, *, retries, uncertain, as_of):
    if outcome is DispatchOutcome.UNCERTAIN:
        return Settlement(LetterState.QUEUED, as_of + GRACE)
    return _RIGHT["settlement_of"](outcome, retries=retries, uncertain=uncertain, as_of=as_of)


def _given_up(outcome, *, retries, uncertain, as_of):
    if outcome is DispatchOutcome.UNCERTAIN:
        return Settlement(LetterState.UNCERTAIN)
    return _RIGHT["settlement_of"](outcome, retries=retries, uncertain=uncertain, as_of=as_of)


def _at_once(outcome, *, retries, uncertain, as_of):
    after = _RIGHT["settlement_of"](outcome, retries=retries, uncertain=uncertain, as_of=as_of)
    return replace(after, not_before=None) if after.state is LetterState.QUEUED else after


def _unmoved(one, **how):
    moved = _RIGHT["as_moved"](one, **how)
    return moved and replace(moved, moves=0)


def _never_closed(self, campaign):
    return [replace(one, closes=one.closes + timedelta(days=20)) for one in _RIGHT["obligations"](self, campaign)]


def _again_for_a_return(obligation, view, *, track, day):
    line = _RIGHT["line_due"](obligation, view, track=track, day=day)
    return line and replace(line, items=tuple(replace(item, version=0) for item in line.items))


# What is patched where; the first line of each says what the office does wrong.
BREAKS: Mapping[str, tuple[tuple[object, str, object], ...]] = {
    "what a day gone by left in the queue stays": ((MemoryLedger, "withdraw_before", lambda _self, _day: 0),),
    "a rung is reached the day after its day": ((escalation, "rung_to_send", _later),),
    "a rung is reached on its day alone": ((escalation, "rung_to_send", _on_the_day),),
    "the lowest rung comes first": ((escalation, "rung_to_send", _lowest),),
    "rungs are counted in calendar days": ((escalation, "rung_day", _in_calendar_days),),
    "nobody looks whether it is a working day": (
        (WorkCalendar, "is_working_day", lambda _self, _day: True),
        (SendingTerms, "are_answers_alone", lambda _self, _as_of: False),
    ),
    "a make-up day is a day off": (
        (WorkCalendar, "is_working_day", lambda self, day: day in self.working_days and day.weekday() < 5),
    ),
    "days begin at midnight in Greenwich": ((remind, "day_in_china", lambda instant: instant.astimezone(UTC).date()),),
    "a unit has one letter for ever": (
        (remind, "_digest_key", lambda campaign, plan, _as_of: f"{campaign.id}/{plan.unit}"),
    ),
    "a unit has a letter with each pass": (
        (remind, "_digest_key", lambda campaign, plan, as_of: f"{campaign.id}/{plan.unit}/{as_of}"),
    ),
    "the outbox takes what it has": ((MemoryLedger, "queue", _queue_whatever),),
    "a file that comes first changes nothing": ((MemoryLedger, "_withdraw", lambda _self, _obligations: None),),
    "a file that comes while letters are written changes nothing": (
        (MemoryLedger, "withdraw_about", lambda _self, _obligations: 0),
    ),
    "notices need no release": ((ladder_office.PlainDesk, "letter", _never_a_draft),),
    "soft dates escalate": ((escalation, "_rungs_for", _as_if_hard),),
    "a correction is reminded seven days before": ((escalation, "_rungs_for", _from_the_bottom),),
    "grace is not given": ((escalation, "rung_day", _without_grace),),
    "an extension starts no climb": ((plans_in_memory, "as_moved", _unmoved),),
    "a return starts no climb": ((escalation, "line_due", _again_for_a_return),),
    "nothing closes": ((MemoryLedger, "obligations", _never_closed),),
    "quiet hours are not kept": (
        (SendingTerms, "are_answers_alone", lambda self, as_of: not self.calendar.is_working_day(as_of.date())),
    ),
    "what is in doubt is tried for ever": ((dispatching, "settlement_of", _tried_for_ever),),
    "what is in doubt is given up": ((dispatching, "settlement_of", _given_up),),
    "nobody waits before trying again": ((dispatching, "settlement_of", _at_once),),
    "a claim that lapsed is simply taken again": ((LedgerOfDispatchesInMemory, "_lapsed", lambda _self, _as_of: []),),
    "a locked account is tried on": ((LedgerOfDispatchesInMemory, "_is_paused", lambda *_: False),),
    "what is left of the day is not counted": ((LedgerOfDispatchesInMemory, "_room", lambda *_: None),),
    "requests leave before overdue notices": (
        (dispatching, "DISPATCH_ORDER", {**DISPATCH_ORDER, LetterKind.REQUEST: 2, LetterKind.OVERDUE: 5}),
    ),
}


@contextmanager
def broken(name: str | None) -> Iterator[None]:
    """Let the product be wrong in one way."""
    right = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in BREAKS.get(name or "", ())]
    try:
        for owner, attribute, wrong in BREAKS.get(name or "", ()):
            setattr(owner, attribute, wrong)
        yield
    finally:
        for owner, attribute, was in right:
            setattr(owner, attribute, was)
