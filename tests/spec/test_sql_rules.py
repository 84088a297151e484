from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from tests.warehouse_rows import CAMPAIGN, FORMS, PARAMETERS, REFERENCES, RULES, SUITES, load, open_warehouse, workbook

CASES = Path(__file__).parent / "rules"
SQL_RULES = {entry.rule.id: form for form, suite in SUITES.items() for entry in suite if entry.sql}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[DuckDbWarehouse]:
    opened = open_warehouse()
    opened.refresh(REFERENCES, campaign=CAMPAIGN)
    yield opened
    opened.close()


def cases():
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")


def breaches_of(warehouse, rule, case):
    form = SQL_RULES[rule]
    with warehouse.batch():
        load(warehouse, *(workbook(**accepted) for accepted in case.get("accepted", [])))
        warehouse.stage(FORMS[form], [workbook(form, **case.get("staged", {}))])
        return [breach for _, breach in warehouse.check(form, parameters=PARAMETERS) if breach.rule == rule]


@pytest.mark.parametrize(("rule", "case"), cases())
def test_a_rule_finds_exactly_the_breaches_of_its_cases(warehouse, rule, case):
    found = breaches_of(warehouse, rule, case)

    wanted = case.get("breaches", [])
    told = [
        {"row": breach.row, "field": breach.field, **{name: str(value) for name, value in breach.facts.items()}}
        for breach in found
    ]
    shown = [{name: facts[name] for name in breach} for breach, facts in zip(wanted, told, strict=False)]
    assert len(found) == len(wanted), told
    assert shown == wanted


def test_every_sql_rule_has_a_file_and_cases_and_none_is_left_over():
    files = {path.stem for path in RULES.glob("*.sql")}
    tested = {path.stem for path in CASES.glob("*.yaml")}

    assert files == set(SQL_RULES)
    assert tested == set(SQL_RULES)
    assert all(entry.sql == f"{entry.rule.id}.sql" for suite in SUITES.values() for entry in suite if entry.sql)


def test_every_rule_has_a_case_that_passes_and_one_that_fails():
    for path in CASES.glob("*.yaml"):
        outcomes = {bool(case.get("breaches")) for case in yaml.safe_load(path.read_text("utf-8"))}
        assert outcomes == {True, False}, path.name


@pytest.mark.parametrize("rule", sorted(SQL_RULES))
def test_a_message_quotes_only_what_the_rule_tells(warehouse, rule):
    failing = [case for case in yaml.safe_load((CASES / f"{rule}.yaml").read_text("utf-8")) if case.get("breaches")]
    form = SQL_RULES[rule]
    columns = dict.fromkeys((field.name for field in FORMS[form].fields), "")
    words = next(entry.rule for entry in SUITES[form] if entry.rule.id == rule)
    for breach in breaches_of(warehouse, rule, failing[0]):
        facts = {"found": "", "expected": "", **columns, **breach.facts} if breach.row else breach.facts
        assert words.message.format(**facts)
        assert words.expected.format(**facts)
