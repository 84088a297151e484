"""The examples of the row rules: those that stand beside the rule, and further ones at its bounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from phaseout.adapters.definitions.rules import RuleEntry
from phaseout.adapters.duckdb_warehouse.staging import stage_rows
from phaseout.adapters.gx_checker import GxChecker
from tests.rule_variants import Variant
from tests.warehouse_rows import FORMS, PARAMETERS, SUITES, workbook

FURTHER: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]] = yaml.safe_load(
    (Path(__file__).parent / "spec" / "row_rules.yaml").read_text("utf-8")
)
ROW_RULES: Mapping[str, tuple[str, RuleEntry]] = {
    entry.rule.id: (form, entry) for form, suite in SUITES.items() for entry in suite if entry.expectation
}
Example = Mapping[str, object]


def examples(rule: str) -> Iterator[tuple[Example, bool]]:
    """Yield each example of a rule, and whether the rule finds it."""
    entry, further = ROW_RULES[rule][1], FURTHER.get(rule, {})
    yield from ((row, False) for row in (entry.passing, *further.get("passing", ())))
    yield from ((row, True) for row in (entry.failing, *further.get("failing", ())))


def unnoticed(form: str, variants: Mapping[str, Sequence[Variant]]) -> list[str]:
    """Return the variants that tell of every example what the rule itself should: nobody would notice them."""
    told = _told(form, variants)
    return [
        f"{rule} {variant.fault}"
        for rule, of_rule in variants.items()
        for position, variant in enumerate(of_rule)
        if told[rule, position] == [found for _, found in examples(rule)]
    ]


def _told(form: str, variants: Mapping[str, Sequence[Variant]]) -> dict[tuple[str, int], list[bool]]:
    """Return which examples of its rule each variant finds, all in one run."""
    named = {
        f"{rule}/{position}": replace(variant.entry, rule=replace(variant.entry.rule, id=f"{rule}/{position}"))
        for rule, of_rule in variants.items()
        for position, variant in enumerate(of_rule)
    }
    rows = [(rule, row) for rule in variants for row, _ in examples(rule)]
    frame = stage_rows(FORMS[form], [workbook(form, [row for _, row in rows], base={})]).frame
    hits = set(GxChecker({form: list(named.values())}).check(form, frame, parameters=PARAMETERS))
    places = {rule: [place for place, (of, _) in enumerate(rows) if of == rule] for rule in variants}
    return {
        (rule, position): [(place, f"{rule}/{position}") in hits for place in places[rule]]
        for rule, of_rule in variants.items()
        for position in range(len(of_rule))
    }
