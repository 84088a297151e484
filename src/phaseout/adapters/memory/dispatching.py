"""The way out of the outbox in memory: letters claimed for sending, tries settled, and what persons decide."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from phaseout.adapters.memory.entries import Entry
from phaseout.adapters.memory.plans import LedgerOfPlansInMemory
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.letter import DispatchOutcome, LetterItem, LetterRecord, LetterState
from phaseout.domain.outbox import (
    ANSWERED_MEANWHILE,
    CAME_BACK,
    CLAIM_LAPSED,
    CLAIM_LEASE,
    DECIDED,
    ROUTINE,
    STUCK,
    DispatchAct,
    DispatchDecision,
    NotStuck,
    Settlement,
    UnknownLetter,
    note_on,
    settlement_of,
    withdrawn_key,
)
from phaseout.domain.sending_terms import (
    ABSENCE_SEEN,
    ANY_TIME,
    COUNTED,
    DISPATCH_ORDER,
    STOPS_THE_QUEUE,
    WINDOW,
    SendingTerms,
    may_leave,
    start_of_day,
)

_WAITING = frozenset({LetterState.DRAFT, LetterState.QUEUED, LetterState.SENDING, LetterState.UNCERTAIN})


class LedgerOfDispatchesInMemory(LedgerOfPlansInMemory):
    """The part of the ledger that hands letters out and hears what became of them."""

    def __init__(self, *, calendar: WorkCalendar) -> None:
        super().__init__(calendar=calendar)
        self._entries: dict[int, Entry] = {}
        self._keys: set[str] = set()
        self._items: set[LetterItem] = set()
        self._waiting: dict[int, Entry] = {}  # of all letters, those of which something may still come
        self._tries: dict[int, set[tuple[datetime, DispatchOutcome]]] = {}
        self._last_tries: list[tuple[datetime, DispatchOutcome]] = []
        self._dispatch_decisions: list[DispatchDecision] = []

    def is_anything_queued(self, *, as_of: datetime, terms: SendingTerms = ANY_TIME) -> bool:
        """Say whether `claim` has work: a letter to send, or a claim that has lapsed."""
        if self._lapsed(as_of):
            return True
        return bool(self._due(as_of, terms)) and self._room(as_of, terms) != 0 and not self._is_paused(as_of, terms)

    def claim(self, *, as_of: datetime, limit: int, terms: SendingTerms = ANY_TIME) -> Sequence[LetterRecord]:
        """Take letters for sending, the most urgent first, as many as the terms leave."""
        for entry in self._lapsed(as_of):
            assert entry.claimed_at is not None  # noqa: S101  or it could not have lapsed
            self.settle(entry.id, DispatchOutcome.UNCERTAIN, CLAIM_LAPSED, as_of=entry.claimed_at)
        self._leave_what_came_back(as_of)
        return () if self._is_paused(as_of, terms) else self._take(as_of, limit, terms)

    def _take(self, as_of: datetime, limit: int, terms: SendingTerms) -> list[LetterRecord]:
        room = self._room(as_of, terms)
        due = sorted(self._due(as_of, terms), key=lambda entry: (DISPATCH_ORDER[entry.letter.kind], entry.id))
        taken = due[: limit if room is None else min(limit, room)]
        for entry in taken:
            entry.move(LetterState.SENDING)
            entry.claimed_at = as_of
        self._changed(bool(taken))
        return [entry.record for entry in taken]

    def settle(self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime) -> None:
        """Record a try to send (发送记录) and what follows from it.

        Raises:
            UnknownLetter: the ledger has no such letter.
        """
        entry = self._entry(letter)
        self._note_try(letter, outcome, as_of=as_of)
        self._changed()
        if entry.letter.state in DECIDED:
            return
        counts = self._tries_of(entry)
        uncertain = counts[DispatchOutcome.UNCERTAIN]
        after = settlement_of(outcome, retries=counts[DispatchOutcome.RETRY], uncertain=uncertain, as_of=as_of)
        if not entry.is_overtaken or after.is_final:
            entry.settle(after, note=note_on(outcome, note, uncertain=uncertain), as_of=as_of)
        elif after.state is LetterState.QUEUED:
            self._take_back(entry)
        else:
            entry.settle(Settlement(after.state), note=ANSWERED_MEANWHILE, as_of=as_of)

    def settle_and_claim(
        self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime, terms: SendingTerms = ANY_TIME
    ) -> LetterRecord | None:
        """Record a try and take the next letter."""
        self.settle(letter, outcome, note, as_of=as_of)
        return next(iter(self._take(as_of, 1, terms)), None)

    def decide_dispatch(self, decision: DispatchDecision) -> None:
        """Record what a person decided of a letter that did not surely leave, and do it (人工处置).

        Raises:
            UnknownLetter: the ledger has no such letter.
            NotStuck: it neither failed nor stays uncertain.
        """
        entry = self._entry(decision.letter)
        if entry.letter.state not in STUCK:
            raise NotStuck(letter=entry.id, state=entry.letter.state)
        self._dispatch_decisions.append(decision)
        is_resent = decision.act is DispatchAct.RESEND
        after = Settlement(LetterState.QUEUED if is_resent else LetterState.SENT)
        entry.settle(after, note=decision.note, as_of=decision.at)
        if is_resent:
            entry.resent_at, entry.is_overtaken = decision.at, False
            self._waiting[entry.id] = entry
        self._changed()

    def leave_in_doubt(self, note: str, *, as_of: datetime, decided_since: datetime | None = None) -> int:
        """Leave to a person what waits to be sent, because it may have left already; return how many letters."""
        for draft in self._still_waiting(LetterState.DRAFT):
            draft.note = note
            self._changed()
        waiting = self._still_waiting(LetterState.QUEUED, LetterState.SENDING, LetterState.UNCERTAIN)
        in_doubt = [
            entry
            for entry in waiting
            if (entry.letter.state is not LetterState.UNCERTAIN or entry.not_before is not None)
            and not self._is_decided_since(entry, decided_since)
        ]
        for entry in in_doubt:
            entry.settle(Settlement(LetterState.UNCERTAIN), note=note, as_of=as_of)
            self._changed()
        return len(in_doubt)

    def _is_decided_since(self, entry: Entry, instant: datetime | None) -> bool:
        if instant is None:
            return False
        answered = self._deliveries.get(entry.letter.delivery or "")
        arrived_later = answered is not None and answered.delivery.arrived_at > instant
        return arrived_later or (entry.resent_at is not None and entry.resent_at > instant)

    def last_try(self) -> tuple[DispatchOutcome, datetime] | None:
        """Return what came of the newest try to send a letter, and when that was; None before the first."""
        if not self._last_tries:
            return None
        at, outcome = self._last_tries[-1]
        return outcome, at

    def dispatch_decisions(self) -> Sequence[DispatchDecision]:
        """Return what persons decided of letters that did not surely leave, oldest first."""
        return list(self._dispatch_decisions)

    def _note_try(self, letter: int, outcome: DispatchOutcome, *, as_of: datetime) -> None:
        tries = self._tries.setdefault(letter, set())
        if (as_of, outcome) not in tries:
            tries.add((as_of, outcome))
            self._last_tries.append((as_of, outcome))

    def _tries_of(self, entry: Entry) -> Mapping[DispatchOutcome, int]:
        since = entry.resent_at
        return Counter(ended for at, ended in self._tries.get(entry.id, ()) if since is None or at >= since)

    def _leave_what_came_back(self, as_of: datetime) -> None:
        bounced = {bounce.message_id for bounce in self._bounces}
        for entry in self._still_waiting(LetterState.UNCERTAIN):
            if entry.not_before is not None and entry.letter.message_id in bounced:
                entry.settle(Settlement(LetterState.SENT), note=CAME_BACK, as_of=as_of)
                self._changed()

    def _still_waiting(self, *states: LetterState) -> list[Entry]:
        for number in [number for number, entry in self._waiting.items() if entry.letter.state not in _WAITING]:
            del self._waiting[number]
        return [entry for entry in self._waiting.values() if entry.letter.state in states]

    def _lapsed(self, as_of: datetime) -> list[Entry]:
        claimed = self._still_waiting(LetterState.SENDING)
        return [entry for entry in claimed if entry.claimed_at and entry.claimed_at < as_of - CLAIM_LEASE]

    def _due(self, as_of: datetime, terms: SendingTerms) -> list[Entry]:
        answers_alone = terms.are_answers_alone(as_of)
        may_go = self._still_waiting(LetterState.QUEUED, LetterState.UNCERTAIN)
        return [x for x in may_go if x.is_free(as_of) and may_leave(x.letter.kind, answers_alone=answers_alone)]

    def _room(self, as_of: datetime, terms: SendingTerms) -> int | None:
        if not terms.is_limited:
            return None
        window, day = as_of - WINDOW, start_of_day(as_of)
        counted = [at for at, outcome in self._last_tries if outcome in COUNTED]
        claimed = (entry.claimed_at for entry in self._still_waiting(LetterState.SENDING))
        in_hand = sum(at is not None and at >= window for at in claimed)
        in_window, on_day = (sum(at >= since for at in counted) for since in (window, day))
        return terms.left(in_window=in_window + in_hand, on_day=on_day + in_hand)

    def _is_paused(self, as_of: datetime, terms: SendingTerms) -> bool:
        if not terms.pause:
            return False
        recent = [outcome for at, outcome in self._last_tries if at > as_of - terms.pause]
        telling = [one for one in recent if one in STOPS_THE_QUEUE or one is DispatchOutcome.SENT]
        return bool(telling and telling[-1] in STOPS_THE_QUEUE) or self._is_server_absent(as_of, terms)

    def _is_server_absent(self, as_of: datetime, terms: SendingTerms) -> bool:
        newest_first = [one for one in reversed(self._last_tries) if one[0] > as_of - ABSENCE_SEEN]
        in_a_row = [at for at, _ in takewhile(lambda one: one[1] is DispatchOutcome.UNREACHABLE, newest_first)]
        return bool(in_a_row) and max(in_a_row) > as_of - terms.absence(len(in_a_row))

    def _mark_overtaken(self, entries: Iterable[Entry]) -> None:
        """Spare what has left, or may have, a further try."""
        for entry in entries:
            if entry.letter.kind not in ROUTINE or entry.is_overtaken:
                continue
            if entry.letter.state is LetterState.UNCERTAIN and entry.not_before is not None:
                entry.note = ANSWERED_MEANWHILE
            if entry.letter.state in {LetterState.SENDING, LetterState.UNCERTAIN}:
                entry.is_overtaken, entry.not_before = True, None
                self._changed()

    def _take_back(self, entry: Entry) -> None:
        self._keys.remove(entry.letter.key)
        self._items.difference_update(entry.letter.items)
        key = withdrawn_key(entry.letter.key, entry.id)
        self._keys.add(key)
        entry.letter = replace(entry.letter, state=LetterState.WITHDRAWN, key=key, items=())
        self._changed()

    def _entry(self, letter: int) -> Entry:
        if letter not in self._entries:
            raise UnknownLetter(letter=letter)
        return self._entries[letter]
