"""Every reason to refuse a workbook (拒收) has its words for the unit, and no words stand there for nothing."""

import ast
from pathlib import Path

import pytest

from phaseout.adapters.definitions.rules import load_refusals

ROOT = Path(__file__).parents[2]
REFUSALS = load_refusals(ROOT / "data" / "refusals.yaml")
RAISES = {"Unreadable", "Refused"}  # the domain's, and the guard's in the parser's process
# What the parser's process answers is raised again by its parent; the process itself answers once without the guard.
PASSED_ON = "src/phaseout/adapters/workbook_reader/__init__.py"
ANSWERED = {"sheet_too_large"}


def codes_in(expression):
    """Return the codes that an expression can be; None when it is not written out."""
    if isinstance(expression, ast.Constant):
        return {expression.value}
    if isinstance(expression, ast.IfExp):
        branches = codes_in(expression.body), codes_in(expression.orelse)
        return None if None in branches else branches[0] | branches[1]
    return None


def raised():
    """Yield the file and the codes of each place where a workbook is refused."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = getattr(node.exc.func, "id", None)
                if name in RAISES:
                    yield str(path.relative_to(ROOT)), codes_in(node.exc.args[0])


PLACES = list(raised())
CODES = set().union(*(codes for _, codes in PLACES if codes)) | ANSWERED


def test_there_are_refusals():
    assert len(CODES) > 20


def test_only_the_answer_of_the_parsers_process_is_passed_on_unseen():
    assert [path for path, codes in PLACES if codes is None] == [PASSED_ON]


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_refusal_that_is_raised_has_its_words(code):
    assert code in REFUSALS


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_words_stand_there_for_a_refusal_that_is_raised(code):
    assert code in CODES


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_says_what_is_wrong_and_politely_what_to_do(code):
    title, remedy = REFUSALS[code]

    assert title
    assert remedy.startswith("请")
