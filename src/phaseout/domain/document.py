"""Documents (公文): what each version of a bulletin, table or report said, and which figures a later one corrects."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

Figures = Mapping[str, Mapping[str, object]]  # by unit, or by what else stands at a line's head, and column
Causes = Callable[[str, str], str]  # says in words by which submissions a unit's figure changed; empty if by none

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(_DAY.pattern + r"T\d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}:\d{2}", re.ASCII)


class DocumentKind(StrEnum):
    """What a document is, by the word that its command takes."""

    BULLETIN = "bulletin"
    SUMMARY = "summary"
    FINAL = "final"
    CLOSING = "closing"
    CORRECTIONS = "corrections"


DOCUMENT_WORDS: Mapping[DocumentKind, str] = MappingProxyType(
    {
        DocumentKind.BULLETIN: "情况通报",
        DocumentKind.SUMMARY: "汇总表",
        DocumentKind.FINAL: "完成淘汰清单",
        DocumentKind.CLOSING: "工作总结",
        DocumentKind.CORRECTIONS: "更正说明",
    }
)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure (更正事项) that a version corrects, and the submissions by which it changed."""

    place: str  # the unit, or what else stands at the head of the line
    figure: str
    before: str
    after: str
    by: str  # in words; empty when no submission of the unit explains it


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document is to say: *facts* for its text, *figures* to compare, and lists too long for the ledger."""

    campaign: str
    kind: DocumentKind
    period: str | None
    facts: Mapping[str, object]
    figures: Figures
    lists: Mapping[str, Sequence[Mapping[str, object]]]  # sheet title to rows


@dataclass(frozen=True, slots=True)
class Edition:
    """A version (第n版) as it is written into files."""

    campaign: str
    kind: DocumentKind
    period: str | None
    version: int
    as_of: datetime  # 数据截止
    facts: Mapping[str, Any]
    changes: tuple[FigureChange, ...]
    lists: Mapping[str, Sequence[Mapping[str, object]]]
    before_as_of: datetime | None = None  # of the version before


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """A version as the ledger keeps it."""

    campaign: str
    kind: DocumentKind
    period: str | None
    version: int
    as_of: datetime  # 数据截止
    content: str  # facts, figures and the hash of the lists, as JSON
    changes: tuple[FigureChange, ...]
    files: Mapping[str, str]  # name to SHA-256


def content_of(draft: Draft) -> str:
    """Return what a draft says as JSON; the same figures, the same text."""
    lists = sha256(_json(draft.lists).encode()).hexdigest()
    return _json({"facts": draft.facts, "figures": draft.figures, "lists": lists})


def facts_of(content: str) -> dict[str, Any]:
    """Return the facts that a version was written from, its days and instants as such."""
    return {key: _revived(value) for key, value in json.loads(content)["facts"].items()}


def figures_of(content: str) -> Figures:
    """Return the figures of a version."""
    figures: Figures = json.loads(content)["figures"]
    return figures


def changes_between(before: str, after: str, *, causes: Causes) -> tuple[FigureChange, ...]:
    """Return which figures differ between two contents, in the order of the later one; *causes* says why, in words."""
    return tuple(_changes(figures_of(before), figures_of(after), causes))


def _changes(before: Figures, after: Figures, causes: Causes) -> Iterator[FigureChange]:
    for place in dict.fromkeys([*after, *before]):
        old, new = before.get(place, {}), after.get(place, {})
        for figure in dict.fromkeys([*new, *old]):
            if old.get(figure) != new.get(figure):
                yield FigureChange(
                    place, figure, _said(old.get(figure)), _said(new.get(figure)), by=causes(place, figure)
                )


def _said(value: object) -> str:
    return "—" if value is None or value == "" else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):  # an instant is one, too
        return value.isoformat()
    return str(value)


def _revived(value: object) -> object:
    match value:
        case dict():
            return {key: _revived(one) for key, one in value.items()}
        case list():
            return [_revived(one) for one in value]
        case str() if _DAY.fullmatch(value):
            return date.fromisoformat(value)
        case str() if _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
    return value


def changes_as_json(changes: Sequence[FigureChange]) -> str:
    """Return changes as the ledger keeps them."""
    return json.dumps([asdict(one) for one in changes], ensure_ascii=False)


def changes_from_json(text: str) -> tuple[FigureChange, ...]:
    """Return changes as they were kept."""
    return tuple(FigureChange(**one) for one in json.loads(text))
