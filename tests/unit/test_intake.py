"""Which obligation a workbook answers (归口), by what its head says; the readings are invented."""

from datetime import UTC, date, datetime

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.intake import answered, by_answer, is_after_close, is_unit, waves
from phaseout.domain.obligation import plan_obligations
from phaseout.domain.submission import Reading, Unreadable
from phaseout.settings import PROJECT

DEFINITIONS = FileDefinitions(PROJECT)
CAMPAIGN, FORMS = DEFINITIONS.campaign("jiangsu-2022"), DEFINITIONS.forms()
OBLIGATIONS = plan_obligations(CAMPAIGN, calendar=published_calendar(PROJECT / "data" / "calendar" / "overrides.csv"))
NANJING = CAMPAIGN.unit("320100")
XUZHOU = CAMPAIGN.unit("320300")


def reading(form, **head):
    return Reading(form, "2022", head, (), (), {}, {}, is_zero=False, breaches=())


def answer(form, unit=NANJING, **head):
    return answered(
        reading(form, **head),
        FORMS[form],
        campaign=CAMPAIGN,
        unit=unit,
        obligations=by_answer(OBLIGATIONS)[unit.code],
    )


@pytest.mark.parametrize(
    ("form", "head", "obligation"),
    [
        pytest.param("contact", {}, "contact_list/contact", id="a form owed once"),
        pytest.param("inspection", {"industry": "造纸"}, "final_list/inspection", id="an industry that tells nothing"),
        pytest.param("survey_summary", {"industry": "铁合金"}, "summary/survey_summary/ferroalloy", id="by industry"),
        pytest.param(
            "survey_summary", {"industry": "铁合金行业"}, "summary/survey_summary/ferroalloy", id="industry in full"
        ),
        pytest.param(
            "survey_summary", {"industry": " 造纸业 "}, "summary/survey_summary/paper", id="industry in short"
        ),
        pytest.param(
            "progress", {"as_of_date": date(2022, 8, 30)}, "monthly_progress/progress/2022-08", id="the due day"
        ),
        pytest.param(
            "progress",
            {"as_of_date": date(2022, 9, 1)},
            "monthly_progress/progress/2022-09",
            id="its month's first day",
        ),
        pytest.param(
            "progress", {"as_of_date": date(2022, 11, 15)}, "monthly_progress/progress/2022-11", id="mid-month"
        ),
    ],
)
def test_a_workbook_answers_by_form_industry_and_month(form, head, obligation):
    found = answer(form, reporting_unit="南京市工业和信息化局", **head)

    assert found.obligation.id == f"jiangsu-2022/320100/{obligation}"
    assert found.unit == NANJING
    assert (found.obligation.industry, found.obligation.period) == (found.industry, found.period)


@pytest.mark.parametrize(
    ("form", "head", "code", "found"),
    [
        pytest.param("contact", {}, "no_unit", None, id="no unit written"),
        pytest.param("contact", {"reporting_unit": ""}, "no_unit", None, id="an empty unit"),
        pytest.param("contact", {"reporting_unit": "徐州市"}, "wrong_unit", "徐州市", id="another city's form"),
        pytest.param(
            "survey_summary", {"reporting_unit": "南京市"}, "no_industry", None, id="no industry where one is asked"
        ),
        pytest.param(
            "survey_summary",
            {"reporting_unit": "南京市", "industry": "煤炭"},
            "unknown_industry",
            "煤炭",
            id="an industry of another campaign",
        ),
        pytest.param("progress", {"reporting_unit": "南京市"}, "no_period", None, id="no month where one is asked"),
        pytest.param(
            "progress",
            {"reporting_unit": "南京市", "as_of_date": "八月"},
            "no_period",
            None,
            id="a month that is no date",
        ),
        pytest.param(
            "progress",
            {"reporting_unit": "南京市", "as_of_date": date(2022, 7, 30)},
            "not_owed",
            "关停淘汰落后生产工艺装备进展情况表 2022-07",
            id="a month before the first",
        ),
        pytest.param(
            "progress",
            {"reporting_unit": "南京市", "as_of_date": date(2022, 12, 30)},
            "not_owed",
            "关停淘汰落后生产工艺装备进展情况表 2022-12",
            id="a conditional month that is not owed yet",
        ),
    ],
)
def test_a_workbook_that_answers_nothing_is_refused_with_the_reason(form, head, code, found):
    with pytest.raises(Unreadable) as refused:
        answer(form, **head)

    assert (refused.value.code, refused.value.facts.get("found")) == (code, found)


