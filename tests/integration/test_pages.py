import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.pages import MOST_OMISSIONS, FilePages
from phaseout.adapters.pages.files import PageOutside
from phaseout.domain.omission import omission_facts
from phaseout.settings import PROJECT
from tests.document_facts import AS_OF, CHANGE, bulletin_facts, figures

TEMPLATES = Path(__file__).parents[2] / "data" / "pages"
HOSTILE = "<script>alert(1)</script>\"&'</svg>"


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


def bulletin_of(pages, **more):
    return Elements(pages.bulletin("2022-09", bulletin_facts(**more)).read_text("utf-8"))


def words_of(page):
    return re.sub(r"\s+", "", page.text)


def test_pages_lie_where_others_look_for_them(pages, tmp_path):
    assert pages.bulletin("2022-09", bulletin_facts()) == tmp_path / "bulletins" / "sample-2022-2022-09.html"
    assert pages.table("summary/铁合金", "汇总表", [{"序号": 1}]) == tmp_path / "summary" / "铁合金.xlsx"


def test_a_bulletin_needs_no_network_and_no_script(pages):
    elements = bulletin_of(pages)

    assert not elements.named("script")
    assert not elements.named("link")
    assert not elements.named("img")
    for _, attributes in elements.tags:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert not attributes.get(name, "").replace("#", "", 1).count(":")
    assert not re.search(r"https?://|url\(|@import", "".join(str(tag) for tag in elements.tags) + elements.text)
    assert elements.named("svg")


def test_what_others_wrote_is_shown_and_never_obeyed(pages):
    units = [figures(HOSTILE), figures("乙市", done=0, sealed=0)]
    elements = bulletin_of(pages, campaign_title=HOSTILE, office_body=HOSTILE, units=units)

    assert not elements.named("script")
    assert HOSTILE in elements.text


def test_a_hostile_name_is_escaped_in_the_chart(pages):
    html = pages.bulletin("2022-09", bulletin_facts(units=[figures("<b>甲市</b>&")])).read_text("utf-8")

    assert "<b>" not in html
    assert "&lt;b&gt;甲市" in re.search(r"<svg.*</svg>", html, re.DOTALL)[0]


def test_the_same_facts_give_the_same_bytes(pages, tmp_path):
    rows = [{"序号": 1, "产能": Decimal("1.5"), "计划完成时限": date(2022, 11, 30)}]
    first = [
        pages.bulletin("2022-09", bulletin_facts()).read_bytes(),
        pages.table("final/清单", "清单", rows).read_bytes(),
    ]
    other = FilePages(tmp_path / "again", templates=TEMPLATES)

    assert other.bulletin("2022-09", bulletin_facts()).read_bytes() == first[0]
    assert other.table("final/清单", "清单", rows).read_bytes() == first[1]


@pytest.mark.parametrize("name", ["../outside", "summary/../../outside", "/outside"])
def test_a_name_cannot_lead_out_of_the_folder(pages, name):
    with pytest.raises(PageOutside):
        pages.table(name, "汇总表", [])


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

    assert ("虚构数据" in words_of(bulletin_of(pages))) is is_replay


def test_the_bulletin_tells_the_whole_and_names_the_units(pages):
    words = words_of(bulletin_of(pages))

    assert "关于示例省2022年淘汰落后生产工艺装备工作9月份进展情况的通报" in words
    assert "各设区市工业和信息化局：" in words
    assert "5个填报单位累计排查企业600家" in words
    assert "二是报送内容不符合要求。丁市报送的进展情况表经审核存在问题" in words
    assert "丙市、丁市没有审核通过的本月进展情况表，有关数据沿用此前审核通过的数据" in words
    assert "（第1版，数据截至2022年10月10日9时05分）" in words


def test_a_later_version_of_the_bulletin_says_what_it_corrects(pages):
    words = words_of(bulletin_of(pages, version=2, changes=(CHANGE,)))

    assert "（第2版，数据截至" in words
    assert "3.较上一版更正的数据" in words
    assert "甲市累计完成台（套）数19202022年9月进展情况表第2版（2022年10月8日审核通过）" in words


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

    assert [script["src"] for script in elements.named("script")] == ["assets/site.js"]
    assert HOSTILE in elements.text
    assert [cell.data_type for cell in sheet[3] if "HYPERLINK" in str(cell.value)] == ["s"]


def test_the_page_of_suspected_omissions_lies_outside_the_site_and_needs_no_network(pages, tmp_path):
    page, _ = omission_page(pages)
    elements = Elements(page.read_text("utf-8"))
    addresses = {tag.get("href") or tag.get("src") for name in ("a", "link", "script") for tag in elements.named(name)}

    assert page == tmp_path / "office" / "omissions.html"
    assert {one for one in addresses if not one.startswith(("#", "data:", "../site/"))} == {
        "assets/style.css",
        "assets/site.js",
        "omissions.xlsx",
    }
    assert (page.parent / "assets" / "style.css").is_file()


def test_a_long_list_of_suspected_omissions_goes_on_in_the_workbook(pages):
    rows = [suspicion(rank=rank) for rank in range(1, MOST_OMISSIONS + 3)]
    page, sheet = omission_page(pages, *rows)

    assert f"共{MOST_OMISSIONS + 2}条" in words_of(Elements(page.read_text("utf-8")))
    assert page.read_text("utf-8").count("HTK-A") == MOST_OMISSIONS
    assert sheet.max_row == 2 + len(rows)
