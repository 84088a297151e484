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
from typing import NoReturn

from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.domain.submission import LEFT_ON_THE_SERVER

_MOST_MERGED = 20_000
_HIGHEST_RATIO, _RATIO_COUNTS_FROM = 200, 1 << 20
_MOST_MARKED = 5000  # error cells or uncached formulas that are told of one sheet
_MOST_FORMULAS = 250_000
_MOST_SHEET_XML = 64 << 20
_MOST_HIDDEN = 1 << 20  # rows; a spreadsheet has no more
_CHUNK, _LONGEST_CELL = 64 << 10, 320 << 10
_LONGEST_TAG, _LONGEST_PREFIX = 2000, 40
_OVERLAP = 16
_PACKED = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
)  # what spreadsheets write; others inflate without bounds
_SHEETS = "xl/worksheets/"
_CONTENT_TYPES = "[content_types].xml"
INDEX = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_LARGEST_INDEX = 4 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WINMAIL = b"\x78\x9f\x3e\x22"
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_ENCRYPTED, _WORKBOOK, _BOOK = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book"))
_MACRO_STORAGE = "_VBA_PROJECT".encode("utf-16-le")
_ENTRY = b"PK\x01\x02"
_ENCODING = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"']([^\"']+)")
# No pattern looks at a place twice: a stranger's text must not make the search slow. Hence no `<` inside a tag, and
# possessive repetition (*+).
_CELL = re.compile(  # not an empty one
    rb"<(?:[A-Za-z]\w{0,30}+:)?c\s(?>[^<>]*?\br=\"([A-Z]{1,4})(\d{1,15})\")[^<>]*+(?<!/)>(?!</)"
)
_MERGED = re.compile(rb"mergeCell\s")
_ERROR = re.compile(rb"<(?:[A-Za-z]\w{0,30}+:)?c\s(?=[^<>]*\bt=\"e\")[^<>]*?\br=\"([A-Z]{1,4}\d{1,9})\"")
_UNCACHED = re.compile(
    rb"<((?:[A-Za-z]\w{0,30}+:)?)c\s([^<>]*+)>\s*+<\1f(?:\s[^<>]*+)?+(?:(?<=/)>|/>|(?<!/)>[^<]*+</\1f>)\s*+"
    rb"(<\1v></\1v>|<\1v ?/>)?\s*+</\1c>"
)
_HIDDEN_ROW = re.compile(rb"<(?:[A-Za-z]\w{0,30}+:)?row\s(?=[^<>]*\bhidden=\"(?:1|true)\")[^<>]*?\br=\"(\d{1,7})\"")
# Short words are looked for by patterns: `in` takes five times as long for them.
_FORMULAS = tuple(re.compile(start + rb"f[\s/>]") for start in (b"<", b":"))
_DECLARATION = re.compile(rb"<!")
_IS_ERROR = re.compile(rb't="e"')
_PLACE = re.compile(rb"\br=\"([A-Z]{1,4}\d{1,9})\"")
_CLOSED_CELL = re.compile(rb"<(?:[A-Za-z]\w{0,30}+:)?c\s[^<>]*+(?<=/)>|</(?:[A-Za-z]\w{0,30}+:)?c>")
_MACRO_TYPES = (b"macroenabled", b"macrosheet", b"vbaproject")  # in [Content_Types].xml
_MACRO_PART = re.compile(r"(?:^|/)vbaproject\.bin$|^xl/macrosheets/|^basic/.+/(?!script-l[bc]\.xml$)[^/]+\.xml$")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
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


def guard(content: bytes, *, limits: Limits = Limits()) -> Seen:  # noqa: B008 - a value that never changes
    """Return what a file is.

    Raises:
        Refused: it may not be parsed.
    """
    if len(content) > limits.file_bytes:
        raise Refused("file_too_large")
    if content.startswith(LEFT_ON_THE_SERVER):
        raise Refused("mail_too_large")
    if content.startswith(_OLE):
        return _guard_ole(content)
    if not content.startswith(_ZIP):
        _refuse_by_start(content)
    if content.count(_ENTRY) > 2 * limits.parts:  # before each entry becomes an object
        raise Refused("archive_too_many_parts")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _guard_archive(archive, limits)
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
    if _MACRO_STORAGE in content:
        raise Refused("macro")
    return Seen(kind="ole")


