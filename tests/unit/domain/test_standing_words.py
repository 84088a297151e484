import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing
from phaseout.domain.standing_words import (
    DECISION_WORDS,
    GOAL_WORDS,
    LETTER_WORDS,
    OUTCOME_WORDS,
    STANDING_WORDS,
    late_words,
    standing_word,
)
from phaseout.domain.submission import Outcome


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        pytest.param(STANDING_WORDS, Standing, id="standings"),
        pytest.param(GOAL_WORDS, Standing, id="standings of goals"),
        pytest.param(LETTER_WORDS, LetterKind, id="letters"),
        pytest.param(DECISION_WORDS, Decision, id="decisions"),
        pytest.param(OUTCOME_WORDS, Outcome, id="outcomes"),
    ],
)
def test_every_kind_has_its_own_word(words, kinds):
    assert set(words) == set(kinds)
    assert len(set(words.values())) == len(kinds)


def test_a_goal_is_met_where_a_form_is_filed():
    assert standing_word(Standing.LATE) == "逾期未报"
    assert standing_word(Standing.LATE, is_goal=True) == "逾期未完成"


@pytest.mark.parametrize(
    ("days_late", "expected"),
    [
        pytest.param(-3, "", id="three days before the due date"),
        pytest.param(0, "", id="on the due date"),
        pytest.param(1, "逾期1个工作日", id="one working day late"),
    ],
)
def test_lateness_is_said_in_working_days(days_late, expected):
    assert late_words(days_late) == expected
