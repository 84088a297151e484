"""The cases of the SQL rules, and a warehouse that runs one rule at a time: as it is written, or as a variant of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from phaseout.adapters.definitions.rules import RuleEntry
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.domain.finding import Rule
from phaseout.domain.submission import Breach
from phaseout.ports import RuleDidNotRun
from tests.warehouse_rows import CAMPAIGN, FORMS, NANJING, PARAMETERS, REFERENCES, ROOT, RULES, SUITES, load, workbook

CASES = Path(__file__).parent / "spec" / "rules"
SQL_RULES: Mapping[str, tuple[str, RuleEntry]] = {
    entry.rule.id: (form, entry) for form, suite in SUITES.items() for entry in suite if entry.sql
}
Case = Mapping[str, object]
# Beside what other tests refer to: a unit whose counties nobody told, and a county with the name of a development zone.
_FURTHER: Mapping[str, Sequence[Mapping[str, object]]] = {
    "unit": [{"unit_code": "320300", "unit_name": "徐州市", "short_name": "徐州", "position": 3}],
    "county": [{"unit_code": NANJING, "county_code": "320161", "county_name": "江北新区"}],
}


@dataclass(slots=True)
class _Chosen:
    """The one rule that a form has for now."""

    rule: Rule
    sql: str | None


class RuleBench:
    """A warehouse in memory in which one rule at a time is held against its cases."""

    def __init__(self, *, rules_folder: Path = RULES) -> None:
        first = {form: next((entry for entry in suite if entry.sql), None) for form, suite in SUITES.items()}
        self._chosen = {form: _Chosen(entry.rule, entry.sql) for form, entry in first.items() if entry}
        self.warehouse = DuckDbWarehouse(
            None,
            forms=FORMS,
            entries={form: [chosen] for form, chosen in self._chosen.items()},
            sql_folder=ROOT / "data" / "sql",
            rules_folder=rules_folder,
        )
        references = {name: [*rows, *_FURTHER.get(name, ())] for name, rows in REFERENCES.items()}
        self.warehouse.refresh(references, campaign=CAMPAIGN)

    def breaches(self, rule: str, case: Case) -> list[Breach]:
        """Return what the rule finds in a case."""
        form, entry = SQL_RULES[rule]
        with self._staged(form, case):
            return self._found(form, entry.rule, str(entry.sql))

    def unnoticed(self, rule: str, case: Case, statements: Sequence[str]) -> list[str]:
        """Return the statements that find in a case of the rule just what the rule should."""
        form, entry = SQL_RULES[rule]
        with self._staged(form, case):
            return [statement for statement in statements if self._passes(form, entry.rule, case, statement)]

    @contextmanager
    def _staged(self, form: str, case: Case) -> Iterator[None]:
        with self.warehouse.batch():
            load(self.warehouse, *(workbook(**accepted) for accepted in case.get("accepted", [])))  # type: ignore[attr-defined]
            self.warehouse.stage(FORMS[form], [workbook(form, **case.get("staged", {}))])  # type: ignore[arg-type]
            yield

    def _passes(self, form: str, rule: Rule, case: Case, statement: str) -> bool:
        try:
            found = self._found(form, rule, statement)
        except (RuleDidNotRun, KeyError):  # it fails, or tells of a submission that is not there to be checked
            return False
        return len(found) == len(wanted(case)) and shown(case, found) == wanted(case)

    def _found(self, form: str, rule: Rule, statement: str) -> list[Breach]:
        self._chosen[form].rule, self._chosen[form].sql = rule, statement
        return [breach for _, breach in self.warehouse.check(form, parameters=PARAMETERS)]


def cases_of(rule: str) -> Sequence[Case]:
    """Return the cases of a rule."""
    cases: Sequence[Case] = yaml.safe_load((CASES / f"{rule}.yaml").read_text("utf-8"))
    return cases


def wanted(case: Case) -> Sequence[Case]:
    """Return what a case says that the rule finds."""
    breaches: Sequence[Case] = case.get("breaches", [])  # type: ignore[assignment]
    return breaches


def shown(case: Case, found: Sequence[Breach]) -> list[dict[str, object]]:
    """Return of each breach what its case speaks of."""
    told = [
        {"row": breach.row, "field": breach.field, **{name: str(value) for name, value in breach.facts.items()}}
        for breach in found
    ]
    return [{name: facts[name] for name in breach} for breach, facts in zip(wanted(case), told, strict=False)]
