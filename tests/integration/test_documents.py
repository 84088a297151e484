"""Documents (公文) as Word files: layout, fields, templates of the office, and what a hostile name cannot do."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from phaseout.adapters.pages.documents import BadTemplate, FileDocuments, NoKind
from phaseout.domain.document import DocumentKind
from phaseout.settings import PROJECT
from tests.document_facts import CHANGE, UNITS, edition, figures
from tools import document_fields_page, make_document_templates

STANDARD = PROJECT / "data" / "documents"
HOSTILE = "<w:t>{{ 7*7 }}</w:t>&\"'"


TEMPLATES = make_document_templates.templates()


@pytest.fixture
def documents(tmp_path):
    return FileDocuments(tmp_path / "published", templates=STANDARD, own=tmp_path / "documents")


@pytest.fixture(scope="module")
def bulletin(tmp_path_factory):
    """Return the second version of a bulletin as Word reads it."""
    folder = tmp_path_factory.mktemp("documents")
    made = FileDocuments(folder, templates=STANDARD, own=folder / "own").make(edition(version=2, changes=(CHANGE,)))
    return made.files


def word_of(files):
    (raw,) = [raw for name, raw in files.items() if name.endswith(".docx")]
    return docx.Document(io.BytesIO(raw))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def own_template(documents, tmp_path, change):
    """Let the office change its copy of the standard template."""
    document = docx.Document(STANDARD / "bulletin.docx")
    change(document)
    (tmp_path / "documents").mkdir()
    document.save(tmp_path / "documents" / "bulletin.docx")
    return documents.make(edition())


def reworded(before, after):
    """Return what replaces a field's tag, as somebody would in Word."""

    def change(document):
        (run,) = [run for paragraph in document.paragraphs for run in paragraph.runs if run.text == before]
        run.text = after

    return change


def test_the_page_is_laid_out_after_the_standard(bulletin):
    document = word_of(bulletin)
    page = document.sections[0]
    styles = document.styles

    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(length.mm) for length in (page.page_width, page.page_height)] == [210, 297]
    assert [round(length.mm) for length in margins] == [37, 35, 28, 26]
    fonts = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Body Text", "Heading 1")
    }
    assert fonts == {"Title": "方正小标宋简体", "Body Text": "仿宋_GB2312", "Heading 1": "黑体"}
    assert [styles[name].font.size for name in ("Title", "Body Text")] == [Pt(22), Pt(16)]
    assert styles["Body Text"].paragraph_format.line_spacing == Pt(28)


def test_a_machine_without_those_fonts_is_told_what_stands_in(bulletin):
    (raw,) = [raw for name, raw in bulletin.items() if name.endswith(".docx")]
    table = zipfile.ZipFile(io.BytesIO(raw)).read("word/fontTable.xml").decode()

    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong"/>' in table


def test_it_reads_from_the_title_to_the_signature(bulletin):
    words = texts(word_of(bulletin))

    assert words[1].replace("\n", "") == "关于示例省2022年淘汰落后生产工艺装备工作9月份进展情况的通报"
    assert words[2:4] == ["（第2版，数据截至2022年10月10日9时05分）", "各设区市工业和信息化局："]
    for line in (
        "一、总体情况",
        "附件：1. 示例省2022年淘汰落后生产工艺装备工作9月份进展情况表",
        "示例省工业和信息化厅",
        "2022年10月10日",
    ):
        assert line in words
    assert not [line for line in words if "{" in line or "None" in line]


def test_headings_are_headings_and_a_number_is_left_to_fill_in(bulletin):
    document = word_of(bulletin)

    assert next(p.text for p in document.paragraphs if p.style.name == "Heading 1") == "一、总体情况"
    (field,) = document.element.body.iter(qn("w:sdt"))
    assert "".join(text.text for text in field.iter(qn("w:t"))) == "　　　〔2022〕　　号"


def test_the_table_holds_every_unit_and_repeats_its_head(bulletin):
    ranking, changes = word_of(bulletin).tables

    rows = cells(ranking)
    assert [row[1] for row in rows[2:]] == [*(unit.name for unit in UNITS), "合计"]
    assert rows[2] == [
        "1",
        "甲市",
        "120",
        "14",
        "20",
        "30",
        "15",
        "20",
        "17",
        "3",
        "6",
        "66.7%",
        "28.6%",
        "按时",
        "0",
        "0",
    ]
    heads = [row for row in ranking.rows if row._tr.trPr.findall(qn("w:tblHeader"))]  # noqa: SLF001  no other way
    assert len(heads) == 2
    assert cells(changes)[1] == ["甲市", "累计完成台（套）数", "19", "20", CHANGE.by]


def test_the_workbook_has_a_sheet_for_each_table_with_version_and_cut_off(bulletin):
    (raw,) = [raw for name, raw in bulletin.items() if name.endswith(".xlsx")]
    book = openpyxl.load_workbook(io.BytesIO(raw))

    assert book.sheetnames == ["进展情况表", "分行业进展", "分行业产能", "逐月进展", "更正说明"]
    assert {sheet["A2"].value for sheet in book} == {"第2版，数据截至2022年10月10日9时05分。"}


