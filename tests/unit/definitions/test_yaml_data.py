"""What the office may change is checked when it is read, and wrong data is shown by file and line."""

import re
from datetime import date

import pytest

from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.rules import load_refusals, load_rules, load_suite
from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, read_model
from phaseout.domain.finding import Severity
from tests.form_samples import ROOT


class Example(Definition):
    days: tuple[date, ...]
    count: int = 0
    word: str | None = None


def test_a_file_becomes_a_model(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("days: [2022-08-12, '2022-09-09']\nword: 行业\n", "utf-8")

    assert read_model(path, Example) == Example(days=(date(2022, 8, 12), date(2022, 9, 9)), word="行业")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("days: []\ncount: '2'\n", 2, "count", id="another type"),
        pytest.param("days:\n  - 2022-08-12\n  - soon\n", 3, "days.1", id="inside a list"),
        pytest.param("days: []\n\nunknown: 1\n", 3, "unknown", id="unknown key"),
        pytest.param("count: 1\n", 1, "days", id="missing key"),
        pytest.param("days: []\ncount: 1\ncount: 2\n", 3, "stands twice", id="double key"),
        pytest.param("days: [\n", 2, "did not find", id="no YAML"),
        pytest.param("count: 1\ndays:\n  - 2022-08-12\n  - 2022-02-30\n", 4, "days.1: .*day", id="no such day"),
        pytest.param("", 1, "empty", id="empty"),
        pytest.param("[]\n", 1, "object", id="a list"),
    ],
)
def test_wrong_data_is_shown_by_file_and_line(tmp_path, text, line, words):
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(BadDefinition, match=words) as wrong:
        read_model(path, Example)

    assert (wrong.value.file, wrong.value.line) == (path, line)


def test_a_missing_file_is_bad_data(tmp_path):
    with pytest.raises(BadDefinition, match="cannot be read"):
        read_model(tmp_path / "none.yaml", Example)


def _copy_of_contact(folder, old, new):
    text = (ROOT / "data" / "forms" / "contact.yaml").read_text("utf-8")
    assert old in text
    (folder / "contact.yaml").write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: text", "type: words", "type"),
        ("role: unit", "role: mayor", "role"),
        ("name: city", "name: remark", "stands twice"),
        ("item_key: []", "item_key: [uscc]", "unknown"),
        ("id: contact", "id: contacts", "contacts.yaml"),
        ("label: 备注,", "label: 备注, choices: [甲], synonyms: {乙: 丙},", "no choice: 丙"),
    ],
)
def test_a_form_that_does_not_hang_together_is_refused(tmp_path, old, new, words):
    _copy_of_contact(tmp_path, old, new)

    with pytest.raises(BadDefinition, match=words):
        load_forms(tmp_path)


def test_a_folder_without_forms_is_refused(tmp_path):
    with pytest.raises(BadDefinition, match="no form"):
        load_forms(tmp_path)


WORDS = "severity: error, title: 甲, message: 乙, expected: 丙, remedy: 丁, basis: 戊"


def test_a_suite_exposes_how_each_rule_is_checked(tmp_path):
    path = tmp_path / "suite.yaml"
    checks = "expectation: {type: expect_x, kwargs: {column: email}}, passing: {email: a@b.example}"
    path.write_text(
        "form: contact\ntitle: 虚构套件\nrules:\n"
        f"  - {{id: CON-901, {WORDS}, field: email, {checks}}}\n"
        f"  - {{id: CON-902, {WORDS}, sql: CON-902.sql}}\n",
        "utf-8",
    )
    one, other = load_suite(path)

    assert one.rule.severity is Severity.ERROR
    assert one.expectation == {"type": "expect_x", "kwargs": {"column": "email"}}
    assert (one.sql, one.passing, one.failing) == (None, {"email": "a@b.example"}, {})
    assert (other.expectation, other.sql) == (None, "CON-902.sql")


def test_a_rule_stands_once(tmp_path):
    rule = f"  - {{id: CON-901, {WORDS}}}\n"
    path = tmp_path / "suite.yaml"
    path.write_text(f"title: 虚构\nrules:\n{rule}{rule}", "utf-8")

    with pytest.raises(BadDefinition, match="CON-901 stands twice") as wrong:
        load_rules(path)

    assert wrong.value.line == 4


def test_every_refusal_says_what_to_do():
    refusals = load_refusals(ROOT / "data" / "refusals.yaml")

    assert {"encrypted", "wrong_form", "no_unit", "not_owed", "parser_failed"} <= set(refusals)
    assert all(title and remedy.startswith("请") for title, remedy in refusals.values())


def test_every_refusal_that_the_code_names_is_written_down():
    refusals = load_refusals(ROOT / "data" / "refusals.yaml")
    sources = [path.read_text("utf-8") for path in (ROOT / "src" / "phaseout").rglob("*.py")]
    # Whole names of a class: `QueryRefused`, say, is of no file that a unit sent.
    named = {name for text in sources for name in re.findall(r'\b(?:Unreadable|Refused)\("(.*?)"', text)}

    assert {"encrypted", "no_unit"} <= named
    assert named <= set(refusals)
