"""Holds one condition of the catalogue against what a list says of an equipment item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from phaseout.domain.catalogue import CatalogueItem, Comparison, Condition, Doubt, Equipment, Operator, Outcome
from phaseout.domain.measures import (
    Measure,
    Vocabulary,
    packed,
    parse_capacity,
    parse_commissioned,
    parse_measures,
    parse_words,
)

_DAYS_A_YEAR = Decimal("365.25")
# A rating written in kW where the catalogue asks kVA is a usual slip, and no figure to judge by.
_MISTAKEN = {"kVA": "MW"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an equipment item's texts say, parsed once."""

    text: str  # name, model and parameters, packed
    whole: str  # the same with product, process and enterprise
    measures: tuple[Measure, ...]
    words: Mapping[str, tuple[str, ...]]
    age: Measure | None
    vocabulary: Vocabulary


def facts_of(equipment: Equipment, vocabulary: Vocabulary, *, as_of: date) -> Facts:
    """Parse what a list says of an equipment item."""
    texts = (equipment.name, equipment.model, equipment.params)
    text = packed(" ".join(texts))
    measures = [measure for part in texts[:2] for measure in parse_measures(part, vocabulary)]
    measures += parse_measures(equipment.params, vocabulary, with_bare_numbers=True)
    capacity = parse_capacity(equipment.capacity, equipment.capacity_unit, vocabulary)
    if capacity is not None:
        measures.append(replace(capacity, is_upper_bound=equipment.is_capacity_of_enterprise))
    return Facts(
        text=text,
        whole=packed("|".join((*texts, equipment.context, equipment.enterprise))),
        measures=tuple(measures),
        words=_words(texts, equipment.context, vocabulary),
        age=_age(equipment, as_of=as_of),
        vocabulary=vocabulary,
    )


def compare(condition: Condition, facts: Facts, *, item: CatalogueItem) -> Comparison:
    """Hold a condition against the facts."""
    if condition.operator is Operator.ONE_OF:
        return _compare_words(condition, facts, item)
    found = _candidates(condition, facts, is_per_line=item.is_per_line)
    if not found:
        return _missing(condition, facts, item)
    outcomes = {_held(condition, measure) for measure in found}
    if len(outcomes) > 1:
        return Comparison(item.id, condition, Outcome.UNSURE, found, doubt=Doubt.SEVERAL)
    ((outcome, doubt),) = outcomes
    beyond = _beyond(condition, found) if outcome is Outcome.NOT_MET else None
    return Comparison(item.id, condition, outcome, found, doubt=doubt, beyond=beyond)


def is_on_threshold(comparison: Comparison) -> bool:
    """Say whether a value stands exactly on its threshold."""
    return comparison.doubt is Doubt.ON_THRESHOLD