def _guard_archive(archive: zipfile.ZipFile, limits: Limits) -> Seen:
    parts = archive.infolist()
    _check_names([part.filename for part in parts], limits)
    _check_sizes(parts, limits)
    seen = Seen(kind=_kind({part.filename.lower() for part in parts}))
    scan = _Scan(seen, limits)
    inflated = 0
    for part in parts:
        for size in _read_part(archive, part, scan):
            inflated += size
            if inflated > limits.inflated_bytes:
                raise Refused("archive_too_large")
    if not limits.takes_strict and _STRICT in seen.index.get(INDEX[0], b""):
        raise Refused("strict_format")
    return seen


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    if any(part.compress_type not in _PACKED for part in parts):
        raise Refused("archive_malformed")
    if sum(part.file_size for part in parts) > limits.inflated_bytes:
        raise Refused("archive_too_large")
    if sum(part.file_size for part in parts if part.filename.lower().startswith(_SHEETS)) > _MOST_SHEET_XML:
        raise Refused("sheet_too_large")
    if any(part.filename.lower() in INDEX and part.file_size > _LARGEST_INDEX for part in parts):
        raise Refused("sheet_too_large")
    if any(_is_bomb(part) for part in parts):
        raise Refused("archive_ratio")


def _check_names(names: list[str], limits: Limits) -> None:
    if len(names) > limits.parts:
        raise Refused("archive_too_many_parts")
    if len({name.lower() for name in names}) != len(names):
        raise Refused("archive_duplicate_part")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name for name in names):
        raise Refused("archive_unsafe_name")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_COUNTS_FROM and part.file_size > _HIGHEST_RATIO * max(part.compress_size, 1)


def _kind(names: set[str]) -> str:
    if any(_MACRO_PART.search(name) for name in names):
        raise Refused("macro")
    if "xl/workbook.bin" in names:  # its cells are not XML: errors and formulas without a result would pass unseen
        raise Refused("binary_workbook")
    if any(name.startswith("xl/workbook.") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused("not_a_workbook")


@dataclass(slots=True)
class _Scan:
    """What was seen so far of all parts."""

    seen: Seen
    limits: Limits
    cells: int = 0
    formulas: int = 0
    hidden: int = 0  # rows


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, scan: _Scan) -> Iterator[int]:
    """Inflate a part chunk by chunk, check what passes, and yield how much came."""
    name = part.filename.lower()
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    sheet = _SheetScan(scan) if name.startswith(_SHEETS) and is_xml else None
    before: bytes | None = None
    for chunk in _chunks(archive, part):
        if is_xml:
            _check_xml(chunk, before)
        if sheet is not None:
            sheet.feed(chunk)
        if name in INDEX:
            scan.seen.index[name] = scan.seen.index.get(name, b"") + chunk
        if name == _CONTENT_TYPES:
            _check_types((before or b"") + chunk)
        before = chunk[-_OVERLAP:]
        yield len(chunk)
    if sheet is not None:
        sheet.tell(part.filename)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:  # it stops at the declared size and checks the CRC
        while chunk := stream.read(_CHUNK):
            yield chunk


def _check_xml(chunk: bytes, before: bytes | None) -> None:
    if b"\0" in chunk:  # two bytes a character, or no XML at all
        raise Refused("xml_encoding")
    if before is None:
        _check_encoding(chunk)
    is_possible = _DECLARATION.search(chunk) or (before is not None and b"<" in before)
    if is_possible and b"<!DOCTYPE" in ((before or b"") + chunk).upper():
        raise Refused("xml_doctype")


def _check_types(said: bytes) -> None:
    if any(word in said.lower() for word in _MACRO_TYPES):
        raise Refused("macro")


def _check_encoding(start: bytes) -> None:
    if match := _ENCODING.match(start):
        if match[1].lower() not in {b"utf-8", b"us-ascii"}:
            raise Refused("xml_encoding")
    elif start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Refused("xml_encoding")


