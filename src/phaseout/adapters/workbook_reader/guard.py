"""Decides about a file before a parser sees it, a chunk at a time; no library but the standard one.

It also finds what the parser hides: error cells and formulas that were never calculated.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NoReturn

from phaseout.domain.submission import LEFT_ON_THE_SERVER

MOST_ROWS, MOST_COLUMNS = 20_000, 200
_LARGEST_FILE, _LARGEST_INFLATED = 20 << 20, 100 << 20
_MOST_PARTS, _MOST_MERGED = 2000, 20_000
_HIGHEST_RATIO, _RATIO_COUNTS_FROM = 200, 1 << 20
_MOST_MARKED = 5000  # error cells or uncached formulas that are told of one sheet
_CHUNK, _LONGEST_CELL = 64 << 10, 1 << 20
_OVERLAP = 16
INDEX = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_LARGEST_INDEX = 4 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WINMAIL = b"\x78\x9f\x3e\x22"
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_ENCRYPTED, _WORKBOOK, _BOOK = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book"))
_ENCODING = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"']([^\"']+)")
_FAR = re.compile(  # beyond row 20,000 or column 200, which is GR: a look before the closer one
    rb"r=\"(?:[A-Z]{3}|(?:G[S-Z]|[H-Z][A-Z])\d|[A-Z]{1,2}(?:\d{6}|[3-9]\d{4}|2[1-9]\d{3}|20[1-9]\d\d|200[1-9]\d|2000[1-9]))"
)
_CELL = re.compile(rb"<(?:[A-Za-z]\w*:)?c\s[^>]*?\br=\"([A-Z]{1,4})(\d{1,15})\"[^>]*(?<!/)>(?!</)")  # not an empty one
_MERGED = re.compile(rb"mergeCell\s")
_ERROR = re.compile(rb"<(?:[A-Za-z]\w*:)?c\s(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]+\d+)\"")
_UNCACHED = re.compile(
    rb"<((?:[A-Za-z]\w*:)?)c\s([^>]*)>\s*<\1f(?:\s[^>]*)?(?:/>|>[^<]*</\1f>)\s*(<\1v></\1v>|<\1v ?/>)?\s*</\1c>"
)
_HIDDEN_ROW = re.compile(rb"<(?:[A-Za-z]\w*:)?row\s(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d{1,7})\"")
_FORMULAS = tuple(re.compile(start + rb"f[\s/>]") for start in (b"<", b":"))
_PLACE = re.compile(rb"\br=\"([A-Z]+\d+)\"")
_CLOSED_CELL = re.compile(rb"<(?:[A-Za-z]\w*:)?c\s[^>]*/>|</(?:[A-Za-z]\w*:)?c>")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    struct.error,
)


class Refused(Exception):
    """A file that no parser may see; its code stands in `data/refusals.yaml`."""


@dataclass(slots=True)
class Seen:
    """What the guard saw in a file that may be parsed."""

    kind: str  # xlsx, ods or ole
    errors: dict[str, list[str]] = field(default_factory=dict)  # part of the archive to cells
    uncached: dict[str, list[str]] = field(default_factory=dict)
    index: dict[str, bytes] = field(default_factory=dict)  # the parts of an .xlsx that name its sheets
    hidden: dict[str, list[int]] = field(default_factory=dict)  # part of the archive to rows, from 1


def guard(content: bytes) -> Seen:
    """Return what a file is.

    Raises:
        Refused: it may not be parsed.
    """
    if len(content) > _LARGEST_FILE:
        raise Refused("file_too_large")
    if content.startswith(LEFT_ON_THE_SERVER):
        raise Refused("mail_too_large")
    if content.startswith(_OLE):
        return _guard_ole(content)
    if not content.startswith(_ZIP):
        _refuse_by_start(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _guard_archive(archive)
    except _BROKEN as error:
        raise Refused("archive_malformed") from error


def _refuse_by_start(content: bytes) -> NoReturn:
    if content.startswith(_WINMAIL):
        raise Refused("winmail")
    if content.startswith(_ARCHIVES):
        raise Refused("other_archive")
    raise Refused("not_a_workbook")


def _guard_ole(content: bytes) -> Seen:
    if _ENCRYPTED in content:
        raise Refused("encrypted")
    if _WORKBOOK not in content and _BOOK not in content:
        raise Refused("not_a_workbook")
    return Seen(kind="ole")


def _guard_archive(archive: zipfile.ZipFile) -> Seen:
    parts = archive.infolist()
    _check_names([part.filename for part in parts])
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    if sum(part.file_size for part in parts) > _LARGEST_INFLATED:
        raise Refused("archive_too_large")
    if any(part.filename.lower() in INDEX and part.file_size > _LARGEST_INDEX for part in parts):
        raise Refused("sheet_too_large")
    if any(_is_bomb(part) for part in parts):
        raise Refused("archive_ratio")
    seen = Seen(kind=_kind({part.filename for part in parts}))
    inflated = 0
    for part in parts:
        for size in _read_part(archive, part, seen):
            inflated += size
            if inflated > _LARGEST_INFLATED:
                raise Refused("archive_too_large")
    return seen


def _check_names(names: list[str]) -> None:
    if len(names) > _MOST_PARTS:
        raise Refused("archive_too_many_parts")
    if len({name.lower() for name in names}) != len(names):
        raise Refused("archive_duplicate_part")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name for name in names):
        raise Refused("archive_unsafe_name")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_COUNTS_FROM and part.file_size > _HIGHEST_RATIO * max(part.compress_size, 1)


def _kind(names: set[str]) -> str:
    if any(name.lower().startswith("xl/workbook.") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused("not_a_workbook")


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, seen: Seen) -> Iterator[int]:
    """Inflate a part chunk by chunk, check what passes, and yield how much came."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    scan = _SheetScan() if part.filename.lower().startswith("xl/worksheets/") and is_xml else None
    tail = b""
    is_first = True
    for chunk in _chunks(archive, part):
        if is_xml:
            if is_first:
                _check_encoding(chunk)
            bare = tail + chunk.replace(b"\0", b"").upper()  # without NULs: UTF-16 in disguise
            if b"<!DOCTYPE" in bare:
                raise Refused("xml_doctype")
            tail, is_first = bare[-_OVERLAP:], False
        if scan is not None:
            scan.feed(chunk)
        if part.filename.lower() in INDEX:
            seen.index[part.filename.lower()] = seen.index.get(part.filename.lower(), b"") + chunk
        yield len(chunk)
    if scan is not None:
        seen.errors |= {part.filename: scan.errors} if scan.errors else {}
        seen.uncached |= {part.filename: scan.uncached} if scan.uncached else {}
        seen.hidden |= {part.filename: sorted(scan.hidden)} if scan.hidden else {}


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:  # it stops at the declared size and checks the CRC
        while chunk := stream.read(_CHUNK):
            yield chunk