def _words(texts: Sequence[str], context: str, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return what is said in words: by the equipment itself, or else by product and process."""
    return {**parse_words(context, vocabulary), **parse_words(" ".join(texts), vocabulary)}


def _age(equipment: Equipment, *, as_of: date) -> Measure | None:
    """Reckon the age from the month or year of commissioning; a year alone leaves a span."""
    texts = (equipment.params, equipment.name, equipment.model)
    written = next(filter(None, (parse_commissioned(text) for text in texts)), None) or equipment.commissioned
    parts = [part for part in written.split("-")[:2] if part.isdecimal()]
    if not parts:
        return None
    year, months = int(parts[0]), [int(parts[1])] if len(parts) > 1 else [12, 1]
    if not date.min.year <= year < date.max.year or not all(1 <= month <= 12 for month in months):  # noqa: PLR2004  months
        return None
    spans = [Decimal((as_of - date(year, month, 1)).days) / _DAYS_A_YEAR for month in months]
    return Measure(round(spans[0], 1), round(spans[-1], 1), "年", f"{written}投产")


def _compare_words(condition: Condition, facts: Facts, item: CatalogueItem) -> Comparison:
    found = facts.words.get(condition.parameter, ())
    if not found:
        return Comparison(item.id, condition, Outcome.UNSURE, doubt=Doubt.MISSING)
    held = {word in condition.words for word in found}
    if len(held) > 1:
        return Comparison(item.id, condition, Outcome.UNSURE, found_words=found, doubt=Doubt.SEVERAL)
    return Comparison(item.id, condition, Outcome.MET if held == {True} else Outcome.NOT_MET, found_words=found)


def _candidates(condition: Condition, facts: Facts, *, is_per_line: bool) -> tuple[Measure, ...]:
    """Return the measures that may be the parameter's: those called so, else capacity, else those without a name."""
    fitting = [
        measure
        for measure in facts.measures
        if measure.unit == condition.base_unit and (not measure.parameters or condition.parameter in measure.parameters)
    ]
    written = [measure for measure in fitting if not measure.is_capacity and not measure.is_type_number]
    capacity = [_of_one_line(measure) if is_per_line else measure for measure in fitting if measure.is_capacity]
    by_name = [measure for measure in written if condition.parameter in measure.parameters]
    type_numbers = [measure for measure in fitting if measure.is_type_number]
    parameter = facts.vocabulary.by_key.get(condition.parameter)
    age = [facts.age] if facts.age and parameter and parameter.takes_age else []
    return _distinct(by_name or capacity or written or type_numbers or age)


def _distinct(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Leave out what is said twice, and the plain figure of a bound (460立方米及以下 beside 460m3)."""
    bounds = {bound for one in measures if one.value is None for bound in (one.low, one.high) if bound is not None}
    kept = {(one.low, one.high): one for one in reversed(measures) if one.value is None or one.value not in bounds}
    return tuple(reversed(kept.values()))


def _of_one_line(measure: Measure) -> Measure:
    """Return what a whole enterprise's capacity says of one of its lines: at most that."""
    return replace(measure, low=None) if measure.is_upper_bound else measure


def _missing(condition: Condition, facts: Facts, item: CatalogueItem) -> Comparison:
    """Say that there is no value; or that there is a figure without its unit, or in the wrong one."""
    unnamed = tuple(
        measure
        for measure in facts.measures
        if (measure.unit is None and (not measure.parameters or condition.parameter in measure.parameters))
        or measure.unit == _MISTAKEN.get(condition.base_unit)
    )
    doubt = Doubt.NO_UNIT if unnamed else Doubt.MISSING
    return Comparison(item.id, condition, Outcome.UNSURE, unnamed, doubt=doubt)


def _held(condition: Condition, measure: Measure) -> tuple[Outcome, Doubt | None]:
    """Hold a condition against one interval: all of it, none of it, or a part."""
    threshold = condition.threshold
    assert threshold is not None  # noqa: S101  a condition that measures has one
    if measure.value == threshold:
        return Outcome.UNSURE, Doubt.ON_THRESHOLD
    below = measure.high is not None and (
        measure.high < threshold or (measure.high == threshold and measure.is_high_open)
    )
    above = measure.low is not None and (measure.low > threshold or (measure.low == threshold and measure.is_low_open))
    if not below and not above:
        return Outcome.UNSURE, Doubt.WHOLE_ENTERPRISE if measure.is_upper_bound else Doubt.RANGE
    if below is condition.is_upper:
        return Outcome.MET, None
    if condition.doubtful_to is not None and above and measure.low is not None and measure.low <= condition.doubtful_to:
        return Outcome.UNSURE, Doubt.DOUBTFUL_FIGURE
    return Outcome.NOT_MET, None


def _beyond(condition: Condition, found: Sequence[Measure]) -> Decimal | None:
    """Return by which share of the threshold the nearest plain value misses it."""
    values = [measure.value for measure in found if measure.value is not None]
    if not values or not condition.threshold:
        return None
    return min(abs(value - condition.threshold) / condition.threshold for value in values)
