"""Phases (审核环节): of rules by how they are checked, and of answers by what returns them."""

import pytest

from phaseout.domain.decision import phase_reached, told
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.phase import Phase, phase_of

READABLE, COMPLETE, VALID, CONSISTENT = Phase
BLOCKING, ERROR, WARNING, NOTE = Severity


@pytest.mark.parametrize(
    ("expectation", "is_of_reading", "phase"),
    [
        pytest.param(None, True, READABLE, id="a rule of reading"),
        pytest.param("expect_column_to_be_filled", False, COMPLETE, id="a value is required"),
        pytest.param("expect_any_column_to_be_filled", False, COMPLETE, id="one of several is required"),
        pytest.param("expect_column_to_be_within", False, VALID, id="a value of one row"),
        pytest.param(None, False, CONSISTENT, id="SQL"),
    ],
)
def test_the_phase_of_a_rule_follows_from_how_it_is_checked(expectation, is_of_reading, phase):
    assert phase_of(expectation, is_of_reading=is_of_reading) is phase


def finding(phase, severity):
    return Finding(phase.value, severity, "", "", "", "表2.xlsx")


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        pytest.param([], CONSISTENT, id="nothing"),
        pytest.param([(READABLE, NOTE), (COMPLETE, WARNING), (VALID, WARNING)], CONSISTENT, id="nothing that returns"),
        pytest.param([(READABLE, BLOCKING), (VALID, ERROR)], READABLE, id="no rows to speak of"),
        pytest.param([(COMPLETE, BLOCKING)], COMPLETE, id="a blocking gap"),
        pytest.param([(READABLE, ERROR)], VALID, id="a cell that cannot be read"),
        pytest.param([(COMPLETE, ERROR), (CONSISTENT, ERROR)], VALID, id="a cell that is empty"),
        pytest.param([(VALID, ERROR)], VALID, id="a cell that is wrong"),
        pytest.param([(CONSISTENT, ERROR)], CONSISTENT, id="rows that disagree"),
        pytest.param([(CONSISTENT, BLOCKING)], CONSISTENT, id="rows that disagree beyond hope"),
    ],
)
def test_an_answer_goes_as_far_as_it_does_not_mislead(found, reached):
    phases = {phase.value: phase for phase in Phase}

    assert phase_reached([finding(*one) for one in found], phases) is reached


@pytest.mark.parametrize(
    ("reached", "kept"),
    [
        pytest.param(READABLE, [READABLE], id="readable"),
        pytest.param(COMPLETE, [READABLE, COMPLETE], id="complete"),
        pytest.param(VALID, [READABLE, COMPLETE, VALID], id="valid"),
        pytest.param(CONSISTENT, list(Phase), id="consistent"),
    ],
)
def test_what_is_told_are_the_findings_up_to_the_phase_reached(reached, kept):
    findings = [finding(phase, WARNING) for phase in Phase]

    assert [one.rule for one in told(findings, {phase.value: phase for phase in Phase}, reached=reached)] == kept
    assert list(reached.later) == [phase for phase in Phase if phase not in kept]
