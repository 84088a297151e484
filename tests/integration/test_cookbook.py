"""Questions of the cookbook whose answer in the replayed year is empty, asked where something is to be found."""

from datetime import date, datetime

import pytest

from phaseout.domain.calendar import CHINA
from tests.warehouse_rows import CAMPAIGN, REFERENCES, WUXI, load, open_warehouse, workbook
from tools.cookbook_page import recipes

QUERIES = {recipe.file.partition("_")[2].removesuffix(".sql"): recipe.query for recipe in recipes()}


@pytest.fixture
def ask():
    """Return what loads workbooks and mirrors, and answers a question of the cookbook."""
    warehouse = open_warehouse()
    warehouse.refresh(REFERENCES, campaign=CAMPAIGN)

    def answer(name, *books, mirror=None):
        if books:
            with warehouse.batch():
                load(warehouse, *books)
                warehouse.commit()
        if mirror:
            warehouse.refresh(mirror, campaign=CAMPAIGN)
        cursor = warehouse._database.connection().execute(QUERIES[name])  # noqa: SLF001 - asks the file
        head = [column[0] for column in cursor.description]
        return [dict(zip(head, row, strict=True)) for row in cursor.fetchall()]

    yield answer
    warehouse.close()


def test_a_second_version_tells_what_is_new_gone_and_changed(ask):
    first = workbook("survey_summary", [{"equip_model": model} for model in ("A", "B", "C")], version=1)
    later = workbook(
        "survey_summary",
        [{"equip_model": "A"}, {"equip_model": "B", "equip_count": 3}, {"equip_model": "D"}],
        version=3,
    )

    changes = ask("version_changes", first, later)

    told = {(row["equip_model"], row["change"], row["count_before"], row["count_after"]) for row in changes}
    assert told == {("B", "changed", 2, 3), ("C", "gone", 2, None), ("D", "new", None, 2)}
    assert {row["version"] for row in changes} == {3}


def test_a_self_judgement_that_turned_is_a_change(ask):
    books = [workbook("survey_summary", [{"is_outdated": value}], version=n) for n, value in ((1, True), (2, False))]

    (change,) = ask("version_changes", *books)

    assert (change["is_outdated_before"], change["is_outdated_after"]) == (True, False)


def test_one_version_has_changed_nothing(ask):
    assert ask("version_changes", workbook("survey_summary")) == []


def test_a_status_that_went_back_is_a_step_back(ask):
    statuses = {"2022-08": "已断水断电", "2022-09": "已停产", "2022-10": "已停产", "2022-11": "已拆除"}
    books = [workbook("progress", [{"closure_status": words}], period=month) for month, words in statuses.items()]

    steps = {row["direction"]: row["step_count"] for row in ask("status_steps", *books)}

    assert steps == {"forward": 1, "same": 1, "back": 1}


def test_an_enterprise_with_equipment_in_two_cities_is_counted_once(ask):
    books = [
        workbook("survey_summary", [{}, {"equip_model": "B", "county": "江宁区"}]),
        workbook("survey_summary", [{"equip_model": "C", "city": "无锡市", "county": "江阴市"}], unit=WUXI),
    ]

    assert ask("enterprises_in_cities", *books) == [
        {"unit_count": 2, "county_count": 3, "enterprises": 1, "items": 3},
    ]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def draft(number, state, *, is_released=None, decided_at=None):
    return {
        "letter_id": number,
        "unit_code": WUXI,
        "kind": "supervision",
        "day": date(2022, 8, 17),
        "state": state,
        "item_count": 1,
        "created_at": at("2022-08-17T09:00"),
        "settled_at": decided_at,
        "is_released": is_released,
        "decided_at": decided_at,
    }


def test_the_approvers_delay_is_counted_from_draft_to_decision(ask):
    letters = [
        draft(1, "sent", is_released=True, decided_at=at("2022-08-18T09:00")),
        draft(2, "withheld", is_released=False, decided_at=at("2022-08-20T09:00")),
        draft(3, "draft"),
    ]

    (row,) = ask("drafts", mirror={"letter": letters, "cut_off": [cut_off()]})

    assert (row["released_count"], row["withheld_count"], row["waiting_count"]) == (1, 1, 1)
    assert (row["mean_days"], row["longest_waiting_days"]) == (2.0, 13)


def cut_off():
    return {"cut_off_at": at("2022-08-30T18:00"), "ledger_revision": 1}


def test_signals_are_counted_by_kind(ask):
    signal = {
        "signal": "zero_report",
        "signal_word": "零报告存疑",
        "look_at": "核对名单",
        "unit_code": WUXI,
        "sets": 2,
        "reason": "示例",
    }

    (row,) = ask("suspected_omissions", mirror={"suspected_omission": [{"rank": rank, **signal} for rank in (1, 2)]})

    assert (row["signal"], row["signal_count"], row["unit_count"], row["affected_count"]) == ("zero_report", 2, 1, 4)
