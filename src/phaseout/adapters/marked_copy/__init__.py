"""Makes marked copies (批注件): the sender's workbook built anew, its bad cells coloured, the reasons beside them."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from xlsxwriter import Workbook as XlsxWorkbook

from phaseout.adapters.marked_copy.areas import areas
from phaseout.adapters.marked_copy.finding_list import FindingList, Listed, totals_of
from phaseout.adapters.marked_copy.looks import WEIGHTS, Looks
from phaseout.adapters.marked_copy.marks import Origins, Place, marks_of, place_of
from phaseout.adapters.marked_copy.sheet import SheetCopy
from phaseout.adapters.marked_copy.words import sheet_names
from phaseout.domain.cell_text import writable
from phaseout.domain.explanation import LIST_TITLE, is_finding_list
from phaseout.domain.finding import Finding
from phaseout.domain.form import Form
from phaseout.domain.reading_layout import Grid
from phaseout.domain.reading_words import words_of
from phaseout.domain.submission import Workbook
from phaseout.ports import MarkedCopies

STAMP_SHEET = "_phaseout"
_CREATED = datetime(2022, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed: same input, same bytes
_MOST_LISTED = 2000  # findings with a line and a comment; cells of further ones are only coloured


class XlsxWriterMarkedCopies(MarkedCopies):
    """Copies made with XlsxWriter from the cells alone: nothing else of a stranger's file comes along."""

    def mark(
        self, workbook: Workbook, form: Form, findings: Sequence[Finding], *, correction_due: date | None = None
    ) -> bytes:
        """Return the .xlsx; same input, same bytes."""
        target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = XlsxWorkbook(target, options)
        book.set_properties({"title": f"批注件：{form.title}", "created": _CREATED})
        _Copy(book, workbook, form, findings).write(correction_due)
        book.close()
        return target.getvalue()


class _Copy:
    """One marked copy on its way."""

    def __init__(self, book: XlsxWorkbook, workbook: Workbook, form: Form, findings: Sequence[Finding]) -> None:
        self._book = book
        self._form = form
        self._looks = Looks(book)
        self._findings = sorted(findings, key=lambda finding: WEIGHTS.index(finding.severity))
        self._grids = _copied(workbook, findings)
        self._origins = [Origins(grid) for grid in self._grids]
        self._tables = [areas(grid, words_of(form)) for grid in self._grids]
        *self._names, self._list_name, self._stamp_name = sheet_names(
            [*(grid.sheet.name for grid in self._grids), LIST_TITLE, STAMP_SHEET]
        )

    def write(self, correction_due: date | None) -> None:
        """Write the list of findings, the sender's sheets, and what the workbook says of itself."""
        main = self._main()
        placed = [(finding, place_of(finding, self._grids, self._origins, main=main)) for finding in self._findings]
        listed = [self._line(finding, place) for finding, place in placed[:_MOST_LISTED]]
        FindingList(self._book.add_worksheet(self._list_name), self._looks).write(
            self._form, listed, totals=totals_of(self._findings), correction_due=correction_due
        )
        for at, (name, grid) in enumerate(zip(self._names, self._grids, strict=True)):
            SheetCopy(
                self._book.add_worksheet(name),
                grid,
                self._looks,
                tables=self._tables[at],
                origins=self._origins[at],
                marks=marks_of(placed, at, commented=_MOST_LISTED),
            ).write()
        self._write_stamp()

    def _main(self) -> int | None:
        """Return the sheet that a finding without one speaks of: the only one with the form, if there is but one."""
        with_form = [at for at, tables in enumerate(self._tables) if tables] or list(range(len(self._grids)))
        return with_form[0] if len(with_form) == 1 else None

    def _line(self, finding: Finding, place: Place | None) -> Listed:
        sheet = self._names[place.sheet] if place is not None else finding.sheet and writable(finding.sheet)
        return Listed(finding, place, sheet)

    def _write_stamp(self) -> None:
        """Write on a hidden sheet what this workbook is, for whoever finds it without its letter."""
        said: Mapping[str, str] = {
            "form": self._form.id,
            "layout_version": self._form.layout_version,
            "marked_copy": self._list_name,
        }
        worksheet = self._book.add_worksheet(self._stamp_name)
        for row, (name, value) in enumerate(said.items()):
            worksheet.write_string(row, 0, name)
            worksheet.write_string(row, 1, value)
        worksheet.hide()


def _copied(workbook: Workbook, findings: Sequence[Finding]) -> list[Grid]:
    """Return the sheets to be copied: the visible ones, and a hidden one that was read; no earlier list of findings."""
    named = {finding.sheet for finding in findings}
    grids = [Grid(sheet) for sheet in workbook.sheets if not sheet.is_hidden or sheet.name in named]
    return [grid for grid in grids if not is_finding_list(grid)]
