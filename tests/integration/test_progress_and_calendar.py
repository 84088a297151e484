"""Progress, calendar and notes of the site (进度、日历、数据说明), published from a warehouse of a few units."""

import json
import re
from importlib.metadata import version

import duckdb
import pytest
import yaml

from phaseout.adapters.duckdb_warehouse.mart_heads import head_of
from phaseout.adapters.pages.bar_charts import Bar, Words, lines
from phaseout.adapters.pages.dictionary import read_words
from phaseout.adapters.pages.drawing import OPEN, VERSION, figure
from phaseout.settings import PROJECT
from tests.progress_figures import FIGURES
from tests.published_progress import publish, publish_nothing
from tests.site_pages import Document
from tools import bundle_vega

PAGES = ("progress.html", "calendar.html", "data.html")
HOSTILE = "</script><script>alert(1)</script>"
WORDS = PROJECT / "data" / "pages" / "dictionary.yaml"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    told = publish(tmp_path_factory.mktemp("home"))
    yield told
    told.snapshot.close()


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_what_the_snapshot_says(site, name):
    shown, reckoned = FIGURES[name]

    assert shown(site) == reckoned(site)


def row_of(site, section, name):
    tables = site.page("progress.html").section(section).all("table")
    return next(row for table in tables for row in table.rows if name in row)


def test_sealed_and_dismantled_are_told_apart_and_a_seal_that_lacks_a_condition_is_open(site):
    assert row_of(site, "ranking", "南京市")[2:7] == ["12", "4", "3", "5", "58.3%"]
    assert row_of(site, "burn-down", "2022年9月")[1:5] == ["22", "12", "3", "7"]
    assert row_of(site, "monthly", "2022年9月")[1:4] == ["+6", "−1", "+5"]
    assert ["已封存（条件不齐）", "5", "1", "71.4%"] in site.page("progress.html").table("by-status").rows


def test_a_unit_without_tasks_and_one_that_is_silent_are_neither_nought_nor_ranked(site):
    assert row_of(site, "ranking", "无锡市") == ["—", "无锡市", "无任务", "2022年9月"]
    assert row_of(site, "ranking", "南通市") == ["—", "南通市", "无任务", "—"]
    assert row_of(site, "ranking", "苏州市") == ["—", "苏州市", "未报（排查底数7台（套），未计入合计）", "—"]
    assert row_of(site, "changes", "苏州市") == ["苏州市", "未报", "未报"]


def test_a_unit_that_missed_a_month_counts_with_the_month_before_and_the_page_says_so(site):
    assert row_of(site, "ranking", "徐州市")[-1] == "2022年8月沿用"
    assert row_of(site, "changes", "徐州市") == ["徐州市", "+6累计6（75.0%）", "未报"]
    assert row_of(site, "changes", "常州市") == ["常州市", "未报", "+2累计2（100.0%）"]


def test_a_reason_in_a_units_own_words_is_not_repeated(site):
    page = site.page("progress.html")

    assert page.table("by-reason").rows == [["资产抵押", "5", "1", "71.4%"], ["其他", "2", "1", "28.6%"]]
    assert "家中有事" not in page.text


def test_a_campaign_without_progress_yet_says_so_and_shows_no_chart(tmp_path):
    page = publish_nothing(tmp_path).page("progress.html")

    assert "尚无审核通过的月度进展数据" in page.text
    assert not list(page.all("svg"))
    assert not [script for script in page.all("script") if "vega" in script.attributes.get("src", "")]


def test_the_calendar_says_what_moved_a_due_date_and_who_has_one_of_his_own(site):
    page = site.page("calendar.html")
    rows = {row[0]: row for row in page.table("year").rows}

    assert rows["工作联系人信息"][5] == "当日为法定节假日，按规定不顺延"
    assert rows["关停淘汰进展月报（10月）"][4:6] == ["2022年10月30日（周日）还有19天", "当日为休息日，按规定不顺延"]
    assert rows["关停淘汰进展月报（9月）"][7].startswith("10月8日逾期催报函；10月10日督办函（须经签发）")
    assert rows["企业排查完成情况"][7] == "—"
    assert page.table("own").rows == [
        ["南通市", "企业生产工艺装备情况调查汇总", "2022年8月12日", "2022年10月14日", "1", "1"]
    ]


