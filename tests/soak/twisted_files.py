"""Sound workbooks of each kind (.xlsx, .ods, .xls), and ways to damage and twist them."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from random import Random

import openpyxl
import xlsxwriter

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_HEADERS = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")
_ODD_NUMBERS = (0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 20_000_000)
_TAG = re.compile(rb"<[A-Za-z][^<>]*>")
_VALUE = re.compile(rb'="([^"]*)"')
_ODD_WORDS = (
    b"", b"A1", b"XFD1048576", b"A99999999999", b"GS20001", b"e", b"s", b"str", b"inlineStr", b"-1", b"4294967296",
    b"1e999", b"&#0;", b"&x;", b"\xff\xfe", b"\xe4\xb8\xad" * 40, b"rId1", b"../../x", b"A1:XFD1048576", b"true",
    b"0" * 400,
)  # fmt: skip
_ODD_XML = (
    b"<!DOCTYPE x>", b"<!--", b"<![CDATA[", b"<?xml version='1.0' encoding='utf-16'?>", b"<c ", b"</c>", b"<f>",
    b"<f/>",
    b'<c r="XFD1048576"><v>1</v></c>', b'<row r="1048576">', b'<mergeCell ref="A1:XFD1048576"/>', b"\0",
    b"&amp;" * 50, b"<x:c r='A1'/>", b"<" * 200,
)  # fmt: skip

Twist = Callable[[bytes, Random, Sequence[bytes]], bytes]


@cache
def sources() -> tuple[bytes, ...]:
    """Return sound workbooks; small ones, as most of what is twisted must still be looked into."""
    return _by_xlsxwriter(), _by_openpyxl(), opendocument(), binary()


def twisted(content: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Return a file with one to three things wrong."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(_TWISTS)(content, chance, others)
    return content


def _flip_bits(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        if flipped:
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut_off(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _splice(content: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    start, length = chance.randrange(len(other)), chance.choice((4, 30, 500, 5000))
    at = chance.randrange(len(content) + 1)
    behind = at + (length if chance.random() < 0.5 else 0)
    return content[:at] + other[start : start + length] + content[behind:]


def _odd_number(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    """Write another size, flag, method or offset into a header of the archive, or a number into the .xls."""
    starts = [match.start() for header in _HEADERS for match in re.finditer(re.escape(header), content)] or [0]
    at = chance.choice(starts) + chance.randrange(4, 46)
    number = struct.pack("<I", chance.choice(_ODD_NUMBERS))[: chance.choice((2, 4))]
    return content[:at] + number + content[at + len(number) :]


def _odd_record(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    """Write an odd number at any even place, where an .xls has its records and sectors."""
    at = chance.randrange(0, max(len(content), 2), 2)
    number = struct.pack("<I", chance.choice(_ODD_NUMBERS))[: chance.choice((2, 4))]
    return content[:at] + number + content[at + len(number) :]


def _random_stream(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    """Replace a part by a stream that is deflated noise, or noise that claims to be deflated."""

    def change(part: bytes) -> bytes:
        noise = chance.randbytes(chance.choice((0, 10, 3000)))
        return noise if chance.random() < 0.5 else noise + part[: chance.randrange(len(part) + 1)]

    changed = _in_part(content, chance, change)
    body = changed.find(b"PK\x03\x04") + 60
    noise = zlib.compress(chance.randbytes(40))
    return changed if chance.random() < 0.5 else changed[:body] + noise + changed[body + len(noise) :]


def _swap_attributes(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    def change(part: bytes) -> bytes:
        values = list(_VALUE.finditer(part))
        if len(values) < 2:
            return part
        first, second = sorted(chance.sample(values, 2), key=lambda match: match.start())
        middle = part[first.end(1) : second.start(1)]
        return part[: first.start(1)] + second[1] + middle + first[1] + part[second.end(1) :]

    return _in_part(content, chance, change)


def _odd_attribute(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    def change(part: bytes) -> bytes:
        values = list(_VALUE.finditer(part))
        if not values:
            return part
        one = chance.choice(values)
        return part[: one.start(1)] + chance.choice(_ODD_WORDS) + part[one.end(1) :]

    return _in_part(content, chance, change)


def _odd_tag(content: bytes, chance: Random, _others: Sequence[bytes]) -> bytes:
    """Drop a tag, repeat it, or put something odd before it."""

    def change(part: bytes) -> bytes:
        tags = list(_TAG.finditer(part))
        if not tags:
            return part
        tag = chance.choice(tags)
        new = chance.choice((b"", tag[0] * 2, tag[0] * 300, chance.choice(_ODD_XML) + tag[0]))
        return part[: tag.start()] + new + part[tag.end() :]

    return _in_part(content, chance, change)


def _change_parts(content: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Drop a part, rename one, or add one of another workbook."""
    parts = _parts(content)
    if not parts:
        return content
    name = chance.choice(list(parts))
    how = chance.randrange(3)
    part = parts.pop(name)
    if how == 1:
        parts[chance.choice((name.upper(), f"../{name}", f"/{name}", "content.xml", "xl/workbook.bin", "Ａ" * 300))] = (
            part
        )
    if how == 2:
        parts |= {name: part} | dict([chance.choice(list((_parts(chance.choice(others)) or {name: part}).items()))])
    return _archive(parts)


