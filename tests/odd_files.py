"""Odd and hostile files (怪异文件), each with what must become of it; people and addresses are invented.

A file's name and words that lead outwards name a canary: a listener on this machine that nobody may ask anything.
"""

import io
import random
import re
import struct
import zipfile
from dataclasses import dataclass
from datetime import date

import openpyxl

from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.ports import FormSheet, FormStamp
from tests.filled_forms import CAMPAIGN, contact_form
from tests.unit.usecases import papers

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACCEPTED, RETURNED = "accepted", "returned"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MARK = "此处改写"  # stands in the remark of a form, and is written over in its XML


@dataclass(frozen=True, slots=True)
class OddFile:
    """A file that is not as it should be; *becomes* accepted, returned, or refused with that code."""

    name: str  # a sentence
    file_name: str
    content: bytes
    becomes: str
    told: str = ""  # words that the answer must hold beside those of its code


def rewritten(content, change=lambda _name, part: part, *, more=()):
    """Return an archive whose parts went through *change*, with more parts behind them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more:
            new.writestr(name, part)
    return target.getvalue()


def in_sheet(old, new):
    return lambda name, part: part.replace(old, new) if name == SHEET else part


def archive_of(*parts, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return target.getvalue()


def form(remark=MARK, **changed):
    return contact_form(remark=remark, **changed)


def with_cell(xml):
    """Return a form the remark of which is the cell that *xml* makes of its place."""
    content = form()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = archive.read("xl/sharedStrings.xml")
    number = texts[: texts.index(MARK.encode())].count(b"<si>") - 1
    cell = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*t="s"><v>%d</v></c>' % number)
    return rewritten(
        content, lambda name, part: cell.sub(lambda found: xml(found[1]), part) if name == SHEET else part
    )


def formula(text, value=None):
    """Return a form with a formula in its remark, calculated to *value* or never."""
    inner = b"<f>" + text.encode() + b"</f>" + (b"<v>" + value.encode() + b"</v>" if value else b"")
    kind = b' t="str"' if value else b""
    return with_cell(lambda place: b'<c r="' + place + b'"' + kind + b">" + inner + b"</c>")


def written_by_openpyxl(fill):
    book = openpyxl.Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def doctype(entity):
    return in_sheet(b"<worksheet", b"<!DOCTYPE worksheet [" + entity + b"]><worksheet")


def encoded(charset, *, says, entity=b""):
    """Return a form whose sheet is written in another charset, with a document type in it."""

    def change(name, part):
        if name != SHEET:
            return part
        body = part[part.index(b"<worksheet") :].decode()
        return f'<?xml version="1.0" encoding="{says}"?>{entity.decode()}{body}'.encode(charset)

    return rewritten(form(), change)


def with_lying_size(content):
    """Return an archive whose directory says of its sheet that it is 10 bytes long."""
    at = -1
    while True:
        at = content.index(b"PK\x01\x02", at + 1)
        length = struct.unpack_from("<H", content, at + 28)[0]
        if content[at + 46 : at + 46 + length] == SHEET.encode():
            return content[: at + 24] + struct.pack("<I", 10) + content[at + 28 :]


def overlapping(content, times):
    """Return an archive whose directory names one part many times, under other names."""
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", content, end + 16)[0]
    first = content[start : content.index(b"PK\x01\x02", start + 4)]
    length = struct.unpack_from("<H", first, 28)[0]
    more = b"".join(
        first[:28] + struct.pack("<H", 8) + first[30:46] + b"%08d" % number + first[46 + length :]
        for number in range(times)
    )
    directory = content[start:end] + more
    count = struct.unpack_from("<H", content, end + 10)[0] + times
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return content[:start] + directory + tail


def styled_blanks(rows=20_000, columns=50):
    """Return a form below which a million cells have a look and nothing in them."""
    letters = [chr(65 + n) if n < 26 else "A" + chr(39 + n) for n in range(columns)]
    blank = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{name}{row}" s="1"/>' for name in letters) + "</row>"
        for row in range(200, 200 + rows - 300)
    ).encode()
    return rewritten(form(), in_sheet(b"</sheetData>", blank + b"</sheetData>"))


def long_text(length):
    dice = random.Random(7)  # noqa: S311  a text that does not pack well
    return "".join(chr(dice.randrange(0x4E00, 0x9000)) for _ in range(length))


def in_shared_strings(text):
    """Return a form whose remark is a very long text."""
    return rewritten(form(), lambda name, part: part.replace(MARK.encode(), text.encode()) if "shared" in name else part)


def two_forms():
    """Return a contact form with a 表2 on its second sheet."""
    book = openpyxl.load_workbook(io.BytesIO(form("两种报表")))
    other = openpyxl.load_workbook(io.BytesIO(papers.survey({}))).worksheets[0]
    sheet = book.create_sheet("表2")
    for row in other.iter_rows():
        for cell in row:
            sheet.cell(cell.row, cell.column, cell.value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def of_year(year):
    """Return a form whose stamp names another year's layout."""
    return rewritten(form("旧版"), lambda _name, part: part.replace(b"jiangsu-2022", b"jiangsu-%d" % year))


