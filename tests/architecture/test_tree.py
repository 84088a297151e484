"""What must exist for what else exists: tasks and flows, letters and templates, settings and their page, rules."""

import ast
from collections import Counter

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.rules import load_suite
from phaseout.domain.letter import ANSWERS, LetterKind
from phaseout.settings import PROJECT, Settings
from tools import settings_page

DEFINITIONS = FileDefinitions(PROJECT)
LETTERS = PROJECT / "data" / "letters"
TRIO = {"subject.txt", "body.txt", "body.html"}


def modules(package):
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted((PROJECT / package).glob("*.py"))}


def is_task(function):
    decorators = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(isinstance(one, ast.Name) and one.id == "task" for one in decorators)


TASKS = sorted(
    node.name
    for tree in modules("tasks").values()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef) and is_task(node)
)


def test_the_tasks_are_found():
    assert {"take_in", "assess_batch", "write_letters", "send_letters", "publish_snapshot"} <= set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_used_by_a_flow(name):
    used = {
        node.func.id
        for tree in modules("flows").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert name in used


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_has_its_trio_of_templates(kind):
    assert {path.name for path in (LETTERS / kind).iterdir()} == TRIO


def test_every_folder_of_templates_is_a_letter():
    assert {path.name for path in LETTERS.iterdir() if path.is_dir()} == set(LetterKind)


@pytest.mark.parametrize("campaign", DEFINITIONS.campaigns())
def test_every_rung_names_a_letter_that_is_not_an_answer(campaign):
    known = DEFINITIONS.campaign(campaign)
    for rung in (*known.ladder, *known.enterprise_ladder):
        assert LetterKind(rung.letter) not in ANSWERS | BY_THEMSELVES


# The window's opening, the end of all that was owed, a stock-taking, and a draft that waits.
BY_THEMSELVES = {LetterKind.REQUEST, LetterKind.THANKS, LetterKind.TABLES, LetterKind.SIGNING}


def test_every_letter_is_an_answer_on_a_ladder_or_has_an_occasion_of_its_own():
    on_a_ladder = {
        LetterKind(rung.letter)
        for name in DEFINITIONS.campaigns()
        for rung in (*DEFINITIONS.campaign(name).ladder, *DEFINITIONS.campaign(name).enterprise_ladder)
    }

    assert on_a_ladder | ANSWERS | BY_THEMSELVES == set(LetterKind)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    assert f"| `{settings_page.variable(name)}` |" in settings_page.PAGE.read_text("utf-8")
    assert Settings.model_fields[name].description


def test_the_page_of_settings_is_fresh():
    assert settings_page.PAGE.read_text("utf-8") == settings_page.page(), "run: python -m tools.settings_page"


def test_every_rule_has_an_id_of_its_own_over_all_files():
    ids = Counter(
        entry.rule.id for path in sorted((PROJECT / "expectations").glob("*.yaml")) for entry in load_suite(path)
    )

    assert len(ids) > 100
    assert [rule for rule, count in ids.items() if count > 1] == []
