"""Evidence (佐证材料): pictures and videos of closures, what they show by their names, and whether one serves twice."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain

from phaseout.domain.submission import FileKind

BANDS, BAND_BITS = 4, 16
# Of two hashes that differ in so many bits, one of the four bands differs in one bit at most; beyond, some are missed.
FARTHEST = 2 * BANDS - 1


class EvidencePhase(StrEnum):
    """When a picture was taken (拆除前、中、后)."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class MatchedBy(StrEnum):
    """What says whose picture it is."""

    NAME = "name"  # of the file
    FOLDER = "folder"  # in which it lay in a zip, or the zip's name
    HAND = "hand"


class PictureFault(StrEnum):
    """Why a picture could not be looked at."""

    UNREADABLE = "unreadable"  # damaged, or no picture at all
    UNSUPPORTED = "unsupported"  # such as HEIC, of which we keep bytes and hash only
    TOO_MANY_PIXELS = "too_many_pixels"  # it would unpack to more than a camera makes
    GAVE_NO_ANSWER = "gave_no_answer"  # whoever looked at it was ended by it, or took too long


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says of itself; never where it was taken, nor with whose camera."""

    width: int | None = None
    height: int | None = None
    captured_at: datetime | None = None
    look: str | None = None  # perceptual hash, 16 hexadecimal digits: pictures that look the same have near ones
    fault: PictureFault | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A picture or a video as it arrived, with what it was matched to."""

    delivery: str
    campaign: str
    unit: str
    file_name: str  # behind the folders in which it lay, as a/b/1.jpg
    sha256: str
    kind: FileKind
    size: int
    received_at: datetime
    picture: Picture = Picture()
    enterprise: str | None = None
    item: str | None = None
    phase: EvidencePhase | None = None
    matched_by: MatchedBy | None = None
    assigned_by: str | None = None  # the person, where one decided

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart: the same bytes may lie in a delivery under two names."""
        return (self.delivery, self.file_name, self.sha256)


@dataclass(frozen=True, slots=True)
class EvidenceAssignment:
    """A person's decision whose picture it is; it holds for the same bytes wherever they come in a campaign."""

    campaign: str
    sha256: str
    enterprise: str
    phase: EvidencePhase | None
    by: str
    reason: str
    assigned_at: datetime


def assigned(one: Evidence, newest: Mapping[tuple[str, str], EvidenceAssignment]) -> Evidence:
    """Return evidence as a person has assigned it, if one has; *newest* by campaign and hash."""
    said = newest.get((one.campaign, one.sha256))
    return one if said is None else _by_hand(one, said.enterprise, said.phase, said.by)


def as_persons_say(new: Sequence[Evidence], known: Iterable[Evidence]) -> list[Evidence]:
    """Return evidence as persons have assigned the same bytes when they came before."""
    by_hand = {(one.campaign, one.sha256): one for one in known if one.matched_by is MatchedBy.HAND}
    said = ((one, by_hand.get((one.campaign, one.sha256))) for one in new)
    return [one if hand is None else _by_hand(one, hand.enterprise, hand.phase, hand.assigned_by) for one, hand in said]


def _by_hand(one: Evidence, enterprise: str | None, phase: EvidencePhase | None, by: str | None) -> Evidence:
    item = one.item if enterprise == one.enterprise else None
    hand = MatchedBy.HAND
    return replace(one, enterprise=enterprise, item=item, phase=phase, matched_by=hand, assigned_by=by)


