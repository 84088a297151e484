"""When the office is written to about troubles (运行情况告知): of new ones at once, of lasting ones rarely."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.health import Grade, Trouble

GAP = timedelta(minutes=50)  # between two letters, and between two tries to send one; the watch looks every hour
MOST_A_DAY = 4
WEEK = timedelta(days=6, hours=12)  # after so long what is no more than a warning is said again
MORNING = time(8, 30)  # what lasts is said again in the morning of a working day
WELL_FOR = timedelta(hours=2)  # what comes and goes is not over when it is gone for a moment


class NewsKind(StrEnum):
    """Why a letter is written."""

    NEW = "new"
    STILL = "still"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Known:
    """A trouble as the watch remembers it: since when, when it was seen last, when the office was told."""

    key: str
    since: datetime
    seen_at: datetime
    told_at: datetime | None = None
    title: str = ""  # as the office knows it


@dataclass(frozen=True, slots=True)
class WatchState:
    """What the watch (运行监测) remembers from look to look."""

    started_at: datetime
    looked_at: datetime
    known: tuple[Known, ...] = ()
    told_at: datetime | None = None  # the last letter
    letters: int = 0  # on the day of the last letter
    number: int = 0  # of the last letter, since the watch began
    tried_at: datetime | None = None  # a letter that could not leave
    campaign: str | None = None  # whose office is written to when the ledger cannot be asked

    def since(self, trouble: Trouble) -> datetime:
        """Return since when a trouble lasts: as it says itself, or as it was first seen."""
        first = next((one.since for one in self.known if one.key == trouble.key), self.looked_at)
        return trouble.since or first


@dataclass(frozen=True, slots=True)
class News:
    """What a letter says: *troubles* with the new ones first, and what is over since the last letter."""

    kind: NewsKind
    troubles: tuple[Trouble, ...]
    new: frozenset[str]
    over: tuple[Known, ...]
    on_day: int  # the how manieth letter of its day
    number: int


def after_look(
    state: WatchState | None, troubles: Sequence[Trouble], *, titles: Mapping[str, str], as_of: datetime
) -> WatchState:
    """Return what is remembered after a look: each trouble keeps its beginning, what was told stays till it is over."""
    if state is None:
        state = WatchState(as_of, as_of)
    known = {one.key: one for one in state.known}
    seen = {}
    for trouble in troubles:
        if trouble.grade is Grade.NOTE:
            continue
        before = known.get(trouble.key)
        since = trouble.since or (before.since if before else as_of)
        told_at = before.told_at if before else None
        seen[trouble.key] = Known(trouble.key, since, as_of, told_at, titles.get(trouble.key, ""))
    gone = {key: one for key, one in known.items() if key not in seen and one.told_at is not None}
    return replace(state, looked_at=as_of, known=tuple({**seen, **gone}.values()))


def news_of(
    state: WatchState, troubles: Sequence[Trouble], *, as_of: datetime, is_working_day: Callable[[date], bool]
) -> News | None:
    """Return what the office is to be told now, if anything; *state* is that after the look."""
    if state.tried_at is not None and timedelta(0) <= as_of - state.tried_at < GAP:
        return None
    told = {one.key: one for one in state.known if one.told_at is not None}
    ripe = [one for one in troubles if is_ripe(one, state, as_of=as_of)]
    new = frozenset(one.key for one in ripe if one.key not in told)
    present = {one.key for one in troubles if one.grade is not Grade.NOTE}
    over = tuple(one for key, one in told.items() if key not in present)
    on_day, number = letters_on(state, as_of) + 1, state.number + 1
    ordered = (*(one for one in ripe if one.key in new), *(one for one in ripe if one.key not in new))
    if new:
        is_time = on_day <= MOST_A_DAY and (state.told_at is None or _has_passed(state.told_at, GAP, as_of))
        return News(NewsKind.NEW, ordered, new, over, on_day, number) if is_time else None
    if ripe:
        is_time = on_day == 1 and _is_morning(as_of, is_working_day) and _is_worth_repeating(ripe, state, as_of)
        return News(NewsKind.STILL, ordered, new, over, on_day, number) if is_time else None
    is_over = bool(told) and all(_has_passed(one.seen_at, WELL_FOR, as_of) for one in told.values())
    return News(NewsKind.WELL, (), new, over, on_day, number) if is_over and on_day <= MOST_A_DAY else None


def after_letter(state: WatchState, news: News, *, as_of: datetime) -> WatchState:
    """Return what is remembered after a letter has left."""
    now = {one.key for one in news.troubles}
    kept = [replace(one, told_at=as_of) if one.key in now else one for one in state.known if one not in news.over]
    return replace(state, known=tuple(kept), told_at=as_of, letters=news.on_day, number=news.number, tried_at=None)


def is_ripe(trouble: Trouble, state: WatchState, *, as_of: datetime) -> bool:
    """Say whether a trouble is one for a letter: bad enough, and longer there than passes by itself."""
    return trouble.grade is not Grade.NOTE and _has_passed(state.since(trouble), trouble.patience, as_of)


def letters_on(state: WatchState, as_of: datetime) -> int:
    """Return how many letters were written on the day of an instant."""
    is_today = state.told_at is not None and day_in_china(state.told_at) == day_in_china(as_of)
    return state.letters if is_today else 0


def _has_passed(since: datetime, span: timedelta, as_of: datetime) -> bool:
    # A clock that was put back makes nothing wait for hours.
    return as_of - since >= span or as_of < since


def _is_worth_repeating(troubles: Sequence[Trouble], state: WatchState, as_of: datetime) -> bool:
    if state.told_at is None:
        return True
    if any(one.grade is Grade.FAILING for one in troubles):
        return day_in_china(as_of) > day_in_china(state.told_at)
    return _has_passed(state.told_at, WEEK, as_of)


def _is_morning(as_of: datetime, is_working_day: Callable[[date], bool]) -> bool:
    return as_of.astimezone(CHINA).time() >= MORNING and is_working_day(day_in_china(as_of))
