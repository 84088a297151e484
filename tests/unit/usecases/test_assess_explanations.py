"""Explanations (情况说明): written on a marked copy, remembered with rule, item and value, and expired with them."""

import io
from dataclasses import replace
from datetime import date

import duckdb
import openpyxl
import pytest

from phaseout.adapters.gx_checker import GxChecker
from phaseout.domain.decision import Decision
from phaseout.usecases.assess import assess
from phaseout.usecases.list_explanations import list_explanations
from phaseout.usecases.publish.waiting import Waiting, explained_todos
from tests.unit.usecases.acts import ports
from tests.unit.usecases.copies import lines, marked_copy, sent_back
from tests.unit.usecases.office import Office, at, new_warehouse, suites
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, survey

DOUBTFUL = "SUM-123"  # 产量与产能相称: a warning about I7
WRONG = "SUM-101"  # 统一社会信用代码校验位: an error about E7
TEXT = "该企业2021年完成技术改造，产量属实"
ITEM = "91320281MA1TE5T18Y／矿热炉／HTK-A／6300kVA"
TODAY = "2022-09-01 09:00"


def file_of(content, name="苏州表2.xlsx"):
    return (name, content)


def explain(office):
    """Let Suzhou explain on 9 August why it produced 50 with a capacity of 5.5."""
    office.receive("2022-08-08 10:00", SUZHOU, file_of(survey({"output": 50})))
    copy = marked_copy(office, office.answers()[0])
    office.receive("2022-08-09 10:00", SUZHOU, file_of(sent_back(copy, explained={DOUBTFUL: TEXT})))


@pytest.fixture
def explained(office):
    """Return an office to which Suzhou explained its output."""
    explain(office)
    return office


def listed(office, moment=TODAY, **other):
    return list_explanations(CAMPAIGN, as_of=at(moment), **ports(office) | other)


def finding(office, rule):
    return next(one for one in office.ledger.submissions(CAMPAIGN)[-1].findings if one.rule == rule)


def test_an_explanation_is_kept_with_what_it_speaks_of(explained):
    (one,) = explained.ledger.explanations(CAMPAIGN)

    assert (one.scope.unit, one.scope.form, one.scope.industry) == (SUZHOU, "survey_summary", "ferroalloy")
    assert (one.subject.rule, one.subject.item, one.subject.value) == (DOUBTFUL, ITEM, "50")
    assert (one.text, one.day) == (TEXT, date(2022, 8, 9))
    assert one.submission.endswith("ferroalloy#2")
    assert one.delivery == explained.ledger.deliveries()[1].delivery.id


def test_what_is_explained_is_still_listed_and_says_so(explained):
    answer = explained.answers()[-1]

    assert finding(explained, DOUBTFUL).explained_on == date(2022, 8, 9)
    assert "已作情况说明的问题（共1处，不影响审核结论）" in explained.text(answer)
    assert "已说明（2022年8月9日）" in explained.text(answer)
    assert "请核实的问题" not in explained.text(answer)
    assert explained.files(answer) == []  # a copy would ask for nothing


def test_the_next_file_finds_the_explanation_and_its_copy_proposes_it_again(explained):
    rows = ({"output": 50}, {"uscc": "91320281MA1TE5T1XX", "equip_model": "HTK-B"})
    explained.receive("2022-08-11 10:00", SUZHOU, file_of(survey(*rows)))
    answer = explained.answers()[-1]
    line = lines(marked_copy(explained, answer))[DOUBTFUL]

    assert finding(explained, DOUBTFUL).explained_on == date(2022, 8, 9)
    assert line["情况说明"].value == TEXT
    assert line["处理办法"].value == "已说明（2022年8月9日），填报内容未变的，无需再次说明"


