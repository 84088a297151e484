"""The marts of one campaign as one workbook (分析数据) for people who work with a spreadsheet."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
import xlsxwriter

from phaseout.adapters.duckdb_warehouse.extracts.cells import Cells, width_of
from phaseout.adapters.duckdb_warehouse.extracts.guide import Column, Guide, Table, write_guide

BOOK = "分析数据.xlsx"
# A sheet takes 1,048,576 rows, but no desk opens a workbook of twenty such; a longer mart is told of, never cut.
MOST_ROWS = 100_000
AT_ONCE = 10_000  # rows
TOLD_BY_THE_GUIDE = frozenset({"data_dictionary", "snapshot"})
UNFINISHED = ".book-"
READABLE_BY_ALL = 0o644
LONGEST_TAB = 31
A4 = 9
_LABEL = re.compile(r"(?:[^，；：。（]|（[^）]*）)+")
_ASIDE = re.compile(r"（[^）]*）$")
_SAMPLED = 200  # rows that decide a column's width
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class Words(Protocol):
    """What a table of the marts is called in Chinese, and what it means."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def about(self) -> str:
        """What it holds."""

    @property
    def columns(self) -> Mapping[str, str]:
        """What each column means."""

    @property
    def is_internal(self) -> bool:
        """Whether it is for the office's own eyes."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A mart that gets a sheet of its own."""

    part: Path
    table: Table


def write(
    path: Path,
    parts: Mapping[str, Path],
    *,
    title: str,
    told: Mapping[str, object],
    words: Mapping[str, Words],
    is_replay: bool,
) -> None:
    """Write the workbook of a campaign in the place of *path*, whole or not at all, from its Parquet files."""
    sheets = list(_sheets(parts, words))
    guide = Guide(
        title,
        told=told,
        tables=[sheet.table for sheet in sheets],
        left_out=[one.title for one in words.values() if one.is_internal],
        is_replay=is_replay,
    )
    for left in path.parent.glob(f"{UNFINISHED}*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=UNFINISHED) as folder:
        fresh = Path(folder, "book.xlsx")
        with xlsxwriter.Workbook(str(fresh), {**_OPTIONS, "tmpdir": folder}) as made:
            _write_pages(made, guide, sheets)
        fresh.chmod(READABLE_BY_ALL)
        _put(fresh, path)


def _sheets(parts: Mapping[str, Path], words: Mapping[str, Words]) -> Iterator[_Sheet]:
    """Yield the marts in the order of their words; a workbook goes from hand to hand, so without what is internal."""
    for name, told in words.items():
        is_shown = not told.is_internal and name not in TOLD_BY_THE_GUIDE
        if is_shown and name in parts and parts[name].is_file():
            held = pq.read_metadata(parts[name])
            columns = list(_columns(held.schema.to_arrow_schema().names, told))
            yield _Sheet(parts[name], Table(name, told.title, told.about, held.num_rows, columns))


def _columns(names: Sequence[str], words: Words) -> Iterator[Column]:
    labels: set[str] = set()
    for name in names:
        meaning = words.columns.get(name, name)
        label = _label(meaning)
        yield Column(name, label if label not in labels else f"{label}（{name}）", meaning)
        labels.add(label)


def _write_pages(made: Any, guide: Guide, sheets: Sequence[_Sheet]) -> None:  # noqa: ANN401  XlsxWriter has no types
    cells = Cells(made)
    write_guide(_page(made, "说明"), guide, cells)
    for sheet in sheets:
        page = _page(made, sheet.table.title)
        if sheet.table.row_count > MOST_ROWS:
            cells.text(page, 0, 0, _too_long(sheet.table), look="plain")
        else:
            _write_rows(page, sheet, cells)


def _label(meaning: str) -> str:
    """Return the beginning of what a column means, which is what it is called."""
    found = _LABEL.match(meaning)
    return (_ASIDE.sub("", found[0]) or found[0]) if found else meaning


def _page(made: Any, title: str) -> Any:  # noqa: ANN401  XlsxWriter has no types
    page = made.add_worksheet(title[:LONGEST_TAB])
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页，共 &N 页")
    return page


def _too_long(table: Table) -> str:
    return (
        f"“{table.title}”共{table.row_count}行，超过本工作簿每张工作表的上限，此处未列出。"
        f"完整数据请查发布快照（phaseout.duckdb中的mart.{table.name}）或者Parquet文件（parquet文件夹中的{table.name}）。"
    )


def _write_rows(page: Any, sheet: _Sheet, cells: Cells) -> None:  # noqa: ANN401  as above
    table, row = sheet.table, 0
    cells.head(page, 0, [column.label for column in table.columns])
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.autofilter(0, 0, max(table.row_count, 1), len(table.columns) - 1)
    with pq.ParquetFile(sheet.part) as part:
        for batch in part.iter_batches(AT_ONCE):
            columns = [column.to_pylist() for column in batch.columns]
            if row == 0:
                _set_widths(page, table, columns)
            for number, values in enumerate(zip(*columns, strict=True), start=row + 1):
                cells.row(page, number, values)
            row += batch.num_rows


def _set_widths(page: Any, table: Table, columns: Sequence[Sequence[object]]) -> None:  # noqa: ANN401  as above
    for place, (column, values) in enumerate(zip(table.columns, columns, strict=True)):
        page.set_column(place, place, width_of(column.label, values[:_SAMPLED]))


def _put(fresh: Path, path: Path) -> None:
    for place in (fresh, fresh.parent):
        _sync(place)
    fresh.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
