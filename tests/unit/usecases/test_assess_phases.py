"""Phases (审核环节): what an answer tells at once, and what waits because it would mislead."""

import io

import openpyxl
import pytest

from phaseout.domain.decision import Decision
from phaseout.usecases.assess.preview import check_files
from tests.unit.usecases.acts import grant
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, survey

CODE = "91320281MA1TE5T1XX"
TWICE = ({}, {})  # the same item in two rows: across rows
WAITS = "本次已核对可读性、完整性、有效性；一致性待更正后再行核对。"
DONE = "可读性、完整性、有效性、一致性均已核对。"


def receive(office, *rows, moment="2022-08-08 10:00"):
    office.receive(moment, SUZHOU, ("表2.xlsx", survey(*rows)))
    return set(office.findings()), office.text(office.answers()[-1])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        pytest.param({"equip_count": "两台", "equip_model": "B"}, "READ-006", id="a cell that cannot be read"),
        pytest.param({"uscc": None, "equip_model": "B"}, "SUM-109", id="a value that is missing"),
        pytest.param({"uscc": CODE, "equip_model": "B"}, "SUM-101", id="a value that cannot be"),
    ],
)
def test_with_a_wrong_cell_nothing_is_compared(office, row, rule):
    found, text = receive(office, *TWICE, row)

    assert rule in found
    assert "SUM-301" not in found
    assert WAITS in text


def test_what_is_wrong_with_single_cells_is_told_at_once(office):
    rows = {"uscc": CODE}, {"equip_count": "两台", "equip_model": "B"}, {"county": None, "equip_model": "C"}
    found, text = receive(office, *rows, {"city": "无锡市", "equip_model": "D"})

    assert {"SUM-101", "READ-006", "SUM-107", "SUM-304"} <= found
    assert WAITS in text


def test_once_the_cells_are_right_the_comparison_is_told(office):
    receive(office, *TWICE, {"uscc": CODE, "equip_model": "B"})
    found, text = receive(office, *TWICE, {"equip_model": "B"}, moment="2022-08-09 10:00")

    assert "SUM-301" in found
    assert DONE in text
    assert [decision for _, decision in office.submissions()] == [Decision.RETURNED, Decision.RETURNED]


def test_a_warning_keeps_nothing_back(office):
    found, text = receive(office, *TWICE, {"output": 50, "equip_model": "B"})

    assert {"SUM-123", "SUM-301"} <= found
    assert DONE in text


def test_without_a_column_nothing_is_said_of_its_cells(office):
    book = openpyxl.load_workbook(io.BytesIO(survey({"uscc": CODE})))
    header = next(cell for row in book["Sheet1"] for cell in row if "信用代码" in str(cell.value))
    header.value = "登记号"
    target = io.BytesIO()
    book.save(target)
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", target.getvalue()))

    assert "READ-001" in office.findings()
    assert not [rule for rule in office.findings() if rule.startswith("SUM-")]
    text = office.text(office.answers()[0])
    assert "本次已核对可读性；完整性、有效性、一致性待更正后再行核对。" in text


def test_an_accepted_file_went_through_all_phases(office):
    _, text = receive(office, {})

    assert f"审核环节：{DONE}" in text


def test_what_the_office_lets_pass_keeps_nothing_back(office):
    grant(office, rule="SUM-101")
    found, _ = receive(office, *TWICE, {"uscc": CODE, "equip_model": "B"}, moment="2022-08-11 10:00")

    assert {"SUM-101", "SUM-301"} <= found


def test_checking_beforehand_stops_where_intake_does(office):
    told = []
    rows = survey(*TWICE, {"uscc": CODE, "equip_model": "B"})
    findings = check_files(
        [("表2.xlsx", rows)],
        campaign_id=CAMPAIGN,
        unit_code=None,
        as_of=at("2022-08-08 10:00"),
        tools=office.tools,
        tell=lambda name, reached: told.append((name, reached.value)),
    )
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", rows))

    assert [row["rule"] for row in findings] == office.findings()
    assert told == [("表2.xlsx", "valid")]


def test_a_unit_is_not_held_up_by_the_errors_of_another(office):
    office.mail("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(*TWICE, {"uscc": CODE, "equip_model": "B"})))
    office.mail("2022-08-08 10:00", WUXI, ("表2.xlsx", survey(*TWICE, unit=WUXI)))
    office.collect("2022-08-08 10:00")
    office.assess("2022-08-08 10:00")

    first, second = ({one.rule for one in submission.findings} for submission in office.ledger.submissions(CAMPAIGN))
    assert "SUM-301" not in first
    assert "SUM-301" in second
