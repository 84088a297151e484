"""A rule with one thing wrong in it is noticed by the rule's own examples, whatever is wrong."""

import pytest

from phaseout.domain.finding import Severity
from tests import rule_variants
from tests.row_cases import FURTHER, ROW_RULES, unnoticed
from tests.rule_cases import SQL_RULES, RuleBench, cases_of
from tests.warehouse_rows import PARAMETERS, RULES
from tools import form_pages

FORMS = sorted({form for form, _ in ROW_RULES.values()})
# One statement of a rule's own and one that forms share stand for all in the everyday set.
SAMPLE = ["PROG-321.sql", "sequence.sql"]
STATEMENTS = sorted({entry.sql for _, entry in SQL_RULES.values()})
# Faults that no example can show, by the line that would hold them.
SAME_ALL_THE_SAME = {
    "AND named.row_id > earlier.row_id (> for >=)",  # a row has one name and one code, so it never differs from itself
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(scope="module")
def bench(folder):
    opened = RuleBench(rules_folder=folder)
    yield opened
    opened.warehouse.close()


def survivors(bench, folder, statement):
    """Return the faults of a statement that the cases of no rule which uses it notice."""
    alive = {}
    for number, (fault, text) in enumerate(rule_variants.statements((RULES / statement).read_text("utf-8"))):
        name = f"{statement.removesuffix('.sql')}_{number}.sql"
        (folder / name).write_text(text, "utf-8")
        alive[name] = fault
    for rule in [rule for rule, (_, entry) in SQL_RULES.items() if entry.sql == statement]:
        for case in cases_of(rule):
            alive = {name: alive[name] for name in bench.unnoticed(rule, case, list(alive))}
    return [fault for fault in alive.values() if fault.partition(": ")[2] not in SAME_ALL_THE_SAME]


@pytest.mark.parametrize("statement", SAMPLE)
def test_every_fault_of_a_sample_of_statements_is_noticed(bench, folder, statement):
    assert survivors(bench, folder, statement) == []


@pytest.mark.slow
@pytest.mark.parametrize("statement", [name for name in STATEMENTS if name not in SAMPLE])
def test_every_fault_of_a_statement_is_noticed(bench, folder, statement):
    assert survivors(bench, folder, statement) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_wrong_argument_of_a_row_rule_is_noticed(form):
    own = {rule: entry for rule, (of, entry) in ROW_RULES.items() if of == form}
    variants = {rule: list(rule_variants.entries(entry, parameters=PARAMETERS)) for rule, entry in own.items()}

    assert unnoticed(form, {rule: of_rule for rule, of_rule in variants.items() if of_rule}) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_row_rule_tells_of_each_of_its_examples_what_stands_there(form):
    own = {rule: entry for rule, (of, entry) in ROW_RULES.items() if of == form}
    unchanged = {rule: [rule_variants.Variant("as it is", entry)] for rule, entry in own.items()}

    assert unnoticed(form, unchanged) == [f"{rule} as it is" for rule in own]


def test_a_fault_that_no_example_shows_would_be_reported():
    rule, (form, entry) = next((rule, found) for rule, found in ROW_RULES.items() if found[1].rule.field == "seq")

    assert unnoticed(form, {rule: [rule_variants.Variant("nothing changed", entry)]}) == [f"{rule} nothing changed"]


def test_further_examples_are_of_rules_that_there_are():
    assert set(FURTHER) <= set(ROW_RULES)


def test_the_committed_page_holds_severity_field_and_title_of_every_rule_and_no_other_rule():
    page = form_pages.RULES.read_text("utf-8")
    entries = [entry for _, entry in (*ROW_RULES.values(), *SQL_RULES.values())]
    told = [
        line.split(" | ")[:4] for line in page.splitlines() if line.startswith("| ") and "-" in line.split(" | ")[0]
    ]
    severities = {severity.value: form_pages.SEVERITIES[severity.value] for severity in Severity}
    wanted = [
        [f"| {rule.id}", severities[rule.severity], f"`{rule.field}`" if rule.field else "", rule.title]
        for rule in (entry.rule for entry in entries)
    ]

    assert sorted(line for line in told if "READ-" not in line[0] and "---" not in line[0]) == sorted(wanted)
