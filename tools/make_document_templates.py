"""Writes `data/documents/*.docx`, the standard Word templates: `.venv/bin/python -m tools.make_document_templates`.

They follow GB/T 9704: A4, margins of 37, 35, 28 and 26 mm, body in 仿宋 三号 with lines of 28 points, headings in 黑体.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from phaseout.adapters.pages.documents.word import repacked
from phaseout.settings import PROJECT
from tools.document_layout import (
    BULLETIN_FIELDS,
    BULLETIN_HEAD,
    BULLETIN_WIDTHS,
    CHANGE_FIELDS,
    CHANGE_HEAD,
    CHANGE_WIDTHS,
    CLOSING_TABLES,
    FALLBACKS,
    FANG,
    FOUR,
    LATIN,
    LINE,
    PLAIN,
    REPLAY,
    STYLES,
    THREE,
)

FOLDER = PROJECT / "data" / "documents"
MADE = datetime(2022, 1, 1)  # noqa: DTZ001  the format knows no time zone; the same template, the same bytes


def templates() -> dict[str, bytes]:
    """Return every template by file name."""
    return {"bulletin.docx": _bulletin(), "closing.docx": _closing(), "corrections.docx": _corrections()}


def _bulletin() -> bytes:
    made = _new("情况通报模板")
    _opening(made, has_number=True)
    _text(made, "主送机关", "{{ addressees }}：")
    _sections(made)
    _attachments(made)
    _signature(made)
    _landscape(made)
    _annex(made, "{{ marks.table }}", "{{ table_title }}", is_first=True)
    _text(made, "表注", "数据截至{{ as_of }}。单位：家、项、台（套）、件次")
    _bulletin_table(made)
    _text(made, "表注", "{{ table_note }}")
    _condition(made, "if picture")
    _annex(made, "{{ marks.chart }}", "{{ chart_title }}")
    _text(made, "图", "{{ picture }}")
    _text(made, "表注", "数据截至{{ as_of }}；拆除与封存分别列示，虚线为总体完成率。")
    _condition(made, "endif")
    _change_annex(made)
    return _saved(made)


def _closing() -> bytes:
    made = _new("工作总结模板")
    _opening(made, has_number=False)
    _sections(made)
    _attachments(made)
    _signature(made)
    _landscape(made)
    for place, (name, head, fields, widths, totals) in enumerate(CLOSING_TABLES):
        _condition(made, f"if {name}")
        _annex(made, f"{{{{ marks.{name} }}}}", f"{{{{ titles.{name} }}}}", is_first=place == 0)
        _text(made, "表注", "数据截至{{ as_of }}。")
        _table(made, [head], name, fields, widths, totals=totals)
        _condition(made, "endif")
    _change_annex(made)
    return _saved(made)


def _corrections() -> bytes:
    made = _new("更正说明模板")
    _opening(made, has_number=False)
    _sections(made)
    _condition(made, "for document in corrected")
    _text(made, "Heading 1", "{{ document.heading }}")
    _text(made, "Body Text", "{{ document.words }}")
    # A table inside a loop of paragraphs is repeated with them.
    widths = [round(width * 156 / sum(CHANGE_WIDTHS)) for width in CHANGE_WIDTHS]
    _table(made, [CHANGE_HEAD], "document.changes", CHANGE_FIELDS, widths, item="change")
    _condition(made, "endfor")
    _signature(made)
    return _saved(made)


def _new(title: str) -> Any:  # noqa: ANN401  python-docx's types are not read
    made = Document()
    _drop_thumbnail(made)
    body = made.element.body
    for element in list(body)[:-1]:
        body.remove(element)
    properties = made.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = MADE
    properties.last_modified_by, properties.revision = "", 1
    _set_fonts(made.styles["Normal"], FANG, THREE)
    _set_language(made)
    _drop_theme(made)
    made.styles["Normal"].paragraph_format.space_after = Pt(0)
    for spacing in ("autoSpaceDE", "autoSpaceDN"):  # no gaps between characters and digits
        made.styles["Normal"].element.get_or_add_pPr().insert_element_before(
            parse_xml(f'<w:{spacing} {nsdecls("w")} w:val="0"/>'),
            "w:bidi",
            "w:adjustRightInd",
            "w:snapToGrid",
            "w:spacing",
        )
    for style in STYLES:
        _set_style(made, style)
    strong = made.styles.add_style("段首语", WD_STYLE_TYPE.CHARACTER)
    strong.font.bold = True
    _set_page(made.sections[0])
    _set_footers(made)
    _set_font_table(made)
    return made


def _set_style(made: Any, shape: tuple[str, str, Any, Any, int, int, Mapping[str, Any]]) -> None:  # noqa: ANN401
    name, font, size, align, first, right, more = shape
    known = {style.name for style in made.styles}
    style = made.styles[name] if name in known else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Normal"]
    _set_fonts(style, font, size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(more.get("colour", "000000"))
    form = style.paragraph_format
    form.alignment = align
    form.space_before, form.space_after = Pt(more.get("before", 0)), Pt(more.get("after", 0))
    if not more.get("single"):
        form.line_spacing = more.get("line", LINE)
    else:
        form.line_spacing = 1.0
    form.keep_with_next = more.get("keep", False)
    form.page_break_before = more.get("page", False)
    style.quick_style = True
    _drop_borders(style)
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    way = "firstLine" if first >= 0 else "hanging"
    for edge, characters in ((way, abs(first)), ("left", more.get("left", 0)), ("right", right)):
        indent.set(qn(f"w:{edge}Chars"), str(characters * 100))
        indent.set(qn(f"w:{edge}"), str(int(size.pt * 20 * characters)))


def _drop_borders(style: Any) -> None:  # noqa: ANN401
    """Take away the line that the stock style Title has below it."""
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _set_fonts(style: Any, font: str, size: Any) -> None:  # noqa: ANN401
    style.font.size, style.font.name = size, LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)


def _drop_thumbnail(made: Any) -> None:  # noqa: ANN401
    """Take away the little picture of another document that python-docx starts from."""
    relations = made.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[name]


def _drop_theme(made: Any) -> None:  # noqa: ANN401
    """Take away the theme's fonts, which would win over ours in some programs."""
    for fonts in made.styles.element.iter(qn("w:rFonts")):
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)


