"""What the name of a picture and its folders say: whose it is, of which equipment, before or after (影像命名)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from phaseout.domain.evidence import EvidencePhase, MatchedBy


@dataclass(frozen=True, slots=True)
class EvidenceCustoms:
    """How pictures are named, and from when on two look the same; the office's own."""

    phases: Mapping[EvidencePhase, tuple[str, ...]]  # words that name a phase wherever they stand
    short_phases: Mapping[EvidencePhase, tuple[str, ...]]  # words that do so only when they stand alone
    both: tuple[str, ...]  # words of pictures that show more than one phase
    legal_forms: tuple[str, ...]  # endings that people leave out of an enterprise's name, the longest first
    near: int  # pictures whose looks differ in so many of 64 bits look the same


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise of a unit's forms, with the names and models of its equipment."""

    name: str
    items: frozenset[tuple[str, str]] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class NamedAs:
    """What a file's name and folders say of it."""

    enterprise: str | None = None
    item: str | None = None
    phase: EvidencePhase | None = None
    matched_by: MatchedBy | None = None


_APART = re.compile(r"[\s\-_—–+,，.。、;；:：()（）\[\]【】]+")
# A number beside a word is a number: 前1, 拆前(2).
_NUMBER = re.compile(r"第?\d+张?")
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}$")


def named_as(file_name: str, enterprises: Sequence[Enterprise], customs: EvidenceCustoms) -> NamedAs:
    """Return what a name such as 某某公司/拆除后/IMG_001.jpg says; what it says of two says nothing."""
    *folders, own = file_name.split("/")
    parts = [_EXTENSION.sub("", own), *reversed(folders)]  # the nearest word counts
    phase = next((found for part in parts if (found := _phase(part, customs))), None)
    names = _names(tuple(one.name for one in enterprises), customs.legal_forms)
    for position, part in enumerate(parts):
        matches = _enterprises(_plain(part), names)
        if len(matches) > 1:
            break
        if matches:
            whose = next(one for one in enterprises if one.name == matches[0])
            how = MatchedBy.FOLDER if position else MatchedBy.NAME
            return NamedAs(whose.name, _item("".join(map(_plain, parts)), whose), _of_one(phase), how)
    return NamedAs(phase=_of_one(phase))


def _phase(part: str, customs: EvidenceCustoms) -> set[EvidencePhase]:
    """Return the phases that a part names; words such as 前后对比 name all."""
    text = _plain(part)
    if any(word in text for word in customs.both):
        return set(EvidencePhase)
    named = {phase for phase, words in customs.phases.items() if any(word in text for word in words)}
    alone = {_NUMBER.sub("", piece) for piece in _APART.split(unicodedata.normalize("NFKC", part))}
    return named or {phase for phase, words in customs.short_phases.items() if alone.intersection(words)}


def _of_one(phases: set[EvidencePhase] | None) -> EvidencePhase | None:
    return next(iter(phases)) if phases and len(phases) == 1 else None


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...], legal_forms: tuple[str, ...]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the names as files may write them, in full and without the legal form, each with whom it means."""
    full: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for name in names:
        plain = _plain(name)
        full.setdefault(plain, set()).add(name)
        ending = next((form for form in legal_forms if plain.endswith(form)), "")
        rest = plain.removesuffix(ending)
        if len(rest) >= 4:  # noqa: PLR2004 - shorter ones stand in many names
            short.setdefault(rest, set()).add(name)
    return full, short


def _enterprises(text: str, names: tuple[dict[str, set[str]], dict[str, set[str]]]) -> list[str]:
    """Return whom a text names, in full or else in short."""
    for written in names:
        found = [plain for plain in written if plain in text]
        # 示例合金 stands within 新示例合金: the longer one is meant.
        longest = [plain for plain in found if not any(plain != other and plain in other for other in found)]
        if longest:
            return sorted({name for plain in longest for name in written[plain]})
    return []


def _item(text: str, enterprise: Enterprise) -> str | None:
    """Return the equipment that a text names; of several of one name, that whose model it names as well."""
    named = {item for item in enterprise.items if _plain(item[0]) and _plain(item[0]) in text}
    exact = {item for item in named if _plain(item[1]) and _plain(item[1]) in text}
    meant = exact or named
    if len({name for name, _ in meant}) != 1:
        return None
    name, model = min(meant)
    return f"{name}／{model}" if len(meant) == 1 and model else name


def _plain(text: str) -> str:
    return _APART.sub("", unicodedata.normalize("NFKC", text)).upper()