def test_files_bear_the_cut_off_and_nobody(bulletin):
    properties = word_of(bulletin).core_properties

    assert properties.created == properties.modified == datetime(2022, 10, 10, 9, 5, tzinfo=UTC)
    assert properties.author == properties.last_modified_by == "示例省工业和信息化厅"
    for raw in bulletin.values():  # else the same edition would be other bytes a minute later
        assert {part.date_time for part in zipfile.ZipFile(io.BytesIO(raw)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_where_nobody_can_be_ranked_there_is_no_chart(documents):
    document = word_of(documents.make(edition(units=[figures("甲市", sets=0, done=0, sealed=0)])).files)

    assert not document.inline_shapes
    assert not [line for line in texts(document) if "完成率（按台套计算）" in line and "附件" in line]
    assert "附件" in texts(document)


def test_a_hostile_name_is_text(documents):
    document = word_of(documents.make(edition(units=[figures(HOSTILE)], office_body=HOSTILE)).files)

    assert cells(document.tables[0])[2][1] == HOSTILE
    assert HOSTILE in texts(document)


def test_a_replay_says_that_it_is_invented(tmp_path):
    replay = FileDocuments(tmp_path, templates=STANDARD, own=tmp_path / "own", is_replay=True)

    assert texts(word_of(replay.make(edition()).files))[0].startswith("回放演练（虚构数据）")


def test_the_office_s_own_template_wins(documents, tmp_path):
    made = own_template(documents, tmp_path, reworded("{{ addressees }}：", "{{ addressees }}，各有关企业："))

    assert "各设区市工业和信息化局，各有关企业：" in texts(word_of(made.files))
    assert made.notes == ()


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param("{{ addressees }}：", "各单位：", "缺少字段addressees（主送机关）", id="a field is missing"),
        pytest.param(
            "{{ addressees }}：", "{{ addressee }}{{ addressees }}：", "字段addressee没有定义", id="an unknown field"
        ),
        pytest.param(
            "{{ section.heading }}", "{{ section.titel }}", "字段sections.titel没有定义", id="an unknown part of a list"
        ),
        pytest.param("{{ addressees }}：", "{{ addressees ：", "在“{{ addressees", id="a broken tag"),
        pytest.param("{%p if picture %}", "没有条件", "字段标记写法有误", id="an end without its beginning"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_and_the_standard_one_stands_in(
    documents, tmp_path, before, after, reason
):
    made = own_template(documents, tmp_path, reworded(before, after))

    (note,) = made.notes
    assert note.startswith("本单位模板bulletin.docx不能使用，已改用标准模板：")
    assert reason in note
    assert "各设区市工业和信息化局：" in texts(word_of(made.files))


def test_a_field_in_the_wrong_place_lets_the_standard_template_stand_in(documents, tmp_path):
    def misplaced(document):
        (paragraph,) = [one for one in document.paragraphs if one.text == "{%p for section in sections %}"]
        paragraph.runs[0].text = "{%tr for section in sections %}"

    (note,) = own_template(documents, tmp_path, misplaced).notes

    assert "已改用标准模板" in note


def test_a_file_that_is_no_word_file_is_named(documents, tmp_path):
    (tmp_path / "bulletin.docx").write_bytes(b"\xd0\xcf\x11\xe0 an old .doc")

    with pytest.raises(BadTemplate, match=r"不是Word文档（\.docx）"):
        documents.check(tmp_path / "bulletin.docx", kind=None)


def test_a_tag_that_word_has_split_is_read_all_the_same(documents, tmp_path):
    def split(document):
        (paragraph,) = [one for one in document.paragraphs if one.text == "{{ addressees }}："]
        paragraph.runs[0].text = "{{ addre"
        paragraph.add_run("ssees }")
        paragraph.add_run("}，各有关企业：").bold = True

    assert "各设区市工业和信息化局，各有关企业：" in texts(word_of(own_template(documents, tmp_path, split).files))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_standard_templates_are_what_the_tool_makes_and_have_every_field(documents, name):
    raw = (STANDARD / name).read_bytes()

    assert raw == TEMPLATES[name], "run: python -m tools.make_document_templates"
    documents.check(STANDARD / name, kind=None)


def test_a_template_for_no_document_is_refused(documents, tmp_path):
    (tmp_path / "letter.docx").write_bytes(b"")

    with pytest.raises(NoKind, match="no kind of document"):
        documents.check(tmp_path / "letter.docx", kind=None)
    with pytest.raises(NoKind):
        documents.check(tmp_path / "letter.docx", kind=DocumentKind.FINAL)


def test_the_page_of_fields_is_fresh():
    assert document_fields_page.PAGE.read_text("utf-8") == document_fields_page.page(), (
        "run: python -m tools.document_fields_page"
    )
