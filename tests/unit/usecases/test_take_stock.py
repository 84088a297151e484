"""Taking stock (到期清点): where a milestone stands, and once its due day has ended the tables and the bulletin."""

from datetime import date
from pathlib import Path

import pytest

from phaseout.domain.campaign import UnknownMilestone
from tests.unit.usecases.papers import (
    CAMPAIGN,
    DISMANTLED,
    SUZHOU,
    WUXI,
    completed_list,
    contact_form,
    inspection,
    progress,
    survey,
)


def standing_of(stock, unit=SUZHOU):
    (row,) = [row for row in stock.rows if row.unit == unit]
    return row.expected, row.received, row.accepted, row.days_late, row.reason


def facts(office, name):
    return office.pages.written[Path(name)]


def table(office, name):
    return facts(office, f"{name}.xlsx")["rows"]


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        pytest.param("2022-06-02 09:00", (), id="the day before"),
        pytest.param("2022-06-03 09:00", (), id="the due day itself is still theirs"),
        pytest.param("2022-06-04 09:00", ("工作联系人信息",), id="the day after"),
        pytest.param("2022-06-20 09:00", ("工作联系人信息",), id="after an outage"),
    ],
)
def test_stock_is_taken_once_the_due_day_has_ended(small_office, moment, taken):
    assert small_office.take_stock("contact_list", moment).taken == taken


def test_stock_is_taken_once(small_office):
    first = small_office.take_stock("contact_list", "2022-06-04 09:00")
    again = small_office.take_stock("contact_list", "2022-06-06 09:00")

    assert first.files == (Path("summary/jiangsu-2022-工作联系人信息.xlsx"),)
    assert (again.taken, again.files) == ((), ())


def test_a_milestone_can_be_looked_at_on_any_day(small_office):
    small_office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))

    stock = small_office.take_stock("contact_list", "2022-06-01 09:00")

    assert (stock.expected, stock.received, stock.late) == (2, 1, ())
    assert standing_of(stock, SUZHOU) == (1, 1, 1, -2, "按期报送，审核通过")
    assert standing_of(stock, WUXI) == (1, 0, 0, -1, "报送期内，尚未报送")


def test_a_unit_that_is_late_is_named(small_office):
    small_office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))

    stock = small_office.take_stock("contact_list", "2022-06-06 09:00")

    assert [row.unit_name for row in stock.late] == ["无锡市"]


def test_a_unit_has_filed_when_all_its_industries_have(small_office):
    small_office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    half = small_office.take_stock("summary", "2022-08-12 09:00")
    small_office.receive("2022-08-12 10:00", SUZHOU, ("造纸.xlsx", survey({"uscc": None}, industry="造纸")))
    whole = small_office.take_stock("summary", "2022-08-12 11:00")

    assert standing_of(half) == (2, 1, 1, 0, "报送期内，尚未报送")
    assert standing_of(whole)[:3] == (2, 2, 1)
    assert (half.received, whole.received) == (0, 1)
    assert "已退回" in standing_of(whole)[4]


def test_tables_are_divided_by_industry_where_the_form_is(small_office):
    small_office.receive(
        "2022-08-08 10:00",
        SUZHOU,
        ("铁合金.xlsx", survey({})),
        ("造纸.xlsx", survey({"equip_name": "造纸机"}, industry="造纸")),
    )

    stock = small_office.take_stock("summary", "2022-08-13 09:00")

    title = "企业生产工艺装备情况调查汇总"
    assert sorted(map(str, stock.files)) == [
        "office/omissions.html",
        "office/omissions.xlsx",
        f"summary/jiangsu-2022-{title}（造纸）.xlsx",
        f"summary/jiangsu-2022-{title}（铁合金）.xlsx",
        "summary/jiangsu-2022-第1版.docx",
    ]
    (row,) = table(small_office, f"summary/jiangsu-2022-{title}（造纸）")
    assert (row["设区市"], row["装备名称"]) == ("苏州市", "造纸机")
    assert "行业分表" not in row


def test_stock_knows_what_a_crash_had_kept_from_the_warehouse(small_office):
    office = small_office
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    office.warehouse.close()  # in memory: everything in it is gone

    office.take_stock("summary", "2022-08-13 09:00")

    assert len(table(office, "summary/jiangsu-2022-企业生产工艺装备情况调查汇总（铁合金）")) == 1


@pytest.fixture
def reporting(small_office):
    """Return an office with Suzhou's survey and its progress form of August."""
    small_office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    small_office.receive("2022-08-29 10:00", SUZHOU, ("八月.xlsx", progress({})))
    return small_office


def bulletin_row(office, period, name="苏州市"):
    rows = facts(office, f"bulletins/jiangsu-2022-{period}.html")["rows"]
    return next(row for row in rows if row["unit_name"] == name)


