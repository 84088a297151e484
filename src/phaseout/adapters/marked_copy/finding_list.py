"""The first sheet of a marked copy, 问题清单: every finding with its place, and room for the unit's explanation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from phaseout.adapters.marked_copy.looks import SHADES, Looks, Part, lines_needed
from phaseout.adapters.marked_copy.marks import Place
from phaseout.adapters.marked_copy.words import handling
from phaseout.domain.cell_text import writable
from phaseout.domain.explanation import (
    CELL_COLUMN,
    EXPLANATION_COLUMN,
    LIST_TITLE,
    NOWHERE,
    RULE_COLUMN,
    SHEET_COLUMN,
)
from phaseout.domain.finding import Finding, Severity, returns
from phaseout.domain.form import Form

_WIDTHS: Mapping[str, int] = {
    "序号": 6,
    SHEET_COLUMN: 14,
    CELL_COLUMN: 9,
    "栏目": 18,
    "发现的问题": 44,
    "应为": 26,
    "处理办法": 36,
    RULE_COLUMN: 11,
    "严重程度": 9,
    EXPLANATION_COLUMN: 44,
}
_LAST = len(_WIDTHS) - 1
_EXPLAINABLE = frozenset({Severity.ERROR, Severity.WARNING})
_LINE = 14
_TALLEST_ROW = 409  # points; a spreadsheet takes no more
_LONGEST = 500
_MEANINGS: Mapping[Severity, str] = {
    Severity.BLOCKING: "必须更正",
    Severity.ERROR: "必须更正",
    Severity.WARNING: "请核实，不影响审核结论",
    Severity.NOTE: "供参考",
}
_TO_CORRECT = "请直接在本文件各工作表中更正标有颜色的单元格，保存后作为附件回复；颜色和批注不必删除。"
_TO_EXPLAIN = "标为“错误”的内容应当更正；认为填报无误的，请在“情况说明”栏写明理由和依据，未经同意豁免的，仍须更正。"
_TO_CHECK = "标为“警告”的内容请逐项核实：确有差错的请更正；情况属实的，请在“情况说明”栏写明原因，随本文件一并回复。"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    finding: Finding
    place: Place | None
    sheet: str | None  # as the copy calls it


class FindingList:
    """Writes the list into a worksheet."""

    def __init__(self, worksheet: Any, looks: Looks) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
        self._worksheet = worksheet
        self._looks = looks

    def write(
        self,
        form: Form,
        lines: Sequence[Listed],
        *,
        totals: Mapping[Severity, int],
        correction_due: date | None,
    ) -> None:
        """Write title, totals, legend and lines; the sheet is protected but for the explanations."""
        worksheet = self._worksheet
        for column, width in enumerate(_WIDTHS.values()):
            worksheet.set_column(column, column, width)
        row = self._write_top(form, lines, totals=totals, correction_due=correction_due)
        worksheet.write_row(row, 0, _WIDTHS, self._looks.of(Part.HEADER))
        for number, line in enumerate(lines, start=1):
            self._write_line(row + number, number, line)
        self._set_page(row, len(lines))

    def _write_top(
        self, form: Form, lines: Sequence[Listed], *, totals: Mapping[Severity, int], correction_due: date | None
    ) -> int:
        """Write what stands above the list; return the row of its header."""
        self._worksheet.merge_range(0, 0, 0, _LAST, LIST_TITLE, self._looks.of(Part.TITLE))
        self._worksheet.set_row(0, 30)
        texts = _introduction(form, lines, totals=totals, correction_due=correction_due)
        for row, text in enumerate(texts, start=1):
            self._worksheet.merge_range(row, 0, row, _LAST, "", self._looks.of(Part.LIST_TEXT))
            self._worksheet.write_string(row, 0, text, self._looks.of(Part.LIST_TEXT))
            self._worksheet.set_row(row, 4 + _LINE * lines_needed(text, sum(_WIDTHS.values()) - 20))
        return self._write_legend(1 + len(texts), totals)

    def _write_legend(self, row: int, totals: Mapping[Severity, int]) -> int:
        self._worksheet.write_string(row, 1, "图例：", self._looks.of(Part.BESIDE))
        present = [severity for severity in SHADES if totals.get(severity)]
        for at, severity in enumerate(present):
            look = self._looks.of(Part.LIST_CENTRED, severity=severity)
            self._worksheet.write_string(row + at, 2, SHADES[severity].word, look)
            self._worksheet.write_string(row + at, 3, _MEANINGS[severity], self._looks.of(Part.BESIDE))
        return row + len(present) + 1

    def _write_line(self, row: int, number: int, line: Listed) -> None:
        worksheet, finding, looks = self._worksheet, line.finding, self._looks
        texts = [finding.field_label or NOWHERE, finding.message, finding.expected or NOWHERE, handling(finding)]
        shown = [_cut(text) for text in texts]
        centred = looks.of(Part.LIST_CENTRED)
        worksheet.write_number(row, 0, number, centred)
        worksheet.write_string(row, 1, line.sheet or NOWHERE, looks.of(Part.LIST))
        self._write_link(row, line)
        for column, text in enumerate(shown, start=3):
            worksheet.write_string(row, column, text, looks.of(Part.LIST))
        worksheet.write_string(row, 7, finding.rule, centred)
        shade = looks.of(Part.LIST_CENTRED, severity=finding.severity)
        worksheet.write_string(row, 8, SHADES[finding.severity].word, shade)
        explanation = self._write_explanation(row, finding)
        widths = [*list(_WIDTHS.values())[3:7], _WIDTHS[EXPLANATION_COLUMN]]
        needed = (lines_needed(text, width - 1) for text, width in zip([*shown, explanation], widths, strict=True))
        worksheet.set_row(row, min(4 + _LINE * max(needed), _TALLEST_ROW))

    def _write_link(self, row: int, line: Listed) -> None:
        """Write where a finding is, as our own link to that cell of this workbook."""
        finding, place = line.finding, line.place
        at = finding.cell or (f"第{finding.row}行" if finding.row else NOWHERE)
        if place is None or line.sheet is None:
            self._worksheet.write_string(row, 2, at, self._looks.of(Part.LIST_CENTRED))
            return
        quoted = line.sheet.replace("'", "''")
        self._worksheet.write_url(
            row, 2, f"internal:'{quoted}'!{place.link}", self._looks.of(Part.LIST_LINK), string=at, tip="查看该单元格"
        )

    def _write_explanation(self, row: int, finding: Finding) -> str:
        """Write what the unit said before of a finding that it may explain; return what stands there."""
        is_open = finding.severity in _EXPLAINABLE
        text = writable(finding.explanation or "") if is_open else NOWHERE
        self._worksheet.write_string(row, _LAST, text, self._looks.of(Part.LIST_OPEN if is_open else Part.LIST_CENTRED))
        return text

    def _set_page(self, header: int, lines: int) -> None:
        worksheet = self._worksheet
        worksheet.autofilter(header, 0, header + lines, _LAST)
        worksheet.freeze_panes(header + 1, 0)
        worksheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(header)
        worksheet.set_footer("&C第 &P 页，共 &N 页")
        worksheet.hide_gridlines(2)


def _introduction(
    form: Form, lines: Sequence[Listed], *, totals: Mapping[Severity, int], correction_due: date | None
) -> list[str]:
    number = f"（{form.number}）" if form.number else ""
    counts = "、".join(f"{SHADES[severity].word}{totals[severity]}处" for severity in SHADES if totals.get(severity))
    texts = [f"报表：{form.title}{number}"]
    if lines:
        texts.append(f"文件：{_cut(lines[0].finding.file)}")
    texts.append(f"问题：共{sum(totals.values())}处，其中{counts}")
    if sum(totals.values()) > len(lines):
        texts.append(f"下表列出前{len(lines)}处，其余已在各工作表中标色。")
    if correction_due is not None:
        texts.append(f"更正期限：{correction_due.year}年{correction_due.month}月{correction_due.day}日")
    if returns(line.finding for line in lines):
        texts.append(_TO_CORRECT)
    if totals.get(Severity.ERROR):
        texts.append(_TO_EXPLAIN)
    return [*texts, _TO_CHECK] if totals.get(Severity.WARNING) else texts


def totals_of(findings: Sequence[Finding]) -> Mapping[Severity, int]:
    """Return how many findings of each severity there are."""
    return Counter(finding.severity for finding in findings)


def _cut(text: str) -> str:
    """Return a stranger's words in the length that a list has room for."""
    shown = writable(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
