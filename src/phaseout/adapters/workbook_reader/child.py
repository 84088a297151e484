"""Parses workbooks in a process of its own: `python -I -m phaseout.adapters.workbook_reader.child [LIMITS]`.

A file can kill the parser in ways that no `except` catches; it kills this process and nothing else.
Workbooks come on standard input, answers go to standard output, each behind its length; answers are JSON.
"""

import gc
import io
import json
import math
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import orjson

from phaseout.adapters.workbook_reader.biff import xls_marks
from phaseout.adapters.workbook_reader.guard import Refused, Seen, guard
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.adapters.workbook_reader.places import ods_scan, xlsx_index
from phaseout.adapters.workbook_reader.process import LARGEST_ANSWER

_PLAIN = frozenset({str, float, int, bool})

_MOST_SHEETS = 250
_MOST_FILES = 16  # open ones: three pipes, and a library while it is loaded


def main() -> None:
    """Answer until standard input ends, which it does when the parent ends."""
    limits = Limits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else Limits()
    _confine(limits)
    gc.set_threshold(100_000)  # a workbook's cells hold no cycles
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := questions.read(4)) == 4:  # noqa: PLR2004 - the length of a length
        content = questions.read(struct.unpack(">I", head)[0])
        _allow_seconds(limits.seconds)
        answer = _encoded(_answer(content, limits))
        del content
        signal.alarm(0)
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _confine(limits: Limits) -> None:
    """Bound what this process may take for as long as it lives: memory, and files, of which it writes none."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    for kind, most in (("CORE", 0), ("FSIZE", 0), ("NOFILE", _MOST_FILES)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (most, most))


def _allow_seconds(seconds: float) -> None:
    """Bound the time for one file: its parent waits no longer, and an orphan ends by itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    signal.alarm(math.ceil(seconds) + 1)


def _encoded(answer: dict[str, object]) -> bytes:
    encoded = _fast(answer) or json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return encoded if len(encoded) <= LARGEST_ANSWER else b'{"refused": "sheet_too_large"}'


def _fast(answer: dict[str, object]) -> bytes | None:
    """Return an answer as JSON, if it holds nothing that this encoder says otherwise: no half characters, no NaN."""
    try:
        encoded: bytes = orjson.dumps(answer)
    except orjson.JSONEncodeError:
        return None
    return None if b"null" in encoded else encoded


def _answer(content: bytes, limits: Limits) -> dict[str, object]:
    try:
        return _told(content, guard(content, limits=limits), limits)
    except Refused as refused:
        return {"refused": str(refused)}
    except BaseException as error:  # noqa: BLE001 - the parser's panics are no Exceptions; the parent is told
        return {"error": type(error).__name__}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the parser does not tell of a file, by the names of its sheets."""

    is_1904: bool = False
    marks: Mapping[str, tuple[list[str], list[int]]] = field(default_factory=dict)  # error cells and hidden rows
    merged: Mapping[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    uncached: Mapping[str, list[str]] = field(default_factory=dict)


def _told(content: bytes, seen: Seen, limits: Limits) -> dict[str, object]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - a hostile file is refused without it

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))  # by content, not by the file's name
    if len(workbook.sheets_metadata) > _MOST_SHEETS:
        raise Refused("archive_too_many_parts")
    beside = _beside(content, seen, limits, [metadata.name for metadata in workbook.sheets_metadata])
    sheets: list[dict[str, object]] = []
    for metadata in workbook.sheets_metadata:
        name, sheet = metadata.name, workbook.get_sheet_by_name(metadata.name)
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        errors, hidden = beside.marks.get(name, ([], []))
        rows, typed = _rows(sheet.to_python(skip_empty_area=False), limits)  # rows keep their numbers
        sheets.append(
            {
                "name": name,
                "is_hidden": metadata.visible != SheetVisibleEnum.Visible,
                "rows": rows,
                "typed": typed,
                "merged": beside.merged.get(name, merged),
                "errors": errors,
                "hidden": hidden,
                "uncached": beside.uncached.get(name, []),
            }
        )
    return {"sheets": sheets, "is_1904": beside.is_1904}


def _beside(content: bytes, seen: Seen, limits: Limits, names: list[str]) -> _Beside:
    if seen.kind == "xlsx":
        index = xlsx_index(seen.index)
        marks = {name: (seen.errors.get(part, []), seen.hidden.get(part, [])) for name, part in index.parts.items()}
        uncached = {name: seen.uncached.get(part, []) for name, part in index.parts.items()}
        return _Beside(index.is_1904, marks, uncached=uncached)
    if seen.kind == "ods":
        scan = ods_scan(content, limits=limits)
        marks = {sheet.name: (sheet.errors, sheet.hidden) for sheet in scan.sheets}
        return _Beside(scan.is_1904, marks, merged={sheet.name: sheet.merged for sheet in scan.sheets})
    found = xls_marks(content)
    if found.has_macro_sheet:
        raise Refused("macro")
    is_whole = len(found.sheets) == len(names)
    return _Beside(found.is_1904, dict(zip(names, found.sheets, strict=True)) if is_whole else {})


def _rows(rows: list[list[object]], limits: Limits) -> tuple[list[list[object]], list[tuple[int, int, str, object]]]:
    """Return what JSON can hold of a sheet, and by row and column the cells that are neither text nor number."""
    if len(rows) > limits.rows or any(len(row) > limits.columns for row in rows):
        rows = _used(rows, limits)
    typed = []
    for column, cells in enumerate(zip(*rows, strict=True)):  # days stand below each other: most columns hold none
        if not _PLAIN.issuperset(map(type, cells)):
            for number, cell in enumerate(cells):
                if cell.__class__ not in _PLAIN:
                    typed.append((number, column, *_told_apart(cell)))
                    rows[number][column] = ""
    return rows, typed


def _used(rows: list[list[object]], limits: Limits) -> list[list[object]]:
    """Cut off what is empty; what is left must fit."""
    while rows and all(cell in {"", None} for cell in rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell not in {"", None}), default=0)
    if len(rows) > limits.rows or width > limits.columns:
        raise Refused("sheet_too_large")
    return [row[:width] for row in rows]


def _told_apart(cell: object) -> tuple[str, object]:
    if isinstance(cell, datetime):
        return "datetime", cell.isoformat()
    if isinstance(cell, date):
        return "date", cell.isoformat()
    if isinstance(cell, time):
        return "time", cell.isoformat()
    if isinstance(cell, timedelta):
        return "seconds", cell.total_seconds()
    raise TypeError(type(cell).__name__)


if __name__ == "__main__":
    main()
