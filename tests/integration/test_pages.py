import re
import subprocess
import sys
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.pages import MOST_OMISSIONS, FilePages, files
from phaseout.adapters.pages.files import PageOutside
from phaseout.domain.bulletin import UnitFigures, bulletin
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing
from phaseout.domain.omission import omission_facts
from phaseout.settings import PROJECT

TEMPLATES = Path(__file__).parents[2] / "data" / "pages"
AS_OF = datetime(2022, 10, 10, 9, 5, tzinfo=CHINA)
HOSTILE = "<script>alert(1)</script>\"&'</svg>"
COLUMNS = (
    ("contact_list", "工作联系人信息", date(2022, 6, 3)),
    ("inventory", "排查底数", date(2022, 7, 30)),
    ("monthly_progress/2022-09", "月度进展（9月）", date(2022, 9, 30)),
    ("closure", "关停到期", date(2022, 11, 30)),
)


def cell(standing=Standing.ACCEPTED, word="审核通过", **more):
    return {"standing": standing, "word": word, "days_late": 0, "reason": "说明", "count": 1, "accepted": 1} | more


def board_facts(*, units=("甲市", "乙市"), cells=None, **more):
    keys = [key for key, _, _ in COLUMNS]
    facts = {
        "as_of": AS_OF,
        "campaign_title": "示例省2022年淘汰落后生产工艺装备工作",
        "notice": "示例通知",
        "office_body": "示例省工业和信息化厅",
        "office_desk": "示例处",
        "closures_due": date(2022, 11, 30),
        "signing": None,
        "columns": [
            {"key": key, "title": title, "due": due, "is_soft": key == "inventory", "is_goal": key == "closure"}
            for key, title, due in COLUMNS
        ],
        "rows": [
            {"unit_code": name, "unit_name": name, "cells": dict.fromkeys(keys, cell()) | (cells or {})}
            for name in units
        ],
        "totals": [
            {"key": key, "expected": 13, "received": 12, "on_time": 11, "accepted": 10, "accepted_first_time": 9}
            for key in keys
        ],
        "progress": [
            {"period": "2022-08", "items": 612, "closed": 71, "sealed": 22},
            {"period": "2022-09", "items": 640, "closed": 214, "sealed": 58},
        ],
        "letters": [{"kind": LetterKind.REMINDER, "word": "催报函", "count": 143}],
        "omissions": [{"word": "零报告存疑", "look_at": "逐家核对", "count": 3}],
        "todos": [
            {
                "title": "督办函待签发",
                "detail": "乙市",
                "since": date(2022, 8, 22),
                "handling": "由签发人决定签发或者不予签发",
                "unit_name": "甲市",
            }
        ],
    }
    return facts | more


def figures(name, **more):
    given = {"sets": 30, "done": 12, "sealed": 3, "filing": "按时", "returns": 0, "overdue_items": 0} | more
    return UnitFigures(
        code=name,
        name=name,
        enterprises=120,
        outdated_enterprises=14,
        items=20,
        done_before=5,
        inspected=6,
        closed_enterprises=4,
        **given,
    )


UNITS = (
    figures("甲市", done=20),
    figures("乙市", filing="逾期3个工作日"),
    figures("丙市", done=0, sealed=0, filing="未报", overdue_items=4),
    figures("丁市", filing="退回待更正", returns=1),
    figures("戊市", sets=0, done=0, sealed=0),
)


def bulletin_facts(*, units=UNITS, **more):
    facts = {
        "campaign": "sample-2022",
        "campaign_title": "示例省2022年淘汰落后生产工艺装备工作",
        "office_body": "示例省工业和信息化厅",
        "office_desk": "示例处",
        "period": "2022-09",
        "number": 2,
        "as_of": AS_OF,
        "closures_due": date(2022, 11, 30),
        "next_due": date(2022, 10, 30),
    }
    return facts | asdict(bulletin(units)) | more


def suspicion(**more):
    row = {
        "rank": 1,
        "signal_word": "自判与目录初判不一致",
        "look_at": "到现场核对铭牌",
        "unit_name": "甲市",
        "industry_name": "铁合金",
        "enterprise_name": "甲市示例合金有限公司",
        "uscc": "91320116MA0000000A",
        "item": "矿热炉 HTK-A 5000kVA",
        "catalogue_items": "FA-01",
        "sets": 2,
        "reason": "自判为否，目录初判为淘汰类",
        "judgement": "eliminate",
    }
    return row | more


def omission_page(pages, *rows, **more):
    campaign = FileDefinitions(PROJECT).campaign("jiangsu-2022")
    page, table = pages.omissions(omission_facts(campaign, rows or [suspicion()], as_of=AS_OF) | more)
    return page, openpyxl.load_workbook(BytesIO(table.read_bytes())).active


