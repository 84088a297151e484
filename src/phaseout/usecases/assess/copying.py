"""Attaches marked copies (批注件) to an answer, as many as a letter holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from phaseout.domain.finding import RETURNING, Finding, Severity
from phaseout.domain.letter import LetterFile
from phaseout.ports import MarkedCopies
from phaseout.usecases.assess.checking import Judged

MOST_COPIES = 20
MOST_BYTES = 5 << 20
MOST_CELLS = 200_000  # in the copies of one letter; more would take many seconds and hardly fit into a mail

_LONGEST_NAME = 60
_PREFIX = "批注件-"
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".et", ".ods", ".csv")


@dataclass(frozen=True, slots=True)
class Copies:
    """The marked copies that go with a letter, and the files whose copy it has no room for."""

    files: tuple[LetterFile, ...] = ()
    left_out: tuple[str, ...] = ()


def copies_of(judged: Iterable[tuple[Judged, date | None]], copies: MarkedCopies) -> Copies:
    """Return the copies of workbooks, each given with its correction date, in which there is something to mend."""
    files: list[LetterFile] = []
    left_out: list[str] = []
    room, cells = MOST_BYTES, MOST_CELLS
    for one, correction_due in judged:
        if not any(_is_asked(finding) for finding in one.findings):
            continue
        has_room = len(files) < MOST_COPIES and _cells(one) <= cells
        copy = marked_copy(one, copies, correction_due=correction_due) if has_room else None
        if copy is None or len(copy.content) > room:
            left_out.append(one.taken.attachment.name)
            continue
        room, cells = room - len(copy.content), cells - _cells(one)
        files.append(LetterFile(free_name(copy.name, [file.name for file in files]), copy.content))
    return Copies(tuple(files), tuple(left_out))


def _is_asked(finding: Finding) -> bool:
    """Say whether a finding asks anything of its unit: a warning that it has explained does not."""
    return finding.severity in RETURNING or (finding.severity is Severity.WARNING and finding.explained_on is None)


def marked_copy(one: Judged, copies: MarkedCopies, *, correction_due: date | None = None) -> LetterFile:
    """Return the marked copy of a workbook."""
    taken = one.taken
    content = copies.mark(taken.workbook, taken.form, one.findings, correction_due=correction_due)
    return LetterFile(copy_name(taken.attachment.name), content)


def _cells(one: Judged) -> int:
    return sum(len(row) for sheet in one.taken.workbook.sheets for row in sheet.rows)


def copy_name(name: str) -> str:
    """Return what the copy of a file is called; a stranger's name goes into a header and onto a disk."""
    plain = "".join(char if char.isprintable() and char not in '/\\:*?"<>|' else " " for char in name).strip(" .")
    stem = plain[: plain.rfind(".")] if plain.lower().endswith(_WORKBOOKS) else plain
    while stem.startswith(_PREFIX):  # the correction of a marked copy
        stem = stem.removeprefix(_PREFIX)
    return f"{_PREFIX}{stem[:_LONGEST_NAME].strip() or '来件'}.xlsx"


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a copy's name, numbered if another copy has it."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name.removesuffix('.xlsx')}({number}).xlsx"
    return free
