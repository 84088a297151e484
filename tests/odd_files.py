"""Odd and hostile files (怪异文件), each with what must become of it; people and addresses are invented.

A file's name and words that lead outwards name a canary: a listener on this machine that nobody may ask anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.bent_files import (
    MACROS,
    OLE,
    archive_of,
    doctype,
    encoded,
    form,
    formula,
    in_shared_strings,
    in_sheet,
    link,
    long_text,
    macro_type,
    of_another_office,
    of_layout,
    overlapping,
    rewritten,
    strict,
    styled_blanks,
    two_forms,
    with_flag_of_encryption,
    with_lying_size,
    without_rows,
    without_unit,
    written_by_openpyxl,
)
from tests.filled_forms import contact_form
from tests.unit.usecases import papers

ACCEPTED, RETURNED = "accepted", "returned"
EARLIER = "2021"  # a layout that a form must have had for a file of its to be known


@dataclass(frozen=True, slots=True)
class OddFile:
    """A file that is not as it should be; *becomes* accepted, returned, or refused with that code."""

    name: str  # a sentence
    file_name: str
    made: Callable[[], bytes]  # when it is asked for: a test is named before its file is built
    becomes: str

    @property
    def content(self):
        return self.made()


def archives(canary):
    one = form("甲")
    return (
        OddFile(
            "a part of 30 MB blanks",
            "炸弹.xlsx",
            lambda: rewritten(one, more=[("x.xml", b" " * (30 << 20))]),
            "archive_ratio",
        ),
        OddFile(
            "a part of 110 MB",
            "大.xlsx",
            lambda: rewritten(one, more=[("x.bin", bytes(110 << 20))]),
            "archive_too_large",
        ),
        OddFile(
            "an archive in an archive",
            "套.xlsx",
            lambda: archive_of(("b.xlsx", archive_of(("c.xlsx", one)))),
            "not_a_workbook",
        ),
        OddFile("a sheet longer than it says", "短.xlsx", lambda: with_lying_size(one), "archive_malformed"),
        OddFile("one part under 2,500 names", "叠.xlsx", lambda: overlapping(one, 2500), "archive_too_many_parts"),
        OddFile(
            "2,001 more parts",
            "多.xlsx",
            lambda: rewritten(one, more=[(f"x{n}", b"") for n in range(2001)]),
            "archive_too_many_parts",
        ),
        OddFile(
            "a part twice",
            "重.xlsx",
            lambda: rewritten(one, more=[("XL/Workbook.xml", b"<a/>")]),
            "archive_duplicate_part",
        ),
        OddFile(
            "a part above the archive",
            "上.xlsx",
            lambda: rewritten(one, more=[("../../canary.txt", canary)]),
            "archive_unsafe_name",
        ),
        OddFile(
            "a part at the root",
            "根.xlsx",
            lambda: rewritten(one, more=[("/canary.txt", canary)]),
            "archive_unsafe_name",
        ),
        OddFile(
            "a part named as on Windows",
            "盘.xlsx",
            lambda: rewritten(one, more=[("C:\\canary.txt", canary)]),
            "archive_unsafe_name",
        ),
        OddFile("half an archive", "半.xlsx", lambda: one[: len(one) // 2], "archive_malformed"),
        OddFile("an archive with a hole", "洞.xlsx", lambda: one[:200] + bytes(200) + one[400:], "archive_malformed"),
        OddFile("a file of 20 MB", "超.xlsx", lambda: b"PK\x03\x04" + b"x" * (20 << 20), "file_too_large"),
        OddFile("a password on the archive", "密.xlsx", lambda: with_flag_of_encryption(one), "encrypted"),
        OddFile(
            "a password on the workbook",
            "密码.xlsx",
            lambda: OLE + "EncryptedPackage".encode("utf-16-le") * 99,
            "encrypted",
        ),
        OddFile("a rar by another name", "压缩.xlsx", lambda: b"Rar!\x1a\x07\x00" + bytes(99), "other_archive"),
        OddFile("a winmail.dat by another name", "邮件.xlsx", lambda: b"\x78\x9f\x3e\x22" + bytes(99), "winmail"),
    )


def markup(canary):
    outside = b'<!ENTITY x SYSTEM "' + canary + b'">'
    return (
        OddFile(
            "an entity that asks outside", "外.xlsx", lambda: rewritten(form("x"), doctype(outside)), "xml_doctype"
        ),
        OddFile(
            "an entity that asks for a file",
            "档.xlsx",
            lambda: rewritten(form("y"), doctype(b'<!ENTITY x SYSTEM "file:///etc/passwd">')),
            "xml_doctype",
        ),
        OddFile(
            "entities within entities",
            "笑.xlsx",
            lambda: rewritten(form("z"), doctype(b'<!ENTITY a "ha"><!ENTITY b "&a;&a;">')),
            "xml_doctype",
        ),
        OddFile(
            "a document type in UTF-16",
            "宽.xlsx",
            lambda: encoded("utf-16", says="utf-16", entity=b"<!DOCTYPE x [" + outside + b"]>"),
            "xml_encoding",
        ),
        OddFile(
            "UTF-16 without a mark",
            "宽二.xlsx",
            lambda: encoded("utf-16-be", says="utf-8", entity=b"<!DOCTYPE x>"),
            "xml_encoding",
        ),
        OddFile("UTF-7", "七.xlsx", lambda: encoded("utf-7", says="utf-7"), "xml_encoding"),
        OddFile("GBK", "国标.xlsx", lambda: encoded("gb18030", says="gb18030"), "xml_encoding"),
        OddFile(
            "a document type in shared texts",
            "文.xlsx",
            lambda: rewritten(
                form("w"),
                lambda name, part: (
                    part.replace(b"<sst", b"<!DOCTYPE x [" + outside + b"]><sst") if "shared" in name else part
                ),
            ),
            "xml_doctype",
        ),
        OddFile(
            "an .ods with a document type",
            "表.ods",
            lambda: archive_of(("content.xml", b"<!DOCTYPE x [" + outside + b"]><x/>")),
            "xml_doctype",
        ),
    )


def sheets(canary):
    far = written_by_openpyxl(lambda book: book.active.cell(1_048_576, 16_384, "远"))
    merged = b'<mergeCells count="1">' + b'<mergeCell ref="A1:B2"/>' * 20_001 + b"</mergeCells>"
    url = canary.decode()
    return (
        OddFile("a cell in the farthest corner", "远.xlsx", lambda: far, "sheet_too_large"),
        OddFile(
            "20,001 merged ranges",
            "并.xlsx",
            lambda: rewritten(form("m"), in_sheet(b"</sheetData>", b"</sheetData>" + merged)),
            "sheet_too_large",
        ),
        OddFile("a million cells with a look and nothing in them", "百万空格.xlsx", styled_blanks, ACCEPTED),
        OddFile("a remark of 300,000 characters", "长.xlsx", lambda: in_shared_strings(long_text(300_000)), ACCEPTED),
        OddFile(
            "a formula that asks outside, calculated",
            "引用.xlsx",
            lambda: formula(f'WEBSERVICE("{url}")', "已算"),
            ACCEPTED,
        ),
        OddFile(
            "a formula that asks outside, never calculated",
            "引用二.xlsx",
            lambda: formula(f'WEBSERVICE("{url}")'),
            RETURNED,
        ),
        OddFile("a formula that starts a program", "动态.xlsx", lambda: formula("cmd|'/c calc'!A0", "0"), ACCEPTED),
        OddFile("such a formula, never calculated", "动态二.xlsx", lambda: formula("cmd|'/c calc'!A1"), RETURNED),
        OddFile("a link to another workbook", "链接.xlsx", lambda: rewritten(form("链接"), more=link(url)), ACCEPTED),
        OddFile(
            "macros, and a name that says so",
            "宏.xlsm",
            lambda: rewritten(form("宏"), macro_type, more=MACROS),
            "macro",
        ),
        OddFile("macros in an .xlsx", "宏二.xlsx", lambda: rewritten(form("宏二"), more=MACROS), "macro"),
        OddFile("the strict dialect", "严.xlsx", lambda: rewritten(form("严"), strict), ACCEPTED),
        OddFile("a workbook that is called .xls", "旧名.xls", lambda: form("旧名"), ACCEPTED),
        OddFile("a workbook that is called .csv", "逗号.csv", lambda: form("逗号"), ACCEPTED),
        OddFile(
            "a binary workbook with nothing in it",
            "二进制.xlsb",
            lambda: archive_of(("xl/workbook.bin", b"\x83\x01\x00")),
            "binary_workbook",
        ),
        OddFile("half an .xls", "坏.xls", lambda: OLE + "Workbook".encode("utf-16-le") * 99, "file_damaged"),
    )


def no_workbooks(_canary):
    csv = "设区市,单位名称\n苏州市,示例局\n"
    return (
        OddFile("a scan", "盖章件.pdf", lambda: b"%PDF-1.7\n" + bytes(2000), "not_a_workbook"),
        OddFile("a picture", "照片.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(2000), "not_a_workbook"),
        OddFile(
            "a web page named .xls",
            "网页.xls",
            lambda: b"<html><table><tr><td>1</td></tr></table></html>",
            "not_a_workbook",
        ),
        OddFile("a text named .xls", "文本.xls", lambda: csv.encode("gb18030"), "not_a_workbook"),
        OddFile("a text document", "说明.doc", lambda: OLE + "WordDocument".encode("utf-16-le") * 99, "not_a_workbook"),
        OddFile(
            "a newer text document", "说明.docx", lambda: archive_of(("word/document.xml", b"<a/>")), "not_a_workbook"
        ),
        OddFile("a program", "程序.xlsx", lambda: b"MZ\x90\x00" + bytes(500), "not_a_workbook"),
    )


def other_forms(_canary):
    return (
        OddFile(
            "a workbook with nothing in it",
            "空.xlsx",
            lambda: written_by_openpyxl(lambda _book: None),
            "empty_workbook",
        ),
        OddFile("a form of another office", "别处.xlsx", lambda: written_by_openpyxl(of_another_office), "wrong_form"),
        OddFile("another unit's form", "无锡.xlsx", lambda: contact_form("320200", remark="他市"), "wrong_unit"),
        OddFile("a form of another year", "去年.xlsx", lambda: of_layout(EARLIER), "other_layout"),
        OddFile("two forms in one file", "两表.xlsx", two_forms, "several_forms"),
        OddFile("a form that is kept below", "卡片.xlsx", lambda: papers.card({}), "kept_below"),
        OddFile("a form without a unit", "无名.xlsx", without_unit, "no_unit"),
        OddFile("a form without a period", "无期.xlsx", lambda: papers.progress({}, as_of_date=None), "no_period"),
        OddFile("a form without an industry", "无业.xlsx", lambda: papers.survey({}, industry=None), "no_industry"),
        OddFile(
            "a form of an unknown industry",
            "别业.xlsx",
            lambda: papers.survey({}, industry="示例业"),
            "unknown_industry",
        ),
        OddFile(
            "a month that is not owed", "早.xlsx", lambda: papers.progress({}, as_of=date(2022, 3, 30)), "not_owed"
        ),
        OddFile("a form with no rows", "零行.xlsx", without_rows, RETURNED),
    )


def words(canary):
    url = canary.decode()
    html = f'<script src="{url}"></script><i>斜</i><a href="{url}">点</a>'
    ours, page = f'=HYPERLINK("{url}","点")', f"# 标题\n[点]({url})\n![图]({url}.png)"
    injected = {"leader_name": "+1+1", "leader_title": "@SUM(1)", "office_desk": "-2+3"}
    return (
        OddFile("cells with markup", "标记.xlsx", lambda: form(html), ACCEPTED),
        OddFile("cells with markup, quoted in a finding", "标记二.xlsx", lambda: form(html, city=html), RETURNED),
        OddFile("cells that are formulas elsewhere", "注入.xlsx", lambda: form(ours, city=ours, **injected), RETURNED),
        OddFile("cells with marks of a page", "页.xlsx", lambda: form(page, city=page), RETURNED),
        OddFile("markup in the file's name", "<i>斜<i>.xlsx", lambda: form("名", contact_name=None), RETURNED),
        OddFile("a path above us for a name", "../../../canary.xlsx", lambda: form("路径"), ACCEPTED),
        OddFile("a name of 80 characters", "长" * 80 + ".xlsx", lambda: form("长名"), ACCEPTED),
        OddFile("a name that Windows keeps for itself", "CON.xlsx", lambda: form("保留"), ACCEPTED),
    )


def odd_files(canary):
    """Return every odd file; what leads outwards leads to *canary*."""
    canary = canary.encode()
    kinds = (archives, markup, sheets, no_workbooks, other_forms, words)
    return tuple(file for kind in kinds for file in kind(canary))