@pytest.fixture
def pages(tmp_path):
    return FilePages(tmp_path, templates=TEMPLATES)


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def named(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def board(pages, **more):
    return Elements(pages.board(board_facts(**more)).read_text("utf-8"))


def bulletin_of(pages, **more):
    return Elements(pages.bulletin("2022-09", bulletin_facts(**more)).read_text("utf-8"))


def words_of(page):
    return re.sub(r"\s+", "", page.text)


def test_pages_lie_where_others_look_for_them(pages, tmp_path):
    assert pages.board(board_facts()) == tmp_path / "site" / "index.html"
    assert pages.bulletin("2022-09", bulletin_facts()) == tmp_path / "bulletins" / "sample-2022-2022-09.html"
    assert pages.table("summary/铁合金", "汇总表", [{"序号": 1}]) == tmp_path / "summary" / "铁合金.xlsx"


@pytest.mark.parametrize("page", [board, bulletin_of])
def test_a_page_needs_no_network_and_no_script(pages, page):
    elements = page(pages)

    assert not elements.named("script")
    assert not elements.named("link")
    assert not elements.named("img")
    for _, attributes in elements.tags:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert not attributes.get(name, "").replace("#", "", 1).count(":")
    assert not re.search(r"https?://|url\(|@import", "".join(str(tag) for tag in elements.tags) + elements.text)
    assert elements.named("svg")


def test_the_board_holds_every_unit_and_every_milestone(pages):
    page = board(pages)
    words = words_of(page)

    for expected in ("甲市", "乙市", *(title for _, title, _ in COLUMNS)):
        assert expected in words
    assert "截至2022年10月10日09:05（北京时间）" in words
    assert "督办函待签发" in words
    assert "催报函143" in words


def test_the_matrix_can_be_read_by_ear(pages):
    page = board(pages)

    assert len(page.named("caption")) == len([t for t in page.named("table") if "aria-labelledby" not in t])
    assert all("scope" in attributes for attributes in page.named("th"))
    assert page.named("html")[0]["lang"] == "zh-CN"
    assert all(attributes.get("aria-label") for attributes in page.named("svg"))


def test_a_standing_is_told_by_word_as_well_as_by_colour(pages):
    cells = {"inventory": cell(Standing.LATE, "逾期未报", days_late=3, accepted=0), "closure": None}
    page = board(pages, units=["甲市"], cells=cells)

    assert "逾期未报逾期3个工作日" in words_of(page)
    assert "late soft" in [attributes.get("class") for attributes in page.named("td")]
    assert "none" in [attributes.get("class") for attributes in page.named("td")]


def test_a_cell_of_several_forms_shows_how_many_are_accepted(pages):
    cells = {"inventory": cell(Standing.RETURNED, "退回待更正", count=6, accepted=5)}

    assert "退回待更正5/6" in words_of(board(pages, cells=cells))


def test_the_board_tells_rates_of_what_is_due(pages):
    words = words_of(board(pages))

    assert "报送率92.3%应报39件，已报36件" in words  # the goal and what is not due are left out
    assert "640台（套）中完成214台（套）" in words
    assert "距11月30日还有51天" in words


@pytest.mark.parametrize("page", [board, bulletin_of])
def test_what_others_wrote_is_shown_and_never_obeyed(pages, page):
    facts = {"units": [HOSTILE]} if page is board else {"units": [figures(HOSTILE), figures("乙市", done=0, sealed=0)]}
    elements = page(pages, campaign_title=HOSTILE, office_body=HOSTILE, **facts)

    assert not elements.named("script")
    assert HOSTILE in elements.text


def test_a_hostile_name_is_escaped_in_the_chart(pages):
    html = pages.bulletin("2022-09", bulletin_facts(units=[figures("<b>甲市</b>&")])).read_text("utf-8")

    assert "<b>" not in html
    assert "&lt;b&gt;甲市" in re.search(r"<svg.*</svg>", html, re.DOTALL)[0]


def test_the_same_facts_give_the_same_bytes(pages, tmp_path):
    rows = [{"序号": 1, "产能": Decimal("1.5"), "计划完成时限": date(2022, 11, 30)}]
    first = [
        pages.board(board_facts()).read_bytes(),
        pages.bulletin("2022-09", bulletin_facts()).read_bytes(),
        pages.table("final/清单", "清单", rows).read_bytes(),
    ]
    other = FilePages(tmp_path / "again", templates=TEMPLATES)

    assert other.board(board_facts()).read_bytes() == first[0]
    assert other.bulletin("2022-09", bulletin_facts()).read_bytes() == first[1]
    assert other.table("final/清单", "清单", rows).read_bytes() == first[2]


def test_a_page_that_cannot_be_written_leaves_the_old_one(pages, tmp_path, monkeypatch):
    path = pages.board(board_facts())
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        pages.board(board_facts(units=["丙市"]))

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["index.html"]


def test_a_reader_keeps_the_page_that_it_opened(pages):
    path = pages.board(board_facts(units=["甲市"]))
    with path.open(encoding="utf-8") as reader:
        pages.board(board_facts(units=["丙市"]))

        assert "甲市" in reader.read()
    assert "丙市" in path.read_text("utf-8")


def test_others_may_read_what_is_published(pages):
    assert pages.board(board_facts()).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["../outside", "summary/../../outside", "/outside"])