def _check_encoding(start: bytes) -> None:
    if match := _ENCODING.match(start):
        if match[1].lower() not in {b"utf-8", b"us-ascii"}:
            raise Refused("xml_encoding")
    elif start[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in start[:64]:
        raise Refused("xml_encoding")


class _SheetScan:
    """Looks at a sheet's cells while its XML passes; keeps at most one unfinished cell."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.uncached: list[str] = []
        self.hidden: set[int] = set()
        self._merged = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        data = self._rest + chunk
        cut = _finished(data)
        self._rest = data[cut:]
        if len(self._rest) > _LONGEST_CELL:
            raise Refused("sheet_too_large")
        self._look(data[:cut])

    def _look(self, data: bytes) -> None:
        if _FAR.search(data) and any(_is_far(name, row) for name, row in _CELL.findall(data)):
            raise Refused("sheet_too_large")
        self._merged += len(_MERGED.findall(data))
        if self._merged > _MOST_MERGED:
            raise Refused("sheet_too_large")
        if b'hidden="' in data:
            self.hidden.update(int(row) for row in _HIDDEN_ROW.findall(data) if int(row) <= MOST_ROWS)
        if b't="e"' in data:
            self._mark(self.errors, _ERROR.findall(data))
        if b"<f" in data or b":f" in data:  # most sheets have no formula
            self._mark(self.uncached, _uncached(data))

    def _mark(self, marked: list[str], places: Iterable[bytes]) -> None:
        marked.extend(place.decode() for place in places)
        if len(marked) > _MOST_MARKED:
            raise Refused("sheet_too_large")


def _finished(data: bytes) -> int:
    """Return where the last finished tag, or the last unfinished cell, ends what can be looked at."""
    after_last_tag = data.rfind(b">") + 1
    last_cell = max(data.rfind(b"<c "), data.rfind(b":c "))
    if last_cell < 0:
        return after_last_tag
    start = data.rfind(b"<", 0, last_cell + 1)
    return after_last_tag if _CLOSED_CELL.search(data, start) else min(start, after_last_tag)


def _uncached(data: bytes) -> Iterator[bytes]:
    """Yield formulas without a result; an empty text is a result."""
    for formula in chain.from_iterable(pattern.finditer(data) for pattern in _FORMULAS):
        match = _UNCACHED.match(data, _tag_before(data, formula.start() + 1))
        place = _PLACE.search(match[2]) if match else None
        if match and place and not (match[3] and b't="str"' in match[2]):
            yield place[1]


def _tag_before(data: bytes, place: int) -> int:
    """Return where the tag before the one around a place begins, or 0."""
    return max(data.rfind(b"<", 0, max(data.rfind(b"<", 0, place), 0)), 0)


def _is_far(column: bytes, row: bytes) -> bool:
    return int(row) > MOST_ROWS or _column(column) > MOST_COLUMNS


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
