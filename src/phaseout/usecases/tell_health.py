"""Tell the office how its machine is (运行情况告知): by a letter when something is new, lasts or is over."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from phaseout.domain.calendar import CHINA, SATURDAY, WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.health import Check, Grade, LedgerState, Observed, Trouble
from phaseout.domain.health_news import News, WatchState, after_letter, after_look, is_ripe, news_of
from phaseout.domain.health_words import HealthWords
from phaseout.domain.letter import OFFICE, DispatchOutcome, Letter, LetterKind
from phaseout.errors import PhaseoutError
from phaseout.ports import Archive, Ledger, Outgoing, Sender
from phaseout.ports.health import WatchBook
from phaseout.usecases import Desk

# With one of these the outbox would keep the letter: nobody takes letters out of it.
BARS_THE_OUTBOX = frozenset(
    {
        *("server_away", "server_refuses", "worker_away", "pool_paused", "pool_missing"),
        *("mail_refused", "mail_server_away", "letters_waiting", "dispatch_stopped", "disk_full", "clock_back"),
    }
)
DELIVERED_WITHIN = timedelta(minutes=30)
# Of a letter whose line was cut nobody knows; said twice it would be worse than said tomorrow.
HAS_LEFT = frozenset({DispatchOutcome.SENT, DispatchOutcome.FILED, DispatchOutcome.UNCERTAIN})


class Way(StrEnum):
    """What became of the letter."""

    NONE = "none"
    QUEUED = "queued"
    DIRECT = "direct"
    UNSENT = "unsent"  # it lies in a file


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Through what a letter on health leaves; *hand* holds its bytes until it does."""

    campaign: Campaign
    desk: Desk
    hand: Archive
    archive: Archive
    ledger: Callable[[], Ledger]
    sender: Callable[[], Sender]
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the letter, what a failing way said, and the troubles that are the office's to know."""

    way: Way
    subject: str = ""
    words: str = ""
    troubles: tuple[Trouble, ...] = ()


def tell_health(
    troubles: tuple[Trouble, ...],
    observed: Observed,
    *,
    as_of: datetime,
    book: WatchBook,
    words: HealthWords,
    calendar: WorkCalendar | None,
    post_office: Callable[[str | None], PostOffice],
) -> Told:
    """Remember what was seen, show it to the board, and write to the office if there is something to say."""
    titles = {one.key: words.chinese(one).title for one in troubles}
    before = book.state()
    state = after_look(before, troubles, titles=titles, as_of=as_of)
    if observed.books and observed.books.campaigns:
        state = replace(state, campaign=observed.books.campaigns[-1])
    news = None if observed.is_replay else news_of(state, troubles, as_of=as_of, is_working_day=_is_working(calendar))
    if state.tried_at is not None and all(one.grade is Grade.NOTE for one in troubles):
        book.drop_unsent()  # what it says is over, and nobody was told
        state = replace(state, tried_at=None)
    book.remember(state)  # also before telling: the letter of a look that is cut short is known by it
    told = Told(Way.NONE)
    if news is not None:
        told = _tell(news, state, observed, as_of=as_of, book=book, words=words, post_office=post_office)
    ripe = tuple(one for one in troubles if is_ripe(one, state, as_of=as_of))
    with suppress(OSError):  # the disk is full; the letter has said so
        book.show(shown(ripe, book.state() or state, words, as_of=as_of))
    return replace(told, troubles=ripe)


def _tell(
    news: News,
    state: WatchState,
    observed: Observed,
    *,
    as_of: datetime,
    book: WatchBook,
    words: HealthWords,
    post_office: Callable[[str | None], PostOffice],
) -> Told:
    try:
        post = post_office(state.campaign)
        letter = _letter(news, state, post, words, as_of=as_of)
    except (PhaseoutError, OSError) as error:  # the campaign's data or the template is what is broken
        book.remember(replace(state, tried_at=as_of))
        return Told(Way.UNSENT, words=str(error))
    raw = post.hand.get(letter.raw_sha256)
    if not goes_directly(news.troubles, observed, as_of=as_of) and _queue(letter, raw, post):
        book.remember(after_letter(state, news, as_of=as_of))
        book.drop_unsent()
        return Told(Way.QUEUED, letter.subject)
    # Remembered first: who is killed while the server takes it must not say it again on the next start.
    book.remember(after_letter(state, news, as_of=as_of))
    name = f"{day_in_china(as_of).isoformat()}-{letter.kind}-{news.number}.eml"
    outcome, said = _send(letter, raw, post, name=name)
    if outcome in HAS_LEFT:
        book.drop_unsent()
        return Told(Way.DIRECT, letter.subject)
    with suppress(OSError):
        book.keep_unsent(name, raw)
    book.remember(replace(state, tried_at=as_of))
    return Told(Way.UNSENT, letter.subject, said)