def test_a_name_cannot_lead_out_of_the_folder(pages, name):
    with pytest.raises(PageOutside):
        pages.table(name, "汇总表", [])


def test_an_early_board_says_what_is_not_there_yet(pages):
    words = words_of(board(pages, progress=[], letters=[], todos=[]))

    assert "尚无审核通过的月度进展数据" in words
    assert "目前没有需要经办人处理的事项" in words
    assert "尚未发函" in words


@pytest.mark.parametrize(
    ("signing", "expected"),
    [
        pytest.param(
            {"decided": 4, "mean": 1.5, "longest": 3, "waiting": 2, "oldest": 8},
            "签发用时：已作出签发决定4件，平均1.5个工作日，最长3个工作日；待签发2件，最长已等待8个工作日。",
            id="some decided and some waiting",
        ),
        pytest.param(
            {"decided": 0, "mean": None, "longest": None, "waiting": 1, "oldest": 0},
            "签发用时：尚未作出签发决定；待签发1件，最长已等待0个工作日。",
            id="none decided",
        ),
        pytest.param(
            {"decided": 1, "mean": 0.0, "longest": 0, "waiting": 0, "oldest": None},
            "签发用时：已作出签发决定1件，平均0.0个工作日，最长0个工作日；目前没有待签发函件。",
            id="none waiting",
        ),
    ],
)
def test_the_board_tells_how_long_decisions_on_drafts_take(pages, signing, expected):
    assert expected in words_of(board(pages, signing=signing))


def test_a_board_without_drafts_tells_nothing_of_signing(pages):
    assert "签发用时" not in words_of(board(pages))


@pytest.mark.parametrize(
    ("months", "labels"),
    [
        pytest.param([("2022-11", 5, 1)], ["11月"], id="one month, the last"),
        pytest.param([("2022-12", 5, 4)], ["12月"], id="a month after the due day"),
        pytest.param([("2022-11", 5, 4), ("2023-01", 5, 5)], ["22年11月", "22年12月", "23年1月"], id="over a new year"),
        pytest.param([("2022-08", 0, 0)], ["8月", "9月", "10月", "11月"], id="nothing to close"),
    ],
)
def test_the_burn_down_shows_every_month_up_to_the_due_day(pages, months, labels):
    progress = [{"period": period, "items": items, "closed": closed, "sealed": 0} for period, items, closed in months]
    html = pages.board(board_facts(progress=progress)).read_text("utf-8")
    drawing = re.search(r"<svg.*</svg>", html, re.DOTALL)[0]

    assert re.findall(r">((?:\d+年)?\d+月)<", drawing) == labels


