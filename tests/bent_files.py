"""Ways to bend a form as no office program does: archives, markup, cells; people in them are invented."""

import io
import random
import re
import struct
import zipfile
from datetime import date

import openpyxl

from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.ports import FormSheet, FormStamp
from tests.filled_forms import CAMPAIGN, contact_form
from tests.unit.usecases import papers

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MARK = "此处改写"  # stands in the remark of a form, and is written over in its XML


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
    return rewritten(content, lambda name, part: cell.sub(lambda found: xml(found[1]), part) if name == SHEET else part)


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
    return rewritten(
        form(), lambda name, part: part.replace(MARK.encode(), text.encode()) if "shared" in name else part
    )


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


def of_layout(version):
    """Return a form that says of itself that it has another layout."""
    said = f"<t>{version}</t>".encode()
    return rewritten(form("旧版"), lambda _name, part: part.replace(b"<t>2022</t>", said))


def with_flag_of_encryption(content):
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


MACROS = (("xl/vbaProject.bin", OLE + b'Sub Workbook_Open()\r\nShell "calc"\r\nEnd Sub' * 20),)


def macro_type(name, part):
    return part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if name == "[Content_Types].xml" else part


def strict(_name, part):
    return part.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def link(url):
    """Yield the parts that link a workbook to another one."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    target = f'<Relationship Id="rId1" Type="{kind}" Target="{url}" TargetMode="External"/>'
    yield "xl/externalLinks/externalLink1.xml", b'<externalLink xmlns="' + MAIN + b'"/>'
    yield "xl/externalLinks/_rels/externalLink1.xml.rels", f'<Relationships xmlns="{package}">{target}</Relationships>'


def of_another_office(book):
    for row in (["2022年安全生产检查情况统计表"], ["序号", "检查单位", "隐患数"], [1, "示例单位", 3]):
        book.active.append(row)


def without_unit():
    return contacts({"reporting_unit": None, "filled_on": date(2022, 5, 31)}, [{"city": "苏州市"}])


def without_rows():
    return contacts({"reporting_unit": papers.BODY[papers.SUZHOU], "filled_on": date(2022, 5, 31)}, [])


def contacts(head, rows):
    return XlsxWriterWorkbooks().write(
        papers.forms()["contact"],
        [FormSheet("工作联系人信息", head, rows)],
        stamp=FormStamp(CAMPAIGN, papers.SUZHOU, None, None),
        choices={},
    )