class OverlapKind(StrEnum):
    """What is doubtful about two pictures that are the same, or nearly."""

    TWO_ENTERPRISES = "two_enterprises"
    BEFORE_AND_AFTER = "before_and_after"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two pictures that look the same and should not."""

    kind: OverlapKind
    one: Evidence
    other: Evidence  # which came before, or stands before it in the same delivery
    is_same: bool  # byte by byte; else they only look the same


def overlaps(new: Sequence[Evidence], known: Iterable[Evidence], *, near: int) -> list[Overlap]:
    """Return which of the new pictures serve twice: each pair of meanings once; *known* need not hold the new ones."""
    keys = {one.key for one in new}
    shelf = _Shelf(near)
    for one in known:
        if one.key not in keys:
            shelf.put(one)
    found: dict[tuple[object, ...], Overlap] = {}
    for one in new:
        for other in shelf.like(one):
            kind = _doubt(one, other)
            if kind is not None:
                pair = frozenset({_meaning(one), _meaning(other)})
                overlap = Overlap(kind, one, other, is_same=one.sha256 == other.sha256)
                found.setdefault((kind, one.sha256, pair), overlap)
        shelf.put(one)
    return list(found.values())


def _meaning(one: Evidence) -> tuple[object, ...]:
    return (one.campaign, one.unit, one.enterprise, one.phase)


def _doubt(one: Evidence, other: Evidence) -> OverlapKind | None:
    if one.enterprise is None or other.enterprise is None:
        return None  # who knows whose it is: a person says so first
    if one.enterprise != other.enterprise:
        return OverlapKind.TWO_ENTERPRISES
    phases = {one.phase, other.phase}
    is_doubtful = phases == {EvidencePhase.BEFORE, EvidencePhase.AFTER} and one.campaign == other.campaign
    return OverlapKind.BEFORE_AND_AFTER if is_doubtful else None


class _Shelf:
    """Pictures by content and by the bands of their looks: what is like another is found without looking at all."""

    def __init__(self, near: int) -> None:
        self._near = near
        self._by_content: dict[str, list[Evidence]] = {}
        self._by_band: dict[tuple[int, int], list[Evidence]] = {}

    def put(self, one: Evidence) -> None:
        # Sent again, it means the same: once is enough, however often a unit sends its pictures.
        held = self._by_content.setdefault(one.sha256, [])
        if any(_meaning(known) == _meaning(one) for known in held):
            return
        held.append(one)
        for place in enumerate(bands(one.picture.look)):
            self._by_band.setdefault(place, []).append(one)

    def like(self, one: Evidence) -> Iterator[Evidence]:
        near = chain.from_iterable(self._by_band.get(place, ()) for place in probes(one.picture.look, near=self._near))
        seen: set[tuple[str, str, str]] = set()
        for other in chain(self._by_content.get(one.sha256, ()), near):
            if other.key not in seen and is_like(one, other, near=self._near):
                seen.add(other.key)
                yield other


def is_like(one: Evidence, other: Evidence, *, near: int) -> bool:
    """Say whether two are the same file, or look the same."""
    return one.sha256 == other.sha256 or _distance(one.picture.look, other.picture.look) <= near


def _distance(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return BANDS * BAND_BITS
    return (int(one, 16) ^ int(other, 16)).bit_count()


def bands(look: str | None) -> tuple[int, ...]:
    """Return a look's four bands of 16 bits; none of what has no look."""
    width = BAND_BITS // 4
    return tuple(int(look[at * width : (at + 1) * width], 16) for at in range(BANDS)) if look else ()


def probes(look: str | None, *, near: int) -> Iterator[tuple[int, int]]:
    """Yield (position, band) of all bands that a look within *near* bits must share one of."""
    for position, band in enumerate(bands(look)):
        yield position, band
        if near >= BANDS:  # then each band may differ in a bit
            yield from ((position, band ^ (1 << bit)) for bit in range(BAND_BITS))


def missing_phases(
    enterprises: Collection[str], wanted: Sequence[EvidencePhase], known: Iterable[Evidence]
) -> list[tuple[str, tuple[EvidencePhase, ...]]]:
    """Return which phases an inspected enterprise has no picture or video of, enterprise by enterprise."""
    shown: dict[str | None, set[EvidencePhase | None]] = {}
    for one in known:
        shown.setdefault(one.enterprise, set()).add(one.phase)
    lacking = {name: tuple(p for p in wanted if p not in shown.get(name, ())) for name in enterprises}
    return [(name, phases) for name, phases in lacking.items() if phases]