def test_altair_is_loaded_only_for_a_chart(tmp_path):
    program = (
        "import sys; from pathlib import Path; from phaseout.adapters.pages import FilePages;"
        f"FilePages(Path({str(tmp_path)!r}), templates=Path({str(TEMPLATES)!r})).table('a', 'b', []);"
        "sys.exit('altair' in sys.modules or 'vl_convert' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("is_replay", [True, False])
def test_the_pages_of_a_replay_alone_say_that_they_are_invented(tmp_path, is_replay):
    pages = FilePages(tmp_path, templates=TEMPLATES, is_replay=is_replay)

    assert ("虚构数据" in words_of(board(pages))) is is_replay
    assert ("虚构数据" in words_of(bulletin_of(pages))) is is_replay


def test_the_bulletin_tells_the_whole_and_names_the_units(pages):
    words = words_of(bulletin_of(pages))

    assert "关于示例省2022年淘汰落后生产工艺装备工作9月份进展情况的通报" in words
    assert "5个填报单位累计排查企业600家" in words
    assert "完成率36.7%" in words
    assert "甲市报送及时、推进有力" in words
    # It has not filed: the figures are an earlier month's, and nobody is blamed by those.
    assert "丙市至今未完成任何一台（套）装备的拆除或封存" not in words
    assert "丙市、丁市未报送本月进展情况表或者尚未完成更正，有关数据沿用此前审核通过的数据" in words
    assert "乙市逾期3个工作日报送；丙市至今未报送本月进展情况表" in words
    assert "丁市报送的材料经审核存在问题" in words
    assert "丙市4项已过计划完成时限" not in words
    assert "下一次报送截止日期为2022年10月30日" in words
    assert "戊市报告无落后生产工艺装备，不参加排名" in words


def test_the_bulletin_ranks_in_the_order_of_codes_with_totals_below(pages):
    words = words_of(bulletin_of(pages))

    positions = [words.index(text) for text in ("1甲市120", "2乙市120", "4丙市120", "2丁市120", "无任务戊市120")]
    assert positions == sorted(positions)
    assert "—合计600" in words


def test_a_bulletin_without_problems_has_no_section_of_problems(pages):
    words = words_of(bulletin_of(pages, units=[figures("甲市"), figures("乙市", done=15)], next_due=None))

    assert "存在的问题" not in words
    assert "三、下一步工作要求" in words
    assert "下一次报送截止日期" not in words


def test_a_bulletin_where_nobody_has_tasks_ranks_nobody(pages):
    page = bulletin_of(pages, units=[figures("甲市", sets=0, done=0, sealed=0)])

    assert "目前未报告落后生产工艺装备" in words_of(page)
    assert not page.named("svg")
    assert "附件2" not in words_of(page)


def test_a_table_is_a_workbook_that_can_be_printed_as_it_is(pages):
    rows = [
        {"填报单位": "甲市", "企业名称": "=1+1", "统一社会信用代码": "001", "产能": Decimal("1.5"), "是否验收": True},
        {"填报单位": "合计", "企业名称": None, "统一社会信用代码": None, "产能": Decimal(3), "是否验收": None},
    ]
    sheet = openpyxl.load_workbook(BytesIO(pages.table("final/清单", "完成清单", rows).read_bytes())).active

    assert sheet["A1"].value == "完成清单"
    assert [value.value for value in sheet[2]] == ["填报单位", "企业名称", "统一社会信用代码", "产能", "是否验收"]
    assert [value.value for value in sheet[3]] == ["甲市", "=1+1", "001", 1.5, "是"]
    assert sheet["B3"].data_type == "s"
    assert sheet["A4"].font.bold
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$2"


def test_a_table_without_rows_says_that_there_are_none(pages):
    sheet = openpyxl.load_workbook(BytesIO(pages.table("final/清单", "完成清单", []).read_bytes())).active

    assert (sheet["A1"].value, sheet["A2"].value) == ("完成清单", "（无）")


def test_the_list_of_suspected_omissions_says_what_it_is_and_what_to_look_at(pages):
    page, sheet = omission_page(pages)
    words = words_of(Elements(page.read_text("utf-8")))

    assert words.count("仅供核查参考，不作为认定依据") == 2
    for expected in ("甲市示例合金有限公司", "矿热炉HTK-A5000kVA", "到现场核对铭牌", "自判为否", "淘汰类", "铁合金"):
        assert expected in words
    heads = [cell.value for cell in sheet[2]]
    assert heads[-3:] == ["目录初判（仅供核查参考，不作为认定依据）", "核查情况", "核查结论"]
    assert [cell.value for cell in sheet[3]][:4] == [1, "自判与目录初判不一致", "甲市", "铁合金"]


def test_a_hostile_cell_is_inert_in_the_list_of_suspected_omissions(pages):
    page, sheet = omission_page(pages, suspicion(enterprise_name=HOSTILE, item='=HYPERLINK("http://a.example")'))
    elements = Elements(page.read_text("utf-8"))

    assert not elements.named("script")
    assert HOSTILE in elements.text
    assert [cell.data_type for cell in sheet[3] if "HYPERLINK" in str(cell.value)] == ["s"]


def test_the_page_of_suspected_omissions_needs_no_network_and_leads_only_to_the_board_and_its_workbook(pages):
    page, _ = omission_page(pages)
    elements = Elements(page.read_text("utf-8"))

    assert {link["href"] for link in elements.named("a")} == {"#list", "../index.html", "omissions.xlsx"}
    assert not [tag for tag in ("script", "link", "img", "form") if elements.named(tag)]


def test_a_long_list_of_suspected_omissions_goes_on_in_the_workbook(pages):
    rows = [suspicion(rank=rank) for rank in range(1, MOST_OMISSIONS + 3)]
    page, sheet = omission_page(pages, *rows)

    assert f"共{MOST_OMISSIONS + 2}条" in words_of(Elements(page.read_text("utf-8")))
    assert page.read_text("utf-8").count("HTK-A") == MOST_OMISSIONS
    assert sheet.max_row == 2 + len(rows)


def test_the_board_alone_leads_to_the_list_of_suspected_omissions(pages):
    links = [attributes.get("href") for attributes in board(pages).named("a")]

    assert "office/omissions.html" in links
    assert "疑似漏报" in words_of(board(pages))
    assert "疑似漏报" not in words_of(board(pages, omissions=[]))
    assert "omissions" not in str(bulletin_of(pages).tags)
