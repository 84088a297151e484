"""Suspected omissions (疑似漏报): ranked signals that something may have been left out; never said as a fact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from phaseout.domain.catalogue import Catalogue, Category, Comparison, Doubt, Equipment, Judged, Match, Outcome
from phaseout.domain.judgement_words import comparison_value, condition_text
from phaseout.domain.judging import Judge

# The strongest first: what contradicts itself, then what went missing, then what only looks odd.
SIGNAL_WORDS: Mapping[str, str] = {
    "self_judgement": "自判与目录初判不一致",
    "vanished": "装备前后不一致",
    "zero_report": "零报告存疑",
    "not_surveyed": "比对名单企业未列入",
    "identical_rows": "不同企业填报内容完全相同",
    "on_threshold": "参数恰在界限值上",
    "beyond_threshold": "参数刚好超出界限",
    "missing_parameter": "缺少判定参数",
}
SIGNALS = tuple(SIGNAL_WORDS)
JUST_BEYOND = Decimal("0.05")  # of the threshold
_MISSING = frozenset({Doubt.MISSING, Doubt.NO_UNIT, Doubt.NOTHING_NAMED})

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ListedEnterprise:
    """An enterprise of a comparison list (比对名单): permits, power supply, earlier years."""

    list_name: str
    unit: str
    industry: str
    name: str
    uscc: str | None


def catalogue_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    """Return the catalogue as the marts show it."""
    return [
        {
            "catalogue": catalogue.title,
            "source": catalogue.source,
            "item": item.id,
            "industry": item.industry,
            "category": item.category.value,
            "kind": item.kind,
            "section": item.section,
            "name": item.name,
            "conditions": "；".join(f"{one.label}{condition_text(one)}" for one in item.conditions) or None,
            "exceptions": "；".join(one.text for one in item.exceptions) or None,
            "deadline": item.deadline,
            "confidence": item.confidence.value,
            "evidence": ", ".join(item.evidence) or None,
        }
        for item in catalogue.items
    ]


def judgement_rows(wordings: Sequence[Row], catalogue: Catalogue, *, as_of: date) -> list[dict[str, object]]:
    """Judge each distinct wording of surveyed equipment once."""
    judge = Judge(catalogue, as_of=as_of)
    rows = {str(wording["wording_id"]): _judgement_row(judge(_equipment(wording))) for wording in wordings}
    return [{"wording_id": wording_id, **row} for wording_id, row in rows.items()]


def comparison_rows(listed: Sequence[ListedEnterprise]) -> list[dict[str, object]]:
    """Return the comparison lists as the warehouse keeps them."""
    return [
        {
            "list_name": one.list_name,
            "unit_code": one.unit,
            "industry_key": one.industry,
            "enterprise_name": one.name,
            "uscc": one.uscc,
        }
        for one in listed
    ]


def ranked(signals: Sequence[Row]) -> list[dict[str, object]]:
    """Return the signals with their places: by kind of signal, then by how many machines they are about."""

    def strength(row: Row) -> tuple[object, ...]:
        keys = ("unit_code", "industry_key", "uscc", "item_id", "reason")
        return (SIGNALS.index(str(row["signal"])), -_sets(row), *(str(row[key] or "") for key in keys))

    return [
        {**row, "rank": place, "sets": _sets(row), "signal_word": SIGNAL_WORDS[str(row["signal"])]}
        for place, row in enumerate(sorted(signals, key=strength), start=1)
    ]


def nearest_miss(judged: Judged) -> tuple[Match, Comparison] | None:
    """Return the comparison by which an eliminated item is only just missed; None when none is."""
    return min(_misses(judged), key=lambda miss: miss[1].beyond or Decimal(0), default=None)


def _misses(judged: Judged) -> Iterator[tuple[Match, Comparison]]:
    for match in judged.matches:
        failing = [one for one in match.comparisons if one.outcome is Outcome.NOT_MET]
        if match.item.category is Category.ELIMINATED and len(failing) == 1:
            (miss,) = failing
            if miss.beyond is not None and miss.beyond <= JUST_BEYOND:
                yield match, miss


def _judgement_row(judged: Judged) -> dict[str, object]:
    row: dict[str, object] = {
        "judgement": judged.judgement.value,
        "catalogue_items": ", ".join(judged.items) or None,
        "comparison": judged.comparison or None,
        "reason": judged.reason,
        "is_on_threshold": Doubt.ON_THRESHOLD in judged.doubts,
        "is_missing": not _MISSING.isdisjoint(judged.doubts) and Doubt.ONLY_REVIEW not in judged.doubts,
    }
    miss = nearest_miss(judged)
    return row if miss is None else {**row, **_near(*miss)}


def _near(match: Match, miss: Comparison) -> dict[str, object]:
    return {
        "near_item": match.item.id,
        "near_parameter": miss.condition.label,
        "near_value": comparison_value(miss),
        "near_threshold": condition_text(miss.condition),
        "near_permille": int((miss.beyond or Decimal(0)) * 1000),
    }


def _equipment(wording: Row) -> Equipment:
    def text(name: str) -> str:
        return str(wording[name] or "")

    return Equipment(
        industry=text("industry"),
        name=text("equip_name"),
        model=text("equip_model"),
        params=text("equip_params"),
        capacity=text("capacity"),
        capacity_unit=text("capacity_unit"),
        context=" ".join((text("product"), text("process"))),
        commissioned=text("commissioned"),
        is_capacity_of_enterprise=True,
    )


def _sets(row: Row) -> int:
    return int(str(row["sets"] or 0))
