from collections.abc import Iterator

import pytest

from tests.rule_cases import CASES, SQL_RULES, RuleBench, cases_of, shown, wanted
from tests.warehouse_rows import FORMS, RULES


@pytest.fixture(scope="module")
def bench() -> Iterator[RuleBench]:
    opened = RuleBench()
    yield opened
    opened.warehouse.close()


def cases():
    for path in sorted(CASES.glob("*.yaml")):
        for case in cases_of(path.stem):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize(("rule", "case"), cases())
def test_a_rule_finds_exactly_the_breaches_of_its_cases(bench, rule, case):
    found = bench.breaches(rule, case)

    assert len(found) == len(wanted(case)), found
    assert shown(case, found) == wanted(case)


def test_every_sql_rule_has_a_file_and_cases_and_none_is_left_over():
    files = {path.stem for path in RULES.glob("*.sql")}
    tested = {path.stem for path in CASES.glob("*.yaml")}

    named = {(rule, entry.sql.removesuffix(".sql")) for rule, (_, entry) in SQL_RULES.items()}
    assert files == {name for _, name in named}
    assert tested == set(SQL_RULES)
    assert all(name == rule or name.islower() for rule, name in named)  # a file of a rule's own bears its id


def test_every_rule_has_a_case_that_passes_and_one_that_fails():
    for rule in SQL_RULES:
        assert {bool(wanted(case)) for case in cases_of(rule)} == {True, False}, rule


def test_every_failing_case_says_at_which_row_or_field_something_is_found():
    for rule in SQL_RULES:
        breaches = [breach for case in cases_of(rule) for breach in wanted(case)]
        assert any({"row", "field"} & breach.keys() for breach in breaches), rule


@pytest.mark.parametrize("rule", sorted(SQL_RULES))
def test_a_message_quotes_only_what_the_rule_tells(bench, rule):
    failing = [case for case in cases_of(rule) if wanted(case)]
    form, entry = SQL_RULES[rule]
    columns = dict.fromkeys((field.name for field in FORMS[form].fields), "")
    words = entry.rule
    for breach in bench.breaches(rule, failing[0]):
        facts = {"found": "", "expected": "", **columns, **breach.facts} if breach.row else breach.facts
        assert words.message.format(**facts)
        assert words.expected.format(**facts)
        assert words.remedy.format(**facts)
