"""A change of the catalogue in force (目录更新): the office's act, and what it changes, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.catalogue import CatalogueItem, Condition, Confidence
from phaseout.domain.judgement_words import CATEGORY_WORDS, condition_text

_FIELD_WORDS: Mapping[str, str] = {
    "name": "名称",
    "industry": "行业",
    "category": "类别",
    "confidence": "可信度",
    "deadline": "期限",
    "exceptions": "除外情形",
    "disputed": "争议情形",
}
_CONDITIONS = frozenset({"all_of", "any_of"})
_CONFIDENCE_WORDS: Mapping[Confidence, str] = {Confidence.HIGH: "高", Confidence.MEDIUM: "中", Confidence.LOW: "低"}
_NOTHING = "无"


@dataclass(frozen=True, slots=True)
class CatalogueOffer:
    """What an official list would put in force, and in what it differs from the catalogue in force."""

    title: str
    raw: bytes  # the list as it came
    content: bytes  # the whole catalogue that is made of it
    differences: Sequence[Mapping[str, object]]
    is_in_force: bool

    def count(self, change: str) -> int:
        """Return how many items are new, changed or gone."""
        return len({row["item"] for row in self.differences if row["change"] == change})


@dataclass(frozen=True, slots=True)
class CatalogueImport:
    """The act by which an official list came into force."""

    title: str
    file_name: str
    sha256: str  # of the list as it came
    in_force_sha256: str  # of the catalogue made of it; both are in the archive
    added: int
    changed: int
    removed: int
    imported_by: str
    reason: str
    imported_at: datetime


def item_words(item: CatalogueItem, *, is_new: bool) -> str:
    """Say that an item is new or gone, and what it asks."""
    asked = "，".join(f"{one.label}{condition_text(one)}" for one in item.conditions)
    return f"{'新增' if is_new else '删去'}条目“{item.name}”" + (f"：{asked}" if asked else "")


def field_words(before: CatalogueItem, after: CatalogueItem, field: str) -> str:
    """Say in what a field of an item has changed."""
    if field in _CONDITIONS:
        return _condition_words(getattr(before, field), getattr(after, field))
    if field not in _FIELD_WORDS:
        return "其他内容有调整"
    return f"{_FIELD_WORDS[field]}由“{_plain(before, field)}”改为“{_plain(after, field)}”"


def _condition_words(before: Sequence[Condition], after: Sequence[Condition]) -> str:
    old, new = _by_label(before), _by_label(after)
    changes = [
        _one_condition(label, old.get(label, ()), new.get(label, ()))
        for label in dict.fromkeys((*old, *new))
        if _asked(old.get(label, ())) != _asked(new.get(label, ()))
    ]
    return "；".join(changes)


def _one_condition(label: str, before: Sequence[Condition], after: Sequence[Condition]) -> str:
    old, new = ("、".join(condition_text(one) for one in conditions) for conditions in (before, after))
    if not before:
        return f"新增条件：{label}{new}"
    if not after:
        return f"删去条件：{label}{old}"
    return f"{label}由{old}改为{new}"


def _by_label(conditions: Sequence[Condition]) -> dict[str, list[Condition]]:
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        found.setdefault(condition.label, []).append(condition)
    return found


def _asked(conditions: Sequence[Condition]) -> set[tuple[object, ...]]:
    return {(one.operator, one.words, one.threshold) for one in conditions}


def _plain(item: CatalogueItem, field: str) -> str:
    if field == "category":
        return CATEGORY_WORDS[item.category]
    if field == "confidence":
        return _CONFIDENCE_WORDS[item.confidence]
    value = getattr(item, field)
    if isinstance(value, tuple):
        return "；".join(one.text for one in value) or _NOTHING
    return str(value) if value else _NOTHING