def _queue(letter: Letter, raw: bytes, post: PostOffice) -> bool:
    """Put the letter into the outbox; one of its key is the same one, before a crash."""
    try:
        post.archive.put(raw)
        post.ledger().queue([letter])
    except (PhaseoutError, OSError):
        return False
    return True


def _send(letter: Letter, raw: bytes, post: PostOffice, *, name: str) -> tuple[DispatchOutcome, str]:
    try:
        return _through(post, letter, raw, name)
    except (PhaseoutError, OSError) as error:
        return DispatchOutcome.CONFIG, str(error)


def _through(post: PostOffice, letter: Letter, raw: bytes, name: str) -> tuple[DispatchOutcome, str]:
    sender = post.sender()
    try:
        outcome, said = sender.send([letter.recipient], raw)
    finally:
        sender.close()
    if outcome in HAS_LEFT:
        with suppress(OSError):  # it has left, whether there is room for a copy or not
            post.outgoing.keep(name, raw)
    return outcome, said


def goes_directly(troubles: tuple[Trouble, ...], observed: Observed, *, as_of: datetime) -> bool:
    """Say whether the outbox is no way out: it cannot be opened, or nobody takes letters out of it."""
    if observed.ledger is not LedgerState.WELL or observed.books is None:
        return True
    if any(one.code in BARS_THE_OUTBOX or one.subject == "deliver" for one in troubles):
        return True
    delivered = [one.well_at for one in observed.passes if one.name == "deliver" and one.well_at]
    return not delivered or max(delivered) < as_of - DELIVERED_WITHIN


def _letter(news: News, state: WatchState, post: PostOffice, words: HealthWords, *, as_of: datetime) -> Letter:
    has_older = len(news.new) < len(news.troubles)
    facts: Mapping[str, object] = {
        "news": news.kind.value,
        "troubles": [
            facts_of(one, state, words)
            | {"is_new": one.key in news.new, "is_marked": has_older and one.key in news.new}
            for one in news.troubles
        ],
        "over": [{"title": one.title, "since": one.since, "until": one.seen_at} for one in news.over],
        "looked_at": as_of,
    }
    return post.desk.letter(
        LetterKind.HEALTH,
        facts,
        key=f"{OFFICE}/health/{state.started_at.astimezone(CHINA).isoformat()}/{news.number}",
        campaign=post.campaign,
        unit=OFFICE,
        recipient=post.campaign.office.mailbox,
        as_of=as_of,
    )


def facts_of(trouble: Trouble, state: WatchState, words: HealthWords) -> dict[str, object]:
    """Return what letter and board say of a trouble."""
    wording = words.chinese(trouble)
    return {"title": wording.title, "what": wording.what, "do": wording.do, "since": state.since(trouble)}


def shown(
    troubles: tuple[Trouble, ...], state: WatchState, words: HealthWords, *, as_of: datetime
) -> dict[str, object]:
    """Return what the board shows, as JSON holds it."""
    return {
        "looked_at": as_of.astimezone(CHINA).isoformat(),
        "troubles": [
            {
                **facts_of(one, state, words),
                "since": state.since(one).astimezone(CHINA).isoformat(),
                "grade": one.grade.value,
                "check": words.checks[Check(one.check)][0],
            }
            for one in troubles
        ],
        "has_unsent_letter": state.tried_at is not None,
    }


def _is_working(calendar: WorkCalendar | None) -> Callable[..., bool]:
    if calendar is None:
        return lambda day: day.weekday() < SATURDAY
    return lambda day: calendar.is_working_day(day) if day.year in calendar.years else day.weekday() < SATURDAY