class _SheetScan:
    """Looks at a sheet's cells while its XML passes; keeps at most one unfinished cell."""

    def __init__(self, scan: _Scan) -> None:
        self._scan = scan
        self._wide, self._far = scan.limits.wide, scan.limits.far
        self._errors: list[str] = []
        self._uncached: list[str] = []
        self._hidden: set[int] = set()
        self._merged = self._said_wrong = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        data = self._rest + chunk
        cut = _finished(data)
        self._rest = data[cut:]
        if len(self._rest) > _LONGEST_CELL:
            raise Refused("sheet_too_large")
        self._look(data[:cut])

    def tell(self, part: str) -> None:
        """Add what was seen of the sheet to what was seen of the file."""
        seen = self._scan.seen
        seen.errors |= {part: self._errors} if self._errors else {}
        seen.uncached |= {part: self._uncached} if self._uncached else {}
        seen.hidden |= {part: sorted(self._hidden)} if self._hidden else {}

    def _look(self, data: bytes) -> None:
        self._count_cells(data)
        if b"mergeCell" in data:
            self._merged += len(_MERGED.findall(data))
            self._refuse_if(self._merged > _MOST_MERGED)
        if b'hidden="' in data:
            self._hide(_HIDDEN_ROW.findall(data))
        if _IS_ERROR.search(data):
            self._said_wrong += data.count(b't="e"')
            self._refuse_if(self._said_wrong > _MOST_MARKED)  # before each is looked at
            self._mark(self._errors, _ERROR.findall(data))
        for pattern in _FORMULAS:
            self._mark(self._uncached, self._uncached_of(data, pattern))

    def _count_cells(self, data: bytes) -> None:
        scan, limits = self._scan, self._scan.limits
        scan.cells += data.count(b"</v>") + data.count(b"<is>")
        self._refuse_if(scan.cells > limits.cells)
        if self._wide.search(data) and self._far.search(data):
            self._refuse_if(any(_is_far(name, row, limits) for name, row in _CELL.findall(data)))

    def _hide(self, rows: list[bytes]) -> None:
        self._scan.hidden += len(rows)
        self._refuse_if(self._scan.hidden > _MOST_HIDDEN)
        self._hidden.update(row for row in map(int, rows) if row <= self._scan.limits.rows)

    def _uncached_of(self, data: bytes, formulas: re.Pattern[bytes]) -> Iterator[bytes]:
        """Yield formulas without a result; an empty text is a result."""
        for formula in formulas.finditer(data):
            self._scan.formulas += 1
            self._refuse_if(self._scan.formulas > _MOST_FORMULAS)
            match = _UNCACHED.match(data, _tag_before(data, formula.start() + 1))
            place = _PLACE.search(match[2]) if match else None
            if match and place and not (match[3] and b't="str"' in match[2]):
                yield place[1]

    def _mark(self, marked: list[str], places: Iterable[bytes]) -> None:
        marked.extend(place.decode() for place in places)
        self._refuse_if(len(marked) > _MOST_MARKED)

    def _refuse_if(self, is_too_much: bool) -> None:  # noqa: FBT001 - it reads as a sentence
        if is_too_much:
            raise Refused("sheet_too_large")


def _finished(data: bytes) -> int:
    """Return where the last finished tag, or the last unfinished cell, ends what can be looked at."""
    after_last_tag = data.rfind(b">") + 1
    last_cell = max(data.rfind(b"<c "), data.rfind(b":c "))
    if last_cell < 0:
        return after_last_tag
    start = data.rfind(b"<", 0, last_cell + 1)
    return after_last_tag if _CLOSED_CELL.search(data, start) else min(start, after_last_tag)


def _tag_before(data: bytes, place: int) -> int:
    """Return where the tag before the one around a place begins, or where it cannot be."""
    own = max(data.rfind(b"<", max(place - _LONGEST_PREFIX, 0), place), 0)
    return max(data.rfind(b"<", max(own - _LONGEST_TAG, 0), own), 0)


def _is_far(column: bytes, row: bytes, limits: Limits) -> bool:
    return int(row) > limits.rows or _column(column) > limits.columns


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
