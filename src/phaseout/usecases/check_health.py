"""Check the health (运行情况检查) of an installation: look at everything, and say what is wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.health import (
    Books,
    Check,
    LedgerState,
    Observed,
    Published,
    Trouble,
    Waiting,
)
from phaseout.domain.health_checks import troubles_of
from phaseout.domain.letter import DispatchOutcome, LetterRecord, LetterState
from phaseout.domain.outbox import is_left_to_a_person
from phaseout.domain.sending_terms import STOPS_THE_QUEUE
from phaseout.domain.signing import WaitingDraft
from phaseout.domain.submission import Outcome
from phaseout.ports import DeliveryRecord, Ledger
from phaseout.ports.health import PassBook, Premises, WatchBook

# So many originals are looked for at a time, others on each day: a year's archive is gone through in weeks.
ORIGINALS = 200
NOT_AT_REST = frozenset({LetterState.DRAFT, LetterState.QUEUED, LetterState.SENDING, LetterState.FAILED,
                         LetterState.UNCERTAIN})  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Health:
    """What was found, and of which checks nothing can be said."""

    as_of: datetime
    troubles: tuple[Trouble, ...]
    observed: Observed

    @property
    def is_unanswered(self) -> bool:
        """Whether an outside system could not be asked."""
        return any(trouble.is_unanswered for trouble in self.troubles)


def check_health(
    *,
    as_of: datetime,
    premises: Premises,
    passes: PassBook,
    book: WatchBook,
    ledger: Callable[[], Ledger],
    calendar: Callable[[], WorkCalendar],
    drafts: Callable[[str], Sequence[WaitingDraft]],
    broke: Callable[[Check, Exception], None],
) -> Health:
    """Look at everything and judge it. A check that breaks is a trouble itself, and *broke* hears why."""
    look = _Looks(broke)
    state = look(Check.INSTALLATION, book.state, None)
    known_calendar = look(Check.CALENDAR, calendar, None)
    ledger_state = look(Check.LEDGER, premises.ledger, LedgerState.DAMAGED)
    # An older ledger would be migrated by opening it, and a look changes nothing; without a calendar none is read.
    can_be_read = ledger_state is LedgerState.WELL and known_calendar is not None
    open_ledger = look(Check.LEDGER, ledger, None) if can_be_read else None
    read = look(Check.LEDGER, lambda: _read(open_ledger, drafts, as_of=as_of), None)
    books, accepted, hashes = read or (Books() if ledger_state is LedgerState.NEW else None, None, ())
    observed = Observed(
        passes=tuple(look(Check.PASSES, passes.records, ())),
        watched_since=state.started_at if state else None,
        spaces=tuple(look(Check.DISK, premises.spaces, ())),
        ledger=ledger_state,
        is_ledger_open_to_others=look(Check.LEDGER, premises.is_ledger_open_to_others, default=False),
        books=books,
        warehouse=look(Check.WAREHOUSE, lambda: None if accepted is None else premises.warehouse(accepted), None),
        has_snapshot=look(Check.SNAPSHOT, premises.has_snapshot, default=True),
        archive_looked_at=len(hashes),
        archive_missing=look(Check.ARCHIVE, lambda: premises.missing_originals(hashes), 0),
        runs=look(Check.FLOW_RUNS, lambda: premises.runs(as_of=as_of), None),
        mailbox=look(Check.MAILBOX, premises.mailbox, None),
        mail_server=look(Check.MAIL_SERVER, premises.mail_server, None),
        backup=look(Check.BACKUP, premises.backup, None),
        unsafe=tuple(look(Check.SETTINGS, premises.unsafe_settings, ())),
        has_no_proof=premises.has_no_proof,
        is_sending_set=premises.is_sending_set,
        is_calendar_broken=known_calendar is None,
        provisional_years=known_calendar.provisional_years if known_calendar else frozenset(),
        stopped_since=look(Check.OUTBOX, premises.stopped_since, None),
        broken_pins=tuple(look(Check.INSTALLATION, premises.broken_pins, ())),
        last_look=state.looked_at if state else None,
        is_replay=premises.is_replay,
        broken_checks=look.broken,
    )
    return Health(as_of, troubles_of(observed, calendar=known_calendar, as_of=as_of), observed)


class _Looks:
    """Takes one look after the other; what one breaks with stops no other."""

    def __init__(self, broke: Callable[[Check, Exception], None]) -> None:
        self._broke = broke
        self._broken: dict[Check, None] = {}

    def __call__(self, check: Check, look: Callable[[], T], default: T) -> T:
        try:
            return look()
        except Exception as error:  # noqa: BLE001  whatever it is: the other checks are wanted all the more
            self._broke(check, error)
            if check is not Check.CALENDAR:  # that one has a trouble of its own
                self._broken[check] = None
            return default

    @property
    def broken(self) -> tuple[Check, ...]:
        return tuple(self._broken)


def _read(
    ledger: Ledger | None, drafts: Callable[[str], Sequence[WaitingDraft]], *, as_of: datetime
) -> tuple[Books, Sequence[str], Sequence[str]] | None:
    """Return the books, the accepted submissions, and the originals to look for."""
    if ledger is None:
        return None
    deliveries = ledger.deliveries()
    letters = ledger.letters(states=NOT_AT_REST)
    accepted = ledger.accepted()
    books = _books(ledger, deliveries, letters, drafts, as_of=as_of)
    return replace(books, accepted=len(accepted)), accepted, some_originals(deliveries, letters, as_of=as_of)


def _books(
    ledger: Ledger,
    deliveries: Sequence[DeliveryRecord],
    letters: Sequence[LetterRecord],
    drafts: Callable[[str], Sequence[WaitingDraft]],
    *,
    as_of: datetime,
) -> Books:
    today = day_in_china(as_of)
    opened = ledger.open_campaigns()
    going_on = tuple(name for name in opened if not _is_over(ledger, name, today=today))
    with_drafts = {one.letter.campaign for one in letters if one.letter.state is LetterState.DRAFT}
    waiting = [one for name in going_on if name in with_drafts for one in drafts(name)]
    queued = [one for one in letters if one.letter.state in {LetterState.QUEUED, LetterState.SENDING}]
    released = {
        one.letter: one.at for name in {record.letter.campaign for record in queued} for one in ledger.approvals(name)
    }
    unsure = [one for one in letters if is_left_to_a_person(one, today=today)]
    quarantined = [one for one in deliveries if one.outcome is Outcome.QUARANTINED]
    tried = ledger.last_try() if queued else None  # of a server to which nothing is to be sent nothing is concluded
    return Books(
        campaigns=going_on,
        quarantined=_waiting(one.delivery.collected_at for one in quarantined),
        unassessed=_waiting(one.delivery.collected_at for one in deliveries if one.outcome is None),
        queued=_waiting(released.get(one.id, one.letter.created_at) for one in queued),  # a draft since its release
        unsure=_waiting(one.settled_at or one.letter.created_at for one in unsure),
        drafts=_waiting(one.record.letter.created_at for one in waiting),
        drafts_age=max((one.age for one in waiting), default=0),
        refused_since=tried[1] if tried and tried[0] in STOPS_THE_QUEUE else None,
        unreachable_since=tried[1] if tried and tried[0] is DispatchOutcome.UNREACHABLE else None,
        published=tuple(_published(ledger, name) for name in opened),
    )


def _is_over(ledger: Ledger, campaign: str, *, today: date) -> bool:
    closes = [one.closes for one in ledger.obligations(campaign)]
    return bool(closes) and max(closes) < today


def _waiting(since: Iterable[datetime]) -> Waiting:
    times = sorted(since)
    return Waiting(len(times), times[0]) if times else Waiting()


def _published(ledger: Ledger, campaign: str) -> Published:
    last = ledger.published(campaign)
    if last is None:
        return Published(campaign, None, is_current=False)
    revision, day = last
    return Published(campaign, day, is_current=revision == ledger.revision())


def some_originals(
    deliveries: Sequence[DeliveryRecord], letters: Sequence[LetterRecord], *, as_of: datetime
) -> Sequence[str]:
    """Return the hashes of what waits to leave, of the newest deliveries, and of some others, not the same each day."""
    hashes = list(dict.fromkeys(one.delivery.sha256 for one in deliveries))
    half = ORIGINALS // 2
    newest, others = hashes[-half:], hashes[:-half]
    step = max(1, len(others) // half)
    waiting = [one.letter.raw_sha256 for one in letters[:half]]
    return [*waiting, *newest, *others[day_in_china(as_of).toordinal() % step :: step][:half]]