def test_what_comes_back_as_it_was_proposed_is_not_given_again(explained):
    rows = ({"output": 50}, {"uscc": "91320281MA1TE5T1XX", "equip_model": "HTK-B"})
    explained.receive("2022-08-11 10:00", SUZHOU, file_of(survey(*rows)))
    copy = marked_copy(explained, explained.answers()[-1])
    explained.receive("2022-08-12 10:00", SUZHOU, file_of(sent_back(copy, cells={"E8": "91320281MA1TE5T18Y"})))

    assert [one.day for one in explained.ledger.explanations(CAMPAIGN)] == [date(2022, 8, 9)]
    assert finding(explained, DOUBTFUL).explained_on == date(2022, 8, 9)


def test_another_row_order_changes_nothing(explained):
    other = {"equip_model": "HTK-B", "output": 1}
    explained.receive("2022-08-11 10:00", SUZHOU, file_of(survey(other, {"output": 50})))

    assert finding(explained, DOUBTFUL).row == 8
    assert finding(explained, DOUBTFUL).explained_on == date(2022, 8, 9)


@pytest.mark.parametrize(
    ("row", "unit", "industry"),
    [
        pytest.param({"output": 60}, SUZHOU, "铁合金", id="another value"),
        pytest.param({"output": 50, "equip_model": "HTK-B"}, SUZHOU, "铁合金", id="another item"),
        pytest.param({"output": 50}, SUZHOU, "造纸", id="another industry"),
        pytest.param({"output": 50}, WUXI, "铁合金", id="another city"),
    ],
)
def test_of_anything_else_the_unit_is_asked(explained, row, unit, industry):
    explained.receive("2022-08-11 10:00", unit, file_of(survey(row, unit=unit, industry=industry)))
    answer = explained.answers()[-1]

    assert finding(explained, DOUBTFUL).explained_on is None
    assert "请核实的问题（共" in explained.text(answer)
    assert lines(marked_copy(explained, answer))[DOUBTFUL]["情况说明"].value in {None, ""}


def test_after_another_value_the_explanation_has_expired(explained):
    assert [row["state"] for row in listed(explained)] == ["有效"]
    explained.receive("2022-08-11 10:00", SUZHOU, file_of(survey({"output": 60})))

    (row,) = listed(explained)
    assert (row["value"], row["text"], row["state"]) == ("50", TEXT, "已失效")


def other_rule(**changes):
    """Return a checker whose rule about output says or asks something else than it did."""
    entries = {
        form: [
            replace(entry, rule=replace(entry.rule, **changes)) if entry.rule.id == DOUBTFUL else entry
            for entry in suite
        ]
        for form, suite in suites().items()
    }
    return GxChecker(entries)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message": "产量“{found}”高于产能，请核实"}, id="another message"),
        pytest.param({"statement": "output <= capacity"}, id="another expectation"),
    ],
)
def test_with_another_rule_the_explanation_has_expired_and_the_unit_is_asked_again(explained, changes):
    checker = other_rule(**changes)
    explained.mail("2022-08-11 10:00", SUZHOU, file_of(survey({"output": 50}, filled_on=date(2022, 8, 6))))
    explained.collect("2022-08-11 10:00")
    assess(as_of=at("2022-08-11 10:00"), tools=replace(explained.tools, checker=checker))

    assert finding(explained, DOUBTFUL).explained_on is None
    assert [row["state"] for row in listed(explained, checker=checker)] == ["已失效"]


def test_with_another_remedy_the_rule_is_the_same(explained):
    assert [row["state"] for row in listed(explained, checker=other_rule(remedy="请核对"))] == ["有效"]


def test_an_explanation_of_the_old_value_does_not_speak_of_the_one_written_beside_it(office):
    office.receive("2022-08-08 10:00", SUZHOU, file_of(survey({"output": 50})))
    copy = marked_copy(office, office.answers()[0])
    changed = sent_back(copy, explained={DOUBTFUL: TEXT}, cells={"I7": 70})
    office.receive("2022-08-09 10:00", SUZHOU, file_of(changed))

    assert [one.subject.value for one in office.ledger.explanations(CAMPAIGN)] == ["50"]
    assert finding(office, DOUBTFUL).explained_on is None


