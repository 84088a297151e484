"""Checking beforehand (预检): what intake would say of files, and nothing is recorded."""

import pytest

from tests.unit.usecases.office import Office
from tests.unit.usecases.papers import (
    NOT_AN_EXCEL_FILE,
    SUZHOU,
    WUXI,
    contact_form,
    progress,
    survey,
    workbook,
)

SPOILED = survey({"uscc": "91320281MA1TE5T1XX", "city": "无锡市"}, {"equip_count": "两台"})


def told(findings):
    return [(row["file"], row["rule"], row["severity"], row["cell"]) for row in findings]


def test_checking_gives_the_findings_of_intake(office):
    checked = office.check("2022-08-08 10:00", ("表2.xlsx", SPOILED))
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", SPOILED))

    (submission,) = office.ledger.submissions("jiangsu-2022")
    assert [(row["rule"], row["cell"], row["message"]) for row in checked] == [
        (finding.rule, finding.cell, finding.message) for finding in submission.findings
    ]
    assert {"SUM-101", "SUM-304", "READ-006"} <= {row["rule"] for row in checked}


def test_checking_records_nothing(office):
    revision = office.ledger.revision()
    office.catch_up()
    content = office.warehouse.content_hash()

    office.check("2022-08-08 10:00", ("表2.xlsx", survey({})), unit=SUZHOU)

    assert office.ledger.revision() == revision
    assert office.warehouse.content_hash() == content
    assert office.letters() == []


def test_a_clean_file_has_no_findings(office):
    assert office.check("2022-08-08 10:00", ("表2.xlsx", survey({}))) == []


def test_a_finding_is_one_flat_row(office):
    (row,) = office.check("2022-08-08 10:00", ("表2.xlsx", survey({"uscc": "91320281MA1TE5T1XX"})))

    assert row == {
        "file": "表2.xlsx",
        "rule": "SUM-101",
        "severity": "error",
        "sheet": "Sheet1",
        "cell": "E7",
        "row": 7,
        "field": "uscc",
        "found": "91320281MA1TE5T1XX",
        "expected": "18位，符合GB 32100-2015",
        "message": "统一社会信用代码“91320281MA1TE5T1XX”未通过校验位核验",
        "remedy": "请对照营业执照核对后更正",
    }


def test_files_are_held_against_each_other_as_those_of_one_mail(office):
    together = office.check("2022-08-29 10:00", ("表3.xlsx", progress({})), ("表2.xlsx", survey({})))
    alone = office.check("2022-08-29 10:00", ("表3.xlsx", progress({})))

    assert told(together) == []
    assert told(alone) == [("表3.xlsx", "PROG-315", "warning", "F8")]


def test_findings_come_in_the_order_of_the_files(office):
    findings = office.check(
        "2022-08-08 10:00",
        ("二.xlsx", survey({"uscc": None})),
        ("扫描件.pdf", NOT_AN_EXCEL_FILE),
        ("一.xlsx", contact_form(email=None)),
    )

    assert [(row["file"], row["rule"]) for row in findings] == [
        ("二.xlsx", "SUM-109"),
        ("扫描件.pdf", "not_a_workbook"),
        ("一.xlsx", "CON-107"),
    ]


def test_a_file_is_checked_against_what_was_accepted_before(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))

    findings = office.check("2022-08-29 10:00", ("表3.xlsx", progress()))

    assert told(findings) == [("表3.xlsx", "PROG-312", "error", None)]


@pytest.mark.parametrize(
    ("file", "unit", "rule", "found"),
    [
        pytest.param(NOT_AN_EXCEL_FILE, None, "not_a_workbook", None, id="no spreadsheet"),
        pytest.param(survey({}), WUXI, "wrong_unit", "苏州市工业和信息化局", id="another unit than the one named"),
        pytest.param(
            workbook("survey_summary", {"reporting_unit": "上海市经信委", "industry": "铁合金"}, []),
            None,
            "wrong_unit",
            "上海市经信委",
            id="a unit that the campaign does not have",
        ),
        pytest.param(
            workbook("survey_summary", {"reporting_unit": None, "industry": "铁合金"}, []),
            None,
            "no_unit",
            None,
            id="no unit at all",
        ),
    ],
)
def test_a_refusal_is_a_blocking_finding(office, file, unit, rule, found):
    (row,) = office.check("2022-08-08 10:00", ("a.xlsx", file), unit=unit)

    assert (row["rule"], row["severity"], row["found"] or None) == (rule, "blocking", found)
    assert row["remedy"].startswith("请")


@pytest.mark.parametrize(
    ("file", "rules"),
    [
        pytest.param(survey({}), [], id="a clean file"),
        pytest.param(survey({"city": "无锡市", "county": "江阴市"}), ["SUM-304", "SUM-305"], id="a wrong city"),
    ],
)
def test_before_the_campaign_is_open_the_findings_are_the_same(office, file, rules):
    unopened = Office()

    findings = unopened.check("2022-05-10 10:00", ("表2.xlsx", file))

    assert [row["rule"] for row in findings] == rules
    assert findings == office.check("2022-08-08 10:00", ("表2.xlsx", file))
    assert unopened.ledger.open_campaigns() == []
