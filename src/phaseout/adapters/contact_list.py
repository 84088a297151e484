"""Reads a list of contacts (CSV or .xlsx) that the office wants registered."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from phaseout.domain.contact_list import ContactLine
from phaseout.errors import UsageError

COLUMNS = {"填报单位": "unit", "角色": "role", "姓名": "name", "邮箱": "address", "电话": "phone"}
NEEDED = ("填报单位", "角色", "邮箱")
HEADS_WITHIN = 10  # lines
_ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableContacts(UsageError):
    """A list of contacts that cannot be read as one."""

    def __init__(self, path: Path, *, line: int, reason: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {reason}")


def read_contact_list(path: Path) -> Sequence[ContactLine]:
    """Return the lines of a list, below its headers; lines without any text are left out.

    Raises:
        UnreadableContacts: the file is missing, is no table, or has not the columns.
    """
    return list(_lines(path))


def _lines(path: Path) -> Iterator[ContactLine]:
    places: dict[str, int] = {}
    for line, cells in enumerate(_table(path), start=1):
        names = ["".join(cell.split()) for cell in cells]
        if not places and all(name in names for name in NEEDED):
            places = {field: names.index(name) for name, field in COLUMNS.items() if name in names}
        elif places and any(names):
            values = {field: cells[place].strip() if place < len(cells) else "" for field, place in places.items()}
            yield ContactLine(line, **{"name": "", "phone": "", **values})
        elif not places and line == HEADS_WITHIN:
            break
    if not places:
        raise UnreadableContacts(path, line=1, reason=f"no columns {'、'.join(NEEDED)}; expected {'、'.join(COLUMNS)}")


def _table(path: Path) -> Iterator[Sequence[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableContacts(path, line=1, reason=f"cannot be read: {error.strerror}") from error
    if path.suffix.lower() == ".csv":
        yield from csv.reader(io.StringIO(_decoded(path, raw), newline=""))
    elif path.suffix.lower() == ".xlsx":
        yield from _sheet(path, raw)
    else:
        raise UnreadableContacts(path, line=1, reason="is neither .csv nor .xlsx")


def _decoded(path: Path, raw: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableContacts(path, line=1, reason="is neither UTF-8 nor GB 18030")


def _sheet(path: Path, raw: bytes) -> Iterator[Sequence[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  wanted for a workbook alone

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnreadableContacts(path, line=1, reason=f"is no workbook: {error}") from error
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    """Write a cell as people see it: a telephone number without .0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