def test_an_error_stays_an_error_however_it_is_explained(office):
    office.receive("2022-08-08 10:00", SUZHOU, file_of(survey({"uscc": "91320281MA1TE5T1XX"})))
    copy = marked_copy(office, office.answers()[0])
    office.receive("2022-08-09 10:00", SUZHOU, file_of(sent_back(copy, explained={WRONG: "证照如此登记"})))

    assert [decision for _, decision in office.submissions()] == [Decision.RETURNED, Decision.RETURNED]
    assert "情况说明收悉（2022年8月9日），未经同意豁免的，仍须更正" in office.text(office.answers()[-1])
    (row,) = listed(office)
    assert (row["rule"], row["severity"], row["text"], row["state"]) == (WRONG, "error", "证照如此登记", "有效")


def test_the_office_sees_in_words_who_stands_by_what(explained):
    (row,) = listed(explained)

    assert row == {
        "unit": SUZHOU,
        "unit_name": "苏州市",
        "form": "survey_summary",
        "form_title": "企业生产工艺装备情况调查汇总表",
        "industry": "ferroalloy",
        "rule": DOUBTFUL,
        "title": "产量与产能相称",
        "severity": "warning",
        "item": ITEM,
        "value": "50",
        "text": TEXT,
        "day": date(2022, 8, 9),
        "state": "有效",
        "submission": f"{CAMPAIGN}/320500/summary/survey_summary/ferroalloy#2",
    }


def test_the_board_counts_them_as_a_to_do(explained):
    waiting = Waiting(explained.definitions.campaign(CAMPAIGN), explained.ledger, at("2022-08-09 20:00"))
    (todo,) = explained_todos(waiting)

    assert (todo.unit_name, todo.title, todo.detail) == ("苏州市", "情况说明待阅", "对警告事项作情况说明1条")
    assert (todo.since, todo.handling) == (date(2022, 8, 9), "请查阅，理由不充分的，请联系填报单位")


def test_what_a_unit_wrote_is_neither_in_the_snapshot_nor_on_the_board(tmp_path):
    office = Office(warehouse=new_warehouse(tmp_path / "warehouse.duckdb"))
    office.open()
    explain(office)
    office.publish("2022-08-10 20:00", tmp_path / "phaseout.duckdb")
    with duckdb.connect(tmp_path / "phaseout.duckdb", read_only=True) as snapshot:
        names = snapshot.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        rows = [snapshot.table(f"{schema}.{name}").fetchall() for schema, name in names]

    assert "苏州市" in str(rows)
    assert TEXT not in str(rows)
    assert "情况说明待阅" in str(vars(office.pages))
    assert TEXT not in str(vars(office.pages))


def test_checking_beforehand_knows_what_was_explained_and_records_nothing(explained):
    revision = explained.ledger.revision()
    kept = []
    rows = ({"output": 50}, {"uscc": "91320281MA1TE5T1XX", "equip_model": "HTK-B"})
    explained.check("2022-08-11 10:00", file_of(survey(*rows)), keep=kept.append)

    assert lines(openpyxl.load_workbook(io.BytesIO(kept[0].content)))[DOUBTFUL]["情况说明"].value == TEXT
    assert explained.ledger.revision() == revision


def test_of_two_versions_in_one_batch_the_later_finds_what_the_earlier_explained(office):
    office.receive("2022-08-08 10:00", SUZHOU, file_of(survey({"output": 50})))
    copy = marked_copy(office, office.answers()[0])
    office.mail("2022-08-09 10:00", SUZHOU, file_of(sent_back(copy, explained={DOUBTFUL: TEXT})))
    office.mail("2022-08-09 11:00", SUZHOU, file_of(survey({"output": 50}, filled_on=date(2022, 8, 9))))
    office.collect("2022-08-09 12:00")
    office.assess("2022-08-09 12:00")

    assert len(office.submissions()) == 3
    assert finding(office, DOUBTFUL).explained_on == date(2022, 8, 9)
