"""Suspected omissions (疑似漏报): ranked signals that something may have been left out; never said as a fact."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import (
    Catalogue,
    Category,
    Comparison,
    Doubt,
    Equipment,
    Judged,
    Judgement,
    Match,
    Outcome,
)
from phaseout.domain.judgement_words import JUDGEMENT_WORDS, comparison_value, condition_text
from phaseout.domain.judging import Judge
from phaseout.domain.overview import group_word

JUST_BEYOND = Decimal("0.05")  # of the threshold
_MISSING = frozenset({Doubt.MISSING, Doubt.NO_UNIT, Doubt.NOTHING_NAMED, Doubt.VAGUE_NAME})

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of signal, selected by the statement of its key with its limits as parameters."""

    key: str
    word: str
    look_at: str  # what a person should look at
    limits: Mapping[str, int]


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


def ranked(rows: Sequence[Row], signals: Sequence[Signal]) -> list[dict[str, object]]:
    """Return what was found with its places: in the order of *signals*, then by how many machines it is about."""
    kinds = {signal.key: (place, signal) for place, signal in enumerate(signals)}

    def strength(row: Row) -> tuple[object, ...]:
        keys = ("unit_code", "industry_key", "uscc", "item_id", "reason")
        return (kinds[str(row["signal"])][0], -_sets(row), *(str(row[key] or "") for key in keys))

    return [
        {**row, "rank": place, "sets": _sets(row), **_words(kinds[str(row["signal"])][1])}
        for place, row in enumerate(sorted(rows, key=strength), start=1)
    ]


def _words(signal: Signal) -> dict[str, object]:
    return {"signal_word": signal.word, "look_at": signal.look_at}


def signal_counts(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return how many signals of each kind were found, in the order of the rows; *rows* as the marts show them."""
    counts = Counter((str(row["signal_word"]), str(row["look_at"])) for row in rows)
    return [{"word": word, "look_at": look_at, "count": count} for (word, look_at), count in counts.items()]


def omission_facts(campaign: Campaign, rows: Sequence[Row], *, as_of: datetime) -> dict[str, object]:
    """Return what the list of suspected omissions shows, for the office alone."""
    return {
        "as_of": as_of,
        "campaign_title": campaign.title,
        "notice": campaign.notice,
        "unit_group": group_word(campaign),
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
        "signals": signal_counts(rows),
        "rows": [{**row, "judgement_word": _judgement_word(row["judgement"])} for row in rows],
    }


def _judgement_word(judgement: object) -> str | None:
    return JUDGEMENT_WORDS[Judgement(str(judgement))] if judgement else None


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
