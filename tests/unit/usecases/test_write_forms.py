"""Writing forms (制表): the workbooks that units owe, blank or prefilled."""

from dataclasses import replace

import pytest

from phaseout.domain.campaign import UnknownUnit
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.ports import Contact
from phaseout.usecases.write_forms import write_forms
from tests.unit.usecases.office import at, calendar, workbook_reader
from tests.unit.usecases.papers import (
    CAMPAIGN,
    DISMANTLED,
    ENTERPRISE,
    FURNACE,
    SUZHOU,
    contact_form,
    forms,
    progress,
    survey,
)

SECOND = {**FURNACE, "enterprise_name": "苏州示例矿业有限公司", "uscc": "91350100M000100Y43", "equip_model": "HTK-B"}


def written(office, *units, period=None):
    return {
        file.name: file.content
        for file in write_forms(
            CAMPAIGN,
            units=units,
            period=period,
            definitions=office.definitions,
            calendar=calendar(),
            forms=office.form_files,
        )
    }


def reading_of(content):
    workbook = workbook_reader().read(content)
    return read_form(workbook, recognise(workbook, forms()))


def test_a_unit_gets_every_form_that_it_owes_in_any_case(small_office):
    assert list(written(small_office, SUZHOU)) == [
        "苏州市-工作联系人信息.xlsx",
        "苏州市-排查完成情况表.xlsx",
        "苏州市-表2-铁合金.xlsx",
        "苏州市-表2-造纸.xlsx",
        "苏州市-表3-2022-08.xlsx",
        "苏州市-表3-2022-09.xlsx",
        "苏州市-表3-2022-10.xlsx",
        "苏州市-表3-2022-11.xlsx",
        "苏州市-表4.xlsx",
        "苏州市-表5.xlsx",
        "苏州市-表1.xlsx",  # blank, to be handed down
    ]


@pytest.mark.parametrize("period", ["2022-08", "2022-12"], ids=["a month that is owed", "a month that may be owed"])
def test_one_month_is_written_for_all_units_if_none_is_named(small_office, period):
    assert list(written(small_office, period=period)) == [f"无锡市-表3-{period}.xlsx", f"苏州市-表3-{period}.xlsx"]


def test_a_unit_that_the_campaign_does_not_have_gets_nothing(small_office):
    with pytest.raises(UnknownUnit, match="no reporting unit 330100"):
        written(small_office, "330100")


def test_a_blank_form_says_whose_it_is(small_office):
    reading = reading_of(written(small_office, SUZHOU)["苏州市-表2-铁合金.xlsx"])

    assert (reading.head["reporting_unit"], reading.head["industry"]) == ("苏州市工业和信息化局", "铁合金")
    assert reading.rows == ()


def test_a_months_form_is_prefilled_with_the_survey(small_office):
    small_office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))

    reading = reading_of(written(small_office, SUZHOU, period="2022-08")["苏州市-表3-2022-08.xlsx"])

    (row,) = reading.rows
    assert row.values["enterprise_name"] == ENTERPRISE["enterprise_name"]
    assert row.values["closure_status"] == "未启动"
    assert str(reading.head["as_of_date"]) == "2022-08-30"


def test_the_inspection_form_has_a_sheet_for_each_enterprise(small_office):
    small_office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({}, SECOND)))
    small_office.receive("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress(closed(), closed(SECOND))))

    reading = reading_of(written(small_office, SUZHOU)["苏州市-表4.xlsx"])

    assert [(row.sheet, row.values["enterprise_name"], row.values["equip_model"]) for row in reading.rows] == [
        ("表4-1", "苏州示例合金有限公司", "HTK-A"),
        ("表4-2", "苏州示例矿业有限公司", "HTK-B"),
    ]


LAST_YEAR = "jiangsu-2021"


def last_year(office, *, phone):
    """Put the campaign of the year before, with the person whom Suzhou named in it, into the ledger."""
    campaign = replace(office.definitions.campaign(CAMPAIGN), id=LAST_YEAR, year=2021)
    person = Contact(LAST_YEAR, SUZHOU, "contact", "李示例", "lisl@suzhou.example", phone, at("2021-06-01 10:00"))
    office.ledger.open_campaign(campaign, (), [person], as_of=at("2021-05-20 08:00"))


def contact_row(office, unit=SUZHOU):
    (owed,) = (one for one in office.ledger.obligations(CAMPAIGN) if (one.unit, one.form) == (unit, "contact"))
    (row,) = reading_of(office.form_files.file(office.definitions.campaign(CAMPAIGN), owed).content).rows
    return {name: value for name, value in row.values.items() if value and name != "reporting_unit"}


def test_the_contact_form_says_whose_it_is_before_anybody_is_known(small_office):
    assert contact_row(small_office) == {"city": "苏州市", "organisation": "苏州市工业和信息化局"}


@pytest.mark.parametrize(
    ("phone", "field"),
    [("13800000000", "mobile"), ("0512-68000000", "office_phone")],
    ids=["a mobile", "an office's number"],
)
def test_the_contact_form_starts_with_the_person_of_the_year_before(small_office, phone, field):
    last_year(small_office, phone=phone)

    assert contact_row(small_office) == {
        "city": "苏州市",
        "organisation": "苏州市工业和信息化局",
        "contact_name": "李示例",
        "email": "lisl@suzhou.example",
        field: phone,
    }


def test_the_person_named_this_year_comes_before_the_one_of_the_year_before(small_office):
    small_office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    last_year(small_office, phone="13800000000")

    assert contact_row(small_office)["contact_name"] == "孙示例"


def closed(item=None):
    """Return a furnace that was dismantled in August."""
    days = {"stopped_on": survey_day(1), "completed_on": survey_day(20)}
    return {**(item or {}), **DISMANTLED, **days}


def survey_day(day):
    return DISMANTLED["completed_on"].replace(month=8, day=day)
