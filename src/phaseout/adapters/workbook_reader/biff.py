"""Finds in an .xls or .et file what the parser hides: error cells, hidden rows, the epoch; standard library only."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from phaseout.adapters.workbook_reader.places import place_of

_NAMES = frozenset(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_END = 0xFFFFFFFA  # from here on a sector number is a mark, not a sector
_HEADER_SIZE, _ENTRY_SIZE, _IN_HEADER = 512, 128, 109
_BOUND_SHEET, _BOOLEAN_OR_ERROR, _FORMULA, _BEGIN, _ENDING = 0x0085, 0x0205, 0x0006, 0x0809, 0x000A
_SECTOR_SIZES = frozenset({9, 12})  # as powers of two
_ROW, _IS_HIDDEN, _DATE_MODE = 0x0208, 0x0020, 0x0022
_IS_ERROR, _NOT_A_NUMBER, _MACRO_SHEET = 2, 0xFFFF, 1


@dataclass(frozen=True, slots=True)
class XlsMarks:
    """What stands in the records: error cells and hidden rows of each sheet in the workbook's order."""

    sheets: list[tuple[list[str], list[int]]] = field(default_factory=list)
    is_1904: bool = False
    has_macro_sheet: bool = False  # of the time before Visual Basic


def xls_marks(content: bytes) -> XlsMarks:
    """Return what stands in the records; nothing of a file of an unusual layout."""
    try:
        stream = _workbook_stream(content)
        said = list(_records(stream, 0))
        sheets = [body for kind, body in said if kind == _BOUND_SHEET]
        starts = [struct.unpack_from("<I", body)[0] for body in sheets]
        return XlsMarks(
            [(list(_errors(stream, start)), list(_hidden_rows(stream, start))) for start in starts],
            is_1904=any(struct.unpack_from("<H", body)[0] == 1 for kind, body in said if kind == _DATE_MODE),
            has_macro_sheet=any(body[5] == _MACRO_SHEET for body in sheets),
        )
    except (struct.error, IndexError):  # damaged, or older than 1997: the parser says what it thinks of it
        return XlsMarks()


def _hidden_rows(stream: bytes, start: int) -> Iterator[int]:
    for kind, body in _records(stream, start):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _IS_HIDDEN:
            yield struct.unpack_from("<H", body)[0] + 1


def _errors(stream: bytes, start: int) -> Iterator[str]:
    for kind, body in _records(stream, start):
        if kind == _BOOLEAN_OR_ERROR and body[7]:
            yield place_of(*struct.unpack_from("<HH", body))
        if kind == _FORMULA and body[6] == _IS_ERROR and struct.unpack_from("<H", body, 12)[0] == _NOT_A_NUMBER:
            yield place_of(*struct.unpack_from("<HH", body))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a part of the stream; a chart inside a sheet is a part of its own."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _ENDING)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream that holds the workbook, from the file system inside the file."""
    power = struct.unpack_from("<H", content, 30)[0]
    if power not in _SECTOR_SIZES:
        return b""
    size = 1 << power
    table = _sector_table(content, size)
    directory = _chain(content, table, struct.unpack_from("<I", content, 48)[0], size)
    for at in range(0, len(directory), _ENTRY_SIZE):
        entry = directory[at : at + _ENTRY_SIZE]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)]
        if name in _NAMES:
            start, length = struct.unpack_from("<II", entry, 116)
            return _chain(content, table, start, size)[:length]
    return b""


def _sector_table(content: bytes, size: int) -> list[int]:
    """Return which sector follows which."""
    sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
    following, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // size)):
        more = struct.unpack_from(f"<{size // 4}I", content, _HEADER_SIZE + following * size)
        sectors += more[:-1]
        following = more[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _END and len(table) < len(content):  # no file has more sectors than bytes
            table += struct.unpack_from(f"<{size // 4}I", content, _HEADER_SIZE + sector * size)
    return table


def _chain(content: bytes, table: list[int], sector: int, size: int) -> bytes:
    parts: list[bytes] = []
    while sector < _END and len(parts) <= len(table):  # a chain that bites its tail ends as well
        at = _HEADER_SIZE + sector * size
        parts.append(content[at : at + size])
        sector = table[sector]
    return b"".join(parts)
