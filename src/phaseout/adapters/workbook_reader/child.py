"""Parses workbooks in a process of its own: `python -I -m phaseout.adapters.workbook_reader.child`.

A file can kill the parser in ways that no `except` catches; it kills this process and nothing else.
Workbooks come on standard input, answers go to standard output, each behind its length; answers are JSON.
"""

import io
import json
import resource
import signal
import struct
import sys
from datetime import date, datetime, time, timedelta

from phaseout.adapters.workbook_reader.biff import xls_marks
from phaseout.adapters.workbook_reader.guard import MOST_COLUMNS, MOST_ROWS, Refused, Seen, guard
from phaseout.adapters.workbook_reader.places import ods_sheets, sheet_parts
from phaseout.adapters.workbook_reader.process import LARGEST_ANSWER

_MEMORY = 1500 << 20
_LONGEST_S = 30  # an orphan ends by itself


def main() -> None:
    """Answer until standard input ends, which it does when the parent ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := questions.read(4)) == 4:  # noqa: PLR2004 - the length of a length
        content = questions.read(struct.unpack(">I", head)[0])
        signal.alarm(_LONGEST_S)
        answer = _encoded(_answer(content))
        signal.alarm(0)
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _encoded(answer: dict[str, object]) -> bytes:
    text = json.dumps(answer, ensure_ascii=False, default=_cell, check_circular=False)
    encoded = text.encode("utf-8", "backslashreplace")
    return encoded if len(encoded) <= LARGEST_ANSWER else b'{"refused": "sheet_too_large"}'


def _answer(content: bytes) -> dict[str, object]:
    try:
        return {"sheets": _sheets(content, guard(content))}
    except Refused as refused:
        return {"refused": str(refused)}
    except BaseException as error:  # noqa: BLE001 - the parser's panics are no Exceptions; the parent is told
        return {"error": type(error).__name__}


def _sheets(content: bytes, seen: Seen) -> list[dict[str, object]]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - a hostile file is refused without it

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))  # by content, not by the file's name
    names = [metadata.name for metadata in workbook.sheets_metadata]
    ods = {sheet.name: sheet for sheet in ods_sheets(content)} if seen.kind == "ods" else {}
    parts = sheet_parts(content) if seen.kind == "xlsx" else {}
    marks = _marks(content, seen, names, parts) | {name: (sheet.errors, sheet.hidden) for name, sheet in ods.items()}
    sheets: list[dict[str, object]] = []
    for metadata in workbook.sheets_metadata:
        sheet = workbook.get_sheet_by_name(metadata.name)
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        errors, hidden = marks.get(metadata.name, ([], []))
        sheets.append(
            {
                "name": metadata.name,
                "is_hidden": metadata.visible != SheetVisibleEnum.Visible,
                "rows": _rows(sheet.to_python(skip_empty_area=False)),  # rows keep their numbers
                "merged": ods[metadata.name].merged if metadata.name in ods else merged,
                "errors": errors,
                "hidden": hidden,
                "uncached": seen.uncached.get(parts.get(metadata.name, ""), []),
            }
        )
    return sheets


def _marks(
    content: bytes, seen: Seen, names: list[str], parts: dict[str, str]
) -> dict[str, tuple[list[str], list[int]]]:
    """Return error cells and hidden rows of each sheet of an .xlsx or .xls."""
    if seen.kind == "xlsx":
        return {name: (seen.errors.get(part, []), seen.hidden.get(part, [])) for name, part in parts.items()}
    found = xls_marks(content) if seen.kind == "ole" else []
    return dict(zip(names, found, strict=True)) if len(found) == len(names) else {}


def _rows(rows: list[list[object]]) -> list[list[object]]:
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        rows = _used(rows)
    return rows


def _used(rows: list[list[object]]) -> list[list[object]]:
    """Cut off what is empty; what is left must fit."""
    while rows and all(cell in {"", None} for cell in rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell not in {"", None}), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise Refused("sheet_too_large")
    return [row[:width] for row in rows]


def _cell(cell: object) -> object:
    """Return what JSON holds of a cell that is neither text nor number."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    raise TypeError(type(cell).__name__)


if __name__ == "__main__":
    main()