def test_an_industry_that_the_unit_does_not_report_on_is_not_owed():
    with pytest.raises(Unreadable) as refused:
        answer("survey_summary", XUZHOU, reporting_unit="徐州市", industry="印染")

    assert (refused.value.code, refused.value.facts["found"]) == ("not_owed", "企业生产工艺装备情况调查汇总表 印染")


def test_every_refusal_of_a_workbook_has_its_words():
    for code in ("no_unit", "wrong_unit", "unknown_industry", "no_period", "not_owed"):
        title, remedy = DEFINITIONS.refusal(code)

        assert title
        assert remedy


@pytest.mark.parametrize(
    "written",
    [
        "南京市",
        "南京",
        "南京市工业和信息化局",
        "南京市工信局",
        "南京工信局",
        "南京市经信局",
        "南京市经济和信息化局",
        "南京市工业和信息化局（盖章）",
        "南京市工业和信息化局(盖章)",
        " 南京市 工业和信息化局\n",
    ],
)
def test_a_unit_is_known_by_the_names_people_write(written):
    assert is_unit(written, NANJING)


@pytest.mark.parametrize(
    "written", ["南通市", "江苏省", "南京市发改委", "南京市鼓楼区工信局", "市工信局", "", "（盖章）"]
)
def test_a_unit_is_not_taken_for_another(written):
    assert not is_unit(written, NANJING)


def test_what_each_unit_owes_is_found_by_form_industry_and_month():
    index = by_answer(OBLIGATIONS)

    assert len(index) == 13
    assert (
        index["320300"]["survey_summary", "ferroalloy", None].id
        == "jiangsu-2022/320300/summary/survey_summary/ferroalloy"
    )
    assert sum(len(owed) for owed in index.values()) == sum(
        one.form is not None and not one.is_paper for one in OBLIGATIONS
    )
    assert not any(form is None for owed in index.values() for form, _, _ in owed)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param([], [], id="an empty batch"),
        pytest.param([(3, "", 1), (3, "", 1), (3, "", 1)], [[0, 1, 2]], id="what has equal keys is checked together"),
        pytest.param([(4, "2022-08", 1), (3, "", 1)], [[1], [0]], id="表2 before 表3"),
        pytest.param([(4, "2022-09", 1), (4, "2022-08", 1)], [[1], [0]], id="August before September"),
        pytest.param([(4, "2022-08", 2), (4, "2022-08", 1)], [[1], [0]], id="a version before its correction"),
        pytest.param(
            [(6, "", 1), (5, "", 2), (3, "", 1), (5, "", 1), (3, "", 1)],
            [[2, 4], [3], [1], [0]],
            id="the form counts before the version",
        ),
    ],
)
def test_a_batch_is_checked_in_waves(keys, expected):
    assert waves(keys) == expected


@pytest.mark.parametrize(
    ("arrived_at", "is_late"),
    [
        pytest.param(datetime(2022, 9, 22, 23, 59, tzinfo=CHINA), False, id="the last minute of the close date"),
        pytest.param(datetime(2022, 9, 23, 0, 0, tzinfo=CHINA), True, id="midnight after it"),
        pytest.param(datetime(2022, 9, 22, 15, 59, tzinfo=UTC), False, id="the same last minute, in UTC"),
        pytest.param(datetime(2022, 9, 22, 16, 0, tzinfo=UTC), True, id="the same midnight, in UTC"),
    ],
)
def test_what_comes_after_the_close_date_does_not_count(arrived_at, is_late):
    august = next(one for one in OBLIGATIONS if one.id == "jiangsu-2022/320100/monthly_progress/progress/2022-08")

    assert august.closes == date(2022, 9, 22)
    assert is_after_close(august, arrived_at) is is_late
