"""Finds on which sheet what the guard saw lies, and what the parser does not tell of an OpenDocument file."""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree as ET  # the guard let no DOCTYPE pass, so nothing can expand
from xml.parsers import expat

from phaseout.adapters.workbook_reader.guard import INDEX, Refused
from phaseout.adapters.workbook_reader.limits import Limits, column_name

_CHUNK = 64 << 10
_MOST_MERGED = 20_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_TRUE = frozenset({"1", "true"})
_EPOCH = "1899-12-30"
_SHORT_INDEX = 16 << 10  # bytes that are worth remembering


@dataclass(frozen=True, slots=True)
class XlsxIndex:
    """What an .xlsx says of itself."""

    parts: Mapping[str, str] = field(default_factory=dict)  # the archive's part of each sheet by the sheet's name
    is_1904: bool = False


def xlsx_index(index: Mapping[str, bytes]) -> XlsxIndex:
    """Return the archive's part of each sheet of an .xlsx, and whether its days count from 1904."""
    if any(part not in index for part in INDEX):
        return XlsxIndex()
    said = tuple(index[part] for part in INDEX)
    return (_known_index if sum(map(len, said)) <= _SHORT_INDEX else _read_index)(*said)


def _read_index(said_of_book: bytes, said_of_relations: bytes) -> XlsxIndex:
    book, relations = map(ET.fromstring, (said_of_book, said_of_relations))  # the guard let no DOCTYPE pass
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    said = list(book.iter())
    found = {}
    for sheet in (each for each in said if each.tag.endswith("}sheet")):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        found[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    properties = (each for each in said if each.tag.endswith("}workbookPr"))
    return XlsxIndex(found, is_1904=any(each.get("date1904") in _TRUE for each in properties))


_known_index = lru_cache(maxsize=64)(_read_index)  # most workbooks have the sheets of the form that we sent out


@dataclass(slots=True)
class OdsSheet:
    """What an OpenDocument sheet has beside its values."""

    name: str
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)  # rows, from 1


def ods_scan(content: bytes, *, limits: Limits) -> "OdsScan":
    """Return merged ranges and error cells of each sheet of an .ods, and whether its days count from 1904."""
    scan = OdsScan(limits)
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = scan.start
        parser.EndElementHandler = scan.end
        parser.CharacterDataHandler = scan.text
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keyword
    return scan


class OdsScan:
    """Counts rows and columns of an OpenDocument table, repeated ones in one step."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.sheets: list[OdsSheet] = []
        self.is_1904 = False
        self._row = self._column = self._rows_on = self._columns_on = 0
        self._is_formula = False
        self._said: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag."""
        name = tag.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.sheets.append(OdsSheet(given.get("name", "")))
            self._row = 0
        elif name == "null-date":
            self.is_1904 = given.get("date-value", _EPOCH) != _EPOCH
        elif name == "table-row":
            self._column, self._rows_on = 0, _count(given, "number-rows-repeated")
            if given.get("visibility") in {"collapse", "filter"} and self.sheets:
                until = min(self._row + self._rows_on, self._limits.rows)
                self.sheets[-1].hidden.extend(range(self._row + 1, until + 1))
        elif name in {"table-cell", "covered-table-cell"} and self.sheets:
            self._columns_on = _count(given, "number-columns-repeated")
            self._start_cell(given)

    def _start_cell(self, given: Mapping[str, str]) -> None:
        rows, columns = _count(given, "number-rows-spanned"), _count(given, "number-columns-spanned")
        merged = self.sheets[-1].merged
        if rows * columns > 1:
            merged.append((self._row, self._column, self._row + rows - 1, self._column + columns - 1))
        if len(merged) > _MOST_MERGED:
            raise Refused("sheet_too_large")
        self._is_formula = "formula" in given
        self._said = []

    def text(self, said: str) -> None:
        """Take what stands between tags."""
        if self._is_formula and self._said is not None and not self._said:
            self._said.append(said)

    def end(self, tag: str) -> None:
        """Take an end tag."""
        name = tag.rpartition(" ")[2]
        if name in {"table-cell", "covered-table-cell"} and self.sheets:
            said = (self._said or [""])[0]
            if self._is_formula and said.startswith(("#", "Err:")) and self._is_near():
                self.sheets[-1].errors.append(place_of(self._row, self._column))
            self._column += self._columns_on
            self._said, self._is_formula = None, False
        elif name == "table-row":
            self._row += self._rows_on

    def _is_near(self) -> bool:
        return self._row < self._limits.rows and self._column < self._limits.columns


def _count(given: Mapping[str, str], name: str) -> int:
    words = given.get(name, "1")
    return min(int(words), 1 << 21) if words.isdecimal() and len(words) < 9 else 1 << 21  # noqa: PLR2004 - no sheet is that long


def place_of(row: int, column: int) -> str:
    """Return the name of a cell counted from 0, such as D12."""
    return f"{column_name(column + 1)}{row + 1}"