def test_the_months_mark_today_holidays_and_make_up_days(site):
    section = site.page("calendar.html").section("month-2022-10")
    squares = {square.text: square for square in section.all("td")}

    assert "11今" in squares
    assert squares["11今"].attributes["aria-current"] == "date"
    assert "7休" in squares
    assert squares["8班催"].attributes["title"].startswith("逾期催报函：关停淘汰进展月报（9月）")
    assert "30截" in squares


def test_the_calendar_leads_to_its_file_only_where_there_is_one(site):
    assert "calendar.ics" in site.page("calendar.html").links
    assert (site.folder / "site" / "calendar.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_the_notes_name_cut_off_version_notice_and_every_table_of_the_snapshot(site):
    page = site.page("data.html")
    with duckdb.connect(site.folder / "phaseout.duckdb", read_only=True) as snapshot:
        tables = [row[0] for row in snapshot.execute("SELECT DISTINCT table_name FROM mart.data_dictionary").fetchall()]

    assert "2022年10月11日09:00" in page.section("cut-off").text
    assert re.search(r"内容校验值：[0-9a-f]{64}", page.section("cut-off").text)
    assert "《关于组织开展2022年重点行业落后生产工艺装备排查和淘汰工作的通知》" in page.section("sources").text
    for table in tables:
        assert f"mart.{table}" in page.section("tables").text


@pytest.mark.parametrize("mart", sorted(path.stem for path in (PROJECT / "data" / "sql" / "mart").glob("*.sql")))
def test_every_table_and_column_of_the_marts_is_explained_in_chinese(mart):
    text = (PROJECT / "data" / "sql" / "mart" / f"{mart}.sql").read_text("utf-8")
    columns = list(head_of(mart, text).columns)
    table, told = read_words(WORDS)[mart], yaml.safe_load(WORDS.read_text("utf-8"))["tables"][mart]

    assert [column for column in columns if column not in table.columns] == []
    assert set(told.get("columns") or ()) <= set(columns)
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in (table.title, table.about, *table.columns.values()))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_script_and_by_ear(site, name):
    page = site.page(name)

    for drawing in page.all("svg"):
        assert drawing.attributes["role"] == "img"
        assert drawing.attributes["aria-label"] == next(drawing.all("title")).text
        assert not [part for part in drawing.all() if "style" in part.attributes]
    assert all("scope" in head.attributes for head in page.all("th"))
    for table in page.all("table"):
        assert "aria-labelledby" in table.attributes or next(table.all("caption"), None)


def test_every_chart_stands_before_a_table_and_holds_what_a_script_needs(site):
    charts = [one for name in PAGES for one in site.page(name).all("div") if "data-chart" in one.attributes]

    assert len(charts) == 6
    for chart in charts:
        (kept,) = (script for script in chart.all("script") if script.attributes["type"] == "application/json")
        assert json.loads(kept.children[0])["config"]["aria"] is False
        later = chart.parent.children[chart.parent.children.index(chart) + 1 :]
        assert any(next(one.all("table"), None) for one in later if not isinstance(one, str))


def test_nothing_of_what_a_sender_wrote_can_end_the_data_of_a_chart():
    bar = Bar(HOSTILE, (("未关停", 2),), "2")
    drawn = figure(lines([bar], colours={"未关停": OPEN}, words=Words("行业")), title=HOSTILE)
    page = Document(str(drawn))

    (kept,) = page.all("script")
    assert HOSTILE in json.dumps(json.loads(kept.children[0]), ensure_ascii=False)
    assert [one.attributes["aria-label"] for one in page.all("svg")] == [HOSTILE]


def test_the_script_of_the_charts_is_bundled_from_the_installed_packages():
    head = bundle_vega.SCRIPT.read_text("utf-8")[:4000]

    assert head.startswith(bundle_vega.head()), "run: python -m tools.bundle_vega"
    assert version("vl-convert-python") in head
    assert VERSION in head