def archives(canary):
    one = form("甲")
    return (
        OddFile("a part of 30 MB blanks", "炸弹.xlsx", rewritten(one, more=[("x.xml", b" " * (30 << 20))]), "archive_ratio"),
        OddFile("a part of 110 MB", "大.xlsx", rewritten(one, more=[("x.bin", bytes(110 << 20))]), "archive_too_large"),
        OddFile("an archive in an archive", "套.xlsx", archive_of(("b.xlsx", archive_of(("c.xlsx", one)))), "not_a_workbook"),
        OddFile("a sheet longer than it says", "短.xlsx", with_lying_size(one), "archive_malformed"),
        OddFile("one part under 2,500 names", "叠.xlsx", overlapping(one, 2500), "archive_too_many_parts"),
        OddFile("2,001 more parts", "多.xlsx", rewritten(one, more=[(f"x{n}", b"") for n in range(2001)]), "archive_too_many_parts"),
        OddFile("a part twice", "重.xlsx", rewritten(one, more=[("XL/Workbook.xml", b"<a/>")]), "archive_duplicate_part"),
        OddFile("a part above the archive", "上.xlsx", rewritten(one, more=[("../../canary.txt", canary)]), "archive_unsafe_name"),
        OddFile("a part at the root", "根.xlsx", rewritten(one, more=[("/tmp/canary.txt", canary)]), "archive_unsafe_name"),  # noqa: S108  a name in an archive
        OddFile("a part named as on Windows", "盘.xlsx", rewritten(one, more=[("C:\\canary.txt", canary)]), "archive_unsafe_name"),
        OddFile("half an archive", "半.xlsx", one[: len(one) // 2], "archive_malformed"),
        OddFile("an archive with a hole", "洞.xlsx", one[:200] + bytes(200) + one[400:], "archive_malformed"),
        OddFile("a file of 20 MB", "超.xlsx", b"PK\x03\x04" + b"x" * (20 << 20), "file_too_large"),
        OddFile("a password on the archive", "密.xlsx", _with_flag_of_encryption(one), "encrypted"),
        OddFile("a password on the workbook", "密码.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") * 99, "encrypted"),
        OddFile("a rar by another name", "压缩.xlsx", b"Rar!\x1a\x07\x00" + bytes(99), "other_archive"),
        OddFile("a winmail.dat by another name", "邮件.xlsx", b"\x78\x9f\x3e\x22" + bytes(99), "winmail"),
    )  # fmt: skip


def _with_flag_of_encryption(content):
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


def markup(canary):
    outside = b'<!ENTITY x SYSTEM "' + canary + b'">'
    return (
        OddFile("an entity that asks outside", "外.xlsx", rewritten(form("x"), doctype(outside)), "xml_doctype"),
        OddFile("an entity that asks for a file", "档.xlsx", rewritten(form("y"), doctype(b'<!ENTITY x SYSTEM "file:///etc/passwd">')), "xml_doctype"),
        OddFile("entities within entities", "笑.xlsx", rewritten(form("z"), doctype(b'<!ENTITY a "ha"><!ENTITY b "&a;&a;">')), "xml_doctype"),
        OddFile("a document type in UTF-16", "宽.xlsx", encoded("utf-16", says="utf-16", entity=b"<!DOCTYPE x [" + outside + b"]>"), "xml_encoding"),
        OddFile("UTF-16 without a mark", "宽二.xlsx", encoded("utf-16-be", says="utf-8", entity=b"<!DOCTYPE x>"), "xml_encoding"),
        OddFile("UTF-7", "七.xlsx", encoded("utf-7", says="utf-7"), "xml_encoding"),
        OddFile("GBK", "国标.xlsx", encoded("gb18030", says="gb18030"), "xml_encoding"),
        OddFile("a document type in shared texts", "文.xlsx", rewritten(form("w"), lambda name, part: part.replace(b"<sst", b"<!DOCTYPE x [" + outside + b"]><sst") if "shared" in name else part), "xml_doctype"),
        OddFile("an .ods with a document type", "表.ods", archive_of(("content.xml", b"<!DOCTYPE x [" + outside + b"]><x/>")), "xml_doctype"),
    )  # fmt: skip


def sheets(canary):
    far = written_by_openpyxl(lambda book: book.active.cell(1_048_576, 16_384, "远"))
    merged = b'<mergeCells count="1">' + b'<mergeCell ref="A1:B2"/>' * 20_001 + b"</mergeCells>"
    url = canary.decode()
    return (
        OddFile("a cell in the farthest corner", "远.xlsx", far, "sheet_too_large"),
        OddFile("20,001 merged ranges", "并.xlsx", rewritten(form("m"), in_sheet(b"</sheetData>", b"</sheetData>" + merged)), "sheet_too_large"),
        OddFile("a million cells with a look and nothing in them", "百万空格.xlsx", styled_blanks(), ACCEPTED),
        OddFile("a remark of 300,000 characters", "长.xlsx", in_shared_strings(long_text(300_000)), ACCEPTED),
        OddFile("a formula that asks outside, calculated", "引用.xlsx", formula(f'WEBSERVICE("{url}")', "已算"), ACCEPTED),
        OddFile("a formula that asks outside, never calculated", "引用二.xlsx", formula(f'WEBSERVICE("{url}")'), RETURNED),
        OddFile("a formula that starts a program", "动态.xlsx", formula("cmd|'/c calc'!A0", "0"), ACCEPTED),
        OddFile("such a formula, never calculated", "动态二.xlsx", formula("cmd|'/c calc'!A1"), RETURNED),
        OddFile("a link to another workbook", "链接.xlsx", rewritten(form("链接"), more=_link(url)), ACCEPTED),
        OddFile("macros, and a name that says so", "宏.xlsm", rewritten(form("宏"), _macro_type, more=_MACROS), ACCEPTED),
        OddFile("macros in an .xlsx", "宏二.xlsx", rewritten(form("宏二"), more=_MACROS), ACCEPTED),
        OddFile("the strict dialect", "严.xlsx", rewritten(form("严"), _strict), ACCEPTED),
        OddFile("a workbook that is called .xls", "旧名.xls", form("旧名"), ACCEPTED),
        OddFile("a workbook that is called .csv", "逗号.csv", form("逗号"), ACCEPTED),
        OddFile("a binary workbook with nothing in it", "二进制.xlsb", archive_of(("xl/workbook.bin", b"\x83\x01\x00")), "file_damaged"),
        OddFile("half an .xls", "坏.xls", OLE + "Workbook".encode("utf-16-le") * 99, "file_damaged"),
    )  # fmt: skip


_MACROS = (("xl/vbaProject.bin", OLE + b"Sub Workbook_Open()\r\nShell \"calc\"\r\nEnd Sub" * 20),)


def _macro_type(name, part):
    return part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if name == "[Content_Types].xml" else part


def _strict(_name, part):
    return part.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def _link(url):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"
    yield "xl/externalLinks/externalLink1.xml", b'<externalLink xmlns="' + MAIN + b'"/>'
    yield (
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{kind}" Target="{url}" TargetMode="External"/></Relationships>',
    )


def no_workbooks(_canary):
    csv = "设区市,单位名称\n苏州市,示例局\n"
    return (
        OddFile("a scan", "盖章件.pdf", b"%PDF-1.7\n" + bytes(2000), "not_a_workbook"),
        OddFile("a picture", "照片.png", b"\x89PNG\r\n\x1a\n" + bytes(2000), "not_a_workbook"),
        OddFile("a web page named .xls", "网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
        OddFile("a text named .xls", "文本.xls", csv.encode("gb18030"), "not_a_workbook"),
        OddFile("a text document", "说明.doc", OLE + "WordDocument".encode("utf-16-le") * 99, "not_a_workbook"),
        OddFile("a newer text document", "说明.docx", archive_of(("word/document.xml", b"<a/>")), "not_a_workbook"),
        OddFile("a program", "程序.xlsx", b"MZ\x90\x00" + bytes(500), "not_a_workbook"),
    )  # fmt: skip


def other_forms(_canary):
    return (
        OddFile("a workbook with nothing in it", "空.xlsx", written_by_openpyxl(lambda _book: None), "empty_workbook"),
        OddFile("a form of another office", "别处.xlsx", written_by_openpyxl(_other_office), "wrong_form"),
        OddFile("another unit's form", "无锡.xlsx", contact_form("320200", remark="他市"), "wrong_unit"),
        OddFile("a form of another year", "去年.xlsx", of_year(2019), "other_layout"),
        OddFile("two forms in one file", "两表.xlsx", two_forms(), "several_forms"),
        OddFile("a form that is kept below", "卡片.xlsx", papers.card({}), "kept_below"),
        OddFile("a form without a unit", "无名.xlsx", contact_form_without_unit(), "no_unit"),
        OddFile("a form without a period", "无期.xlsx", papers.progress({}, as_of_date=None), "no_period"),
        OddFile("a form without an industry", "无业.xlsx", papers.survey({}, industry=None), "no_industry"),
        OddFile("a form of an unknown industry", "别业.xlsx", papers.survey({}, industry="示例业"), "unknown_industry"),
        OddFile("a month that is not owed", "早.xlsx", papers.progress({}, as_of=date(2022, 3, 30)), "not_owed"),
        OddFile("a form with no rows", "零行.xlsx", _without_rows(), RETURNED),
    )  # fmt: skip


def _other_office(book):
    for row in (["2022年安全生产检查情况统计表"], ["序号", "检查单位", "隐患数"], [1, "示例单位", 3]):
        book.active.append(row)


def contact_form_without_unit():
    return _contacts({"reporting_unit": None, "filled_on": date(2022, 5, 31)}, [{"city": "苏州市"}])


def _without_rows():
    return _contacts({"reporting_unit": papers.BODY[papers.SUZHOU], "filled_on": date(2022, 5, 31)}, [])


def _contacts(head, rows):
    return XlsxWriterWorkbooks().write(
        papers.forms()["contact"],
        [FormSheet("工作联系人信息", head, rows)],
        stamp=FormStamp(CAMPAIGN, papers.SUZHOU, None, None),
        choices={},
    )


def words(canary):
    url = canary.decode()
    html = f'<script src="{url}"></script><b>粗</b><a href="{url}">点</a>'
    return (
        OddFile("cells with markup", "标记.xlsx", form(html), ACCEPTED),
        OddFile("cells with markup, returned", "标记二.xlsx", form(html, contact_name=None), RETURNED),
        OddFile("cells that are formulas elsewhere, returned", "注入.xlsx", form(f'=HYPERLINK("{url}","点")', leader_name="+1+1", leader_title="@SUM(1)", office_desk="-2+3", contact_name=None), RETURNED),
        OddFile("cells with marks of a page", "页.xlsx", form(f"# 标题\n[点]({url})\n![图]({url}.png)", contact_name=None), RETURNED),
        OddFile("markup in the file's name", "<b>粗<b>.xlsx", form(contact_name=None, remark="名"), RETURNED),
        OddFile("a path for a name", "../../../canary.xlsx", form("路径"), ACCEPTED),
        OddFile("a name of 80 characters", "长" * 80 + ".xlsx", form("长名"), ACCEPTED),
        OddFile("a name that Windows keeps for itself", "CON.xlsx", form("保留"), ACCEPTED),
    )  # fmt: skip


def odd_files(canary):
    """Return every odd file; what leads outwards leads to *canary*."""
    canary = canary.encode()
    kinds = (archives, markup, sheets, no_workbooks, other_forms, words)
    return tuple(file for kind in kinds for file in kind(canary))