def test_each_month_gets_its_bulletin_with_number_figures_and_the_next_date(reporting):
    reporting.receive(
        "2022-10-28 10:00",
        SUZHOU,
        ("十月.xlsx", progress(DISMANTLED, as_of=date(2022, 10, 30), filled_on=date(2022, 10, 28))),
    )

    stock = reporting.take_stock("monthly_progress", "2022-10-31 09:00")

    assert stock.taken == tuple(f"关停淘汰进展月报（2022年{month}月）" for month in (8, 9, 10))
    october = facts(reporting, "bulletins/jiangsu-2022-2022-10.html")
    assert (october["number"], october["next_due"]) == (3, date(2022, 11, 30))
    row = bulletin_row(reporting, "2022-10")
    assert (row["rank"], row["sets"], row["done"], row["done_this_month"], row["filing"]) == (1, 2, 2, 2, "按时")
    assert bulletin_row(reporting, "2022-09")["filing"] == "未报"
    assert bulletin_row(reporting, "2022-10", "无锡市")["rank_word"] == "底数未报"


def test_the_last_bulletin_names_no_next_date(reporting):
    reporting.take_stock("monthly_progress", "2022-12-01 09:00")

    assert facts(reporting, "bulletins/jiangsu-2022-2022-11.html")["next_due"] is None


@pytest.mark.parametrize(
    ("faults", "returns"),
    [
        pytest.param([], 0, id="accepted at once"),
        pytest.param([{"measure": None}], 1, id="returned once, then accepted"),
        pytest.param([{"measure": None}, {"uscc": None}], 2, id="returned twice, then accepted"),
    ],
)
def test_the_bulletin_counts_how_often_a_form_was_returned(reporting, faults, returns):
    for number, fault in enumerate(faults, start=1):
        form = progress(fault, as_of=date(2022, 9, 30), filled_on=date(2022, 9, 28))
        reporting.receive(f"2022-09-28 1{number}:00", SUZHOU, ("九月.xlsx", form))
    good = progress({}, as_of=date(2022, 9, 30), filled_on=date(2022, 9, 28))
    reporting.receive("2022-09-28 17:00", SUZHOU, ("九月.xlsx", good))

    reporting.take_stock("monthly_progress", "2022-10-01 09:00")

    assert bulletin_row(reporting, "2022-09")["returns"] == returns
    assert bulletin_row(reporting, "2022-09")["filing"] == "按时"


def test_a_version_that_replaces_an_accepted_one_is_no_return(reporting):
    better = progress({"remark": "已停产检修"})
    reporting.receive("2022-08-30 10:00", SUZHOU, ("八月更新.xlsx", better))

    reporting.take_stock("monthly_progress", "2022-08-31 09:00")

    assert bulletin_row(reporting, "2022-08")["returns"] == 0


def test_a_month_that_nobody_owes_gets_no_bulletin(reporting):
    stock = reporting.take_stock("monthly_progress", "2022-12-31 09:00")

    assert stock.rows == ()
    assert Path("bulletins/jiangsu-2022-2022-12.html") not in reporting.pages.written


def test_in_december_those_who_owe_none_need_not_file(reporting):
    reporting.owe("2022-12-23 09:00")

    stock = reporting.take_stock("monthly_progress", "2022-12-31 09:00")

    assert [row.unit_name for row in stock.rows] == ["苏州市"]
    assert bulletin_row(reporting, "2022-12", "无锡市")["filing"] == "无需报送"


def test_on_the_goals_day_the_items_that_are_not_closed_are_listed(reporting):
    stock = reporting.take_stock("closure", "2022-12-01 09:00")

    (row,) = table(reporting, "summary/jiangsu-2022-到期未关停清单")
    assert row["企业名称"] == "苏州示例合金有限公司"
    assert standing_of(stock) == (1, 0, 0, 1, "尚有1项未关停")


def test_at_the_end_the_forms_are_reconciled_and_the_provincial_list_is_made(reporting):
    november = progress(DISMANTLED, as_of=date(2022, 11, 30), filled_on=date(2022, 11, 29))
    reporting.receive("2022-11-29 10:00", SUZHOU, ("十一月.xlsx", november))
    reporting.receive("2022-12-09 10:00", SUZHOU, ("表5.xlsx", completed_list({})), ("表4.xlsx", inspection()))

    stock = reporting.take_stock("final_list", "2022-12-16 09:00")

    assert [path.name for path in stock.files] == [
        "jiangsu-2022-表间核对结果.xlsx",
        "jiangsu-2022-第1版.docx",
        "jiangsu-2022-第1版.docx",
    ]
    assert standing_of(stock)[:3] == (2, 2, 2)
    (row,) = reporting.documents.editions["final/jiangsu-2022-第1版.docx"].lists["完成淘汰清单"]
    assert (row["设区市"], row["数量（台、套）"]) == ("苏州市", 2)


def test_before_any_window_the_first_term_is_shown(small_office):
    stock = small_office.take_stock("monthly_progress", "2022-05-25 09:00")

    assert {row.period for row in stock.rows} == {"2022-08"}
    assert standing_of(stock)[4] == "尚未到报送时间"


def test_a_milestone_that_the_campaign_does_not_have_cannot_be_looked_at(small_office):
    with pytest.raises(UnknownMilestone, match=f"{CAMPAIGN} has no milestone spring"):
        small_office.take_stock("spring", "2022-06-04 09:00")