def _set_language(made: Any) -> None:  # noqa: ANN401
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-US")  # of digits: in Chinese a line may end inside a number
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_page(section: Any) -> None:  # noqa: ANN401
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)


def _set_footers(made: Any) -> None:  # noqa: ANN401
    """Number the pages as — 1 —, outside: right on odd pages, left on even ones."""
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        for part in ("— ", None, " —"):
            run = paragraph.add_run(part or "")
            run.font.size = FOUR
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), PLAIN)  # noqa: SLF001  no other way
            if part is None:
                _number(run)


def _number(run: Any) -> None:  # noqa: ANN401
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._element.append(element)  # noqa: SLF001  python-docx knows no fields


def _set_font_table(made: Any) -> None:  # noqa: ANN401
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    for part in made.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = table.encode()  # noqa: SLF001  python-docx has no words for it


def _opening(made: Any, *, has_number: bool) -> None:  # noqa: ANN401
    _condition(made, "if is_replay")
    _text(made, "演练提示", REPLAY)
    _condition(made, "endif")
    if has_number:
        _number_to_fill(made)
    _text(made, "Title", "{{ title }}")
    _text(made, "Subtitle", "（第{{ version }}版，数据截至{{ as_of }}）")


def _number_to_fill(made: Any) -> None:  # noqa: ANN401
    """Leave room for the document number (发文字号), which nobody has given yet: a field to click on."""
    paragraph = made.add_paragraph(style="发文字号")
    paragraph._p.append(  # noqa: SLF001  python-docx knows no content controls
        parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="发文字号"/><w:tag w:val="document_number"/>'
            "<w:text/></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>　　　〔{{ year }}〕　　号</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )


def _sections(made: Any) -> None:  # noqa: ANN401
    _condition(made, "for section in sections")
    _condition(made, "if section.heading")
    _text(made, "Heading 1", "{{ section.heading }}")
    _condition(made, "endif")
    _condition(made, "for paragraph in section.paragraphs")
    paragraph = made.add_paragraph(style="Body Text")
    paragraph.add_run("{{ paragraph.lead }}", style="段首语")
    paragraph.add_run("{{ paragraph.text }}")
    _condition(made, "endfor")
    _condition(made, "endfor")


def _signature(made: Any) -> None:  # noqa: ANN401
    _text(made, "署名", "{{ office_body }}")
    _text(made, "成文日期", "{{ signed_on }}")
    _text(made, "附注", "（联系处室：{{ office_desk }}）")


def _landscape(made: Any) -> None:  # noqa: ANN401
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    section.left_margin, section.right_margin = Mm(24), Mm(24)
    section.footer_distance = Mm(15)


def _annex(made: Any, mark: str, title: str, *, is_first: bool = False) -> None:  # noqa: ANN401
    paragraph = _text(made, "附件标记", mark)
    if is_first:
        paragraph.paragraph_format.page_break_before = False
    _text(made, "Heading 2", title)


def _change_annex(made: Any) -> None:  # noqa: ANN401
    _condition(made, "if changes")
    _annex(made, "{{ marks.changes }}", "较上一版更正的数据")
    _text(made, "表注", "上一版数据截至{{ before_as_of }}，本版数据截至{{ as_of }}。")
    _table(made, [CHANGE_HEAD], "changes", CHANGE_FIELDS, CHANGE_WIDTHS, item="change")
    _condition(made, "endif")


def _condition(made: Any, words: str) -> None:  # noqa: ANN401
    made.add_paragraph(f"{{%p {words} %}}", style="Body Text")


def _attachments(made: Any) -> None:  # noqa: ANN401
    _text(made, "Body Text", "")  # a line is left free above the list
    _repeated(made, "附件说明", "attachment", "attachments", "{{ attachment.mark }}{{ attachment.title }}")


def _repeated(made: Any, style: str, item: str, names: str, words: str) -> None:  # noqa: ANN401
    _condition(made, f"for {item} in {names}")
    _text(made, style, words)
    _condition(made, "endfor")


def _text(made: Any, style: str, words: str) -> Any:  # noqa: ANN401
    return made.add_paragraph(words, style=style)


def _bulletin_table(made: Any) -> None:  # noqa: ANN401
    upper = [head for head, lower in BULLETIN_HEAD for _ in range(len(lower) or 1)]
    lower = [name for head, names in BULLETIN_HEAD for name in (names or (head,))]
    table = _table(made, [upper, lower], "rows", BULLETIN_FIELDS, BULLETIN_WIDTHS, totals="totals", item="row")
    column = 0
    for head, names in BULLETIN_HEAD:
        last = column + (len(names) or 1) - 1
        corner = table.cell(0 if names else 1, last)
        merged = table.cell(0, column).merge(corner)
        for paragraph in merged.paragraphs[1:]:
            paragraph._element.getparent().remove(paragraph._element)  # noqa: SLF001  merging leaves empty ones
        merged.paragraphs[0].text = head
        column = last + 1


def _table(
    made: Any,  # noqa: ANN401
    heads: Sequence[Sequence[str]],
    names: str,
    fields: Sequence[str],
    widths: Sequence[int],
    *,
    totals: str | None = None,
    item: str = "row",
) -> Any:  # noqa: ANN401
    table = made.add_table(rows=0, cols=len(fields))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    table._tbl.tblPr.insert_element_before(  # noqa: SLF001  python-docx knows no margins of cells
        parse_xml(
            f'<w:tblCellMar {nsdecls("w")}><w:left w:w="57" w:type="dxa"/>'
            '<w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        ),
        "w:tblLook",
    )
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for head in heads:
        row = _row(table, head, ["表头"] * len(fields), widths)
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))  # noqa: SLF001  as above
    _row(table, [f"{{%tr for {item} in {names} %}}"], ["表格文字"], widths)
    looks = ["表格文字"] * len(fields)
    _row(table, [f"{{{{ {item}.{field} }}}}" for field in fields], looks, widths)
    _row(table, ["{%tr endfor %}"], ["表格文字"], widths)
    if totals:
        row = _row(table, [f"{{{{ {totals}.{field} }}}}" for field in fields], looks, widths)
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.bold = True
    return table


def _row(table: Any, words: Sequence[str], looks: Sequence[str], widths: Sequence[int]) -> Any:  # noqa: ANN401
    row = table.add_row()
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))  # noqa: SLF001  as above
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
    for cell, text, look in zip(row.cells, words, looks, strict=False):
        cell.paragraphs[0].style = look
        cell.paragraphs[0].add_run(text)
        cell.vertical_alignment = 1
    return row


def _saved(made: Any) -> bytes:  # noqa: ANN401
    buffer = io.BytesIO()
    made.save(buffer)
    return repacked(buffer.getvalue())


def write(folder: Path = FOLDER) -> None:
    """Write every template into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in templates().items():
        (folder / name).write_bytes(raw)


if __name__ == "__main__":
    write()
