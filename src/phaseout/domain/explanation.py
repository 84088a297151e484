"""Explanations (情况说明): what a unit wrote beside the findings in a marked copy (批注件), which it sent back.

An explanation is remembered with what it speaks of: rule, item and the value found. It holds for every later finding
in which these are the same, until the value or the rule changes. It stands by a warning; it never lifts an error.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phaseout.domain.finding import Finding
from phaseout.domain.item import Scope
from phaseout.domain.reading_cells import key
from phaseout.domain.reading_layout import Grid, grid_of
from phaseout.domain.submission import Sheet, Workbook

LIST_TITLE = "问题清单"
SHEET_COLUMN = "工作表"
CELL_COLUMN = "单元格"
RULE_COLUMN = "规则号"
EXPLANATION_COLUMN = "情况说明"
NOWHERE = "—"  # stands for a sheet or a cell where a finding has none

_COLUMNS = (SHEET_COLUMN, CELL_COLUMN, RULE_COLUMN, EXPLANATION_COLUMN)
_ROWS_ABOVE_HEADER = 20
_LONGEST = 1000
_RULE = re.compile(r"[A-Z]+-\d+")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_ROW = re.compile(r"第([1-9]\d{0,6})行")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a unit says of a finding that it stands by; sheet and cell as the marked copy names them."""

    rule: str
    sheet: str | None
    cell: str | None
    row: int | None  # of a finding about a row alone
    text: str


def is_finding_list(grid: Grid) -> bool:
    """Say whether a sheet is our list of findings, by its own words: it may have been copied, renamed or added to."""
    first = next((text for row in range(grid.height) for text in grid.texts(row)), "")
    return key(first) == LIST_TITLE and _header(grid) is not None


def explanations(workbook: Workbook) -> tuple[Explanation, ...]:
    """Return what a unit wrote into the lists of findings that it sent back, in their order."""
    grids = [grid_of(sheet) for sheet in workbook.sheets if _is_titled(sheet)]
    return tuple(found for grid in grids if is_finding_list(grid) for found in _explained(grid))


def _is_titled(sheet: Sheet) -> bool:
    """Say whether a sheet begins with our title; most do not, and need no grid to tell."""
    first = next((cell for row in sheet.rows for cell in row if isinstance(cell, str) and cell.strip()), "")
    return key(first) == LIST_TITLE


def _explained(grid: Grid) -> Iterator[Explanation]:
    header = _header(grid)
    assert header is not None  # noqa: S101 - the sheet is a list of findings by its header
    top, columns = header
    for row in range(top + 1, grid.height):
        sheet, place, rule, text = (grid.text(row, columns[name]).strip() for name in _COLUMNS)
        if text not in {"", NOWHERE} and _RULE.fullmatch(rule):
            cell, number = _CELL.fullmatch(place), _ROW.fullmatch(place)
            yield Explanation(
                rule=rule,
                sheet=sheet if sheet != NOWHERE else None,
                cell=cell[0] if cell else None,
                row=int(number[1]) if number else None,
                text=text[:_LONGEST],
            )


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return the row of the list's header with the place of each column that we read."""
    for row in range(min(grid.height, _ROWS_ABOVE_HEADER)):
        places = {key(cell): column for column, cell in grid.filled(row) if isinstance(cell, str)}
        if all(name in places for name in _COLUMNS):
            return row, places
    return None


class ExplanationState(StrEnum):
    """Whether a remembered explanation still counts."""

    VALID = "valid"  # 有效
    EXPIRED = "expired"  # 已失效: the value or the rule is another, or nothing is found any more
    WAIVED = "waived"  # 已豁免: the office has given its leave


@dataclass(frozen=True, slots=True)
class Subject:
    """What an explanation speaks of."""

    rule: str
    version: str  # of the rule
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """An explanation as the ledger keeps it."""

    scope: Scope
    subject: Subject
    text: str
    submission: str
    delivery: str
    day: date


def subject_of(finding: Finding, versions: Mapping[str, str]) -> Subject:
    """Return what an explanation of a finding speaks of; *versions* are those of the rules."""
    return Subject(finding.rule, versions[finding.rule], finding.item or "", finding.value)


def explained_finding(explanation: Explanation, findings: Iterable[Finding]) -> Finding | None:
    """Return the finding beside which an explanation stands.

    The marked copy may call a sheet otherwise than its sender did: then the place alone must tell.
    """
    there = [one for one in findings if _is_beside(explanation, one)]
    named = [one for one in there if one.sheet == explanation.sheet]
    if named:
        return named[0]
    return there[0] if len(there) == 1 else None


def _is_beside(explanation: Explanation, finding: Finding) -> bool:
    row = finding.row if finding.cell is None else None
    return (finding.rule, finding.cell, row) == (explanation.rule, explanation.cell, explanation.row)


def subjects(
    given: Sequence[Explanation],
    asked: Sequence[Sequence[Finding]],
    versions: Mapping[str, str],
) -> list[tuple[Subject, str]]:
    """Join explanations to what they speak of, with their text; *asked* are lists of findings, the likeliest first.

    A unit mends and moves rows in the copy on which it writes: what it was asked, and about which value, the earlier
    findings tell. An explanation of something that nobody asked is of no value and is left out.
    """
    found = [(next(_beside(one, asked), None), one.text) for one in given if one.rule in versions]
    joined = [(subject_of(finding, versions), text) for finding, text in found if finding is not None]
    return list(dict(reversed(joined)).items())[::-1]  # of several about one subject, the first


def _beside(explanation: Explanation, asked: Sequence[Sequence[Finding]]) -> Iterator[Finding]:
    return (found for findings in asked if (found := explained_finding(explanation, findings)) is not None)


def newest(remembered: Iterable[Remembered]) -> dict[tuple[Scope, Subject], Remembered]:
    """Return the last explanation of each subject; *remembered* is in the order in which they were given."""
    return {(one.scope, one.subject): one for one in remembered}


def state_of(
    remembered: Remembered,
    *,
    versions: Mapping[str, str],
    found: Collection[tuple[Scope, str, str, str]],
    waived: Collection[tuple[Scope, str, str, str]],
) -> ExplanationState:
    """Return whether an explanation counts; *found* and *waived* are what is said of the newest forms."""
    subject = remembered.subject
    place = (remembered.scope, subject.rule, subject.item, subject.value)
    if place in waived:
        return ExplanationState.WAIVED
    is_same = versions.get(subject.rule) == subject.version and place in found
    return ExplanationState.VALID if is_same else ExplanationState.EXPIRED