_TWISTS: tuple[Twist, ...] = (
    _flip_bits, _cut_off, _splice, _odd_number, _odd_record, _random_stream,
    _swap_attributes, _odd_attribute, _odd_attribute, _odd_tag, _odd_tag, _change_parts,
)  # fmt: skip


def _in_part(content: bytes, chance: Random, change: Callable[[bytes], bytes]) -> bytes:
    parts = _parts(content)
    if not parts:
        return content
    name = chance.choice(list(parts))
    return _archive(parts | {name: change(parts[name])})


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a sound archive; nothing of another file, or of one that is damaged already."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {part.filename: archive.read(part) for part in archive.infolist() if part.file_size < 1 << 22}
    except Exception:  # noqa: BLE001  it was twisted before
        return {}


def _archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _by_xlsxwriter() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, day = book.add_worksheet("表一"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, 5, "示例表")
    for row in range(2, 12):
        sheet.write_row(row, 0, [row, f"示例单位{row}", row / 3, True])
        sheet.write_datetime(row, 4, datetime(2022, 7, row), day)  # noqa: DTZ001  a cell knows no time zone
        sheet.write_formula(row, 5, f"=A{row}+1", None, row)
    sheet.set_row(5, None, None, {"hidden": True})
    book.add_worksheet("藏").hide()
    book.define_name("范围", "=表一!$A$1:$F$9")
    book.close()
    return target.getvalue()


def _by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    for row in range(1, 8):
        book.active.append([row, f"文字{row}", f"=A{row}"])
    book.active["B3"], book.active["B3"].data_type = "#N/A", "e"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def opendocument() -> bytes:
    """Return an .ods of one sheet with texts, numbers, formulas and hidden rows."""
    names = ["office", "table", "text"]
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="float" office:value="{row}"/><table:table-cell '
        f'office:value-type="string" table:number-columns-spanned="2"><text:p>文字{row}</text:p></table:table-cell>'
        f'<table:covered-table-cell/><table:table-cell table:formula="of:=1/0" office:value-type="string" '
        f'office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
        for row in range(6)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="表一">{cells}<table:table-row table:visibility="collapse" '
        f'table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="4"/></table:table-row>'
        f"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return _archive(
        {"mimetype": kind.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    )


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def binary(*, kind: int = 0) -> bytes:
    """Return an .xls of one sheet, a work sheet or (1) one of macros, with an error and a hidden row."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row in range(8):
        sheet += _record(0x0208, struct.pack("<HHHHHHHH", row, 0, 3, 255, 0, 0, 0x20 if row == 5 else 0, 15))
        text = f"文字{row}".encode("utf-16-le")
        sheet += _record(0x0204, struct.pack("<HHHHB", row, 0, 0, len(text) // 2, 1) + text)
        sheet += _record(0x0203, struct.pack("<HHHd", row, 1, 0, row / 3))
        sheet += _record(0x0205, struct.pack("<HHHBB", row, 2, 0, 0x2A, 1))
    sheet += _record(0x000A)
    name = "表一".encode("utf-16-le")
    start = len(begin) + 4 + 8 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", start, 0, kind, len(name) // 2, 1) + name)
    return _compound(begin + bound + _record(0x000A) + sheet)


def _compound(stream: bytes) -> bytes:
    """Return the smallest file system that holds one stream called Workbook."""
    stream = stream.ljust(4096, b"\0")  # shorter ones would lie elsewhere
    count = -(-len(stream) // _SECTOR)
    table = [_TABLE, _END, *range(3, count + 2), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *table) + entries + stream.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    told = struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\0") + told + bytes(36) + struct.pack("<IQ", start, size)
