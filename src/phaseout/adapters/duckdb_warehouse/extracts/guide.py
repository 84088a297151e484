"""The first sheet (说明) of the workbook of marts: of when it is, which sheets there are, what their columns mean."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from phaseout.adapters.duckdb_warehouse.extracts.cells import Cells

WIDTHS = (22, 30, 30, 90)
TABLE_HEAD = ("工作表", "行数", "快照中的表名", "内容")
COLUMN_HEAD = ("工作表", "列名", "快照中的字段名", "含义")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the snapshot, what it is called, what it means."""

    name: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A mart: its name in the snapshot, what it is called, what it holds, and its columns."""

    name: str
    title: str
    about: str
    row_count: int
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Guide:
    """What the first sheet says."""

    title: str
    told: Mapping[str, object]  # what the snapshot says of itself
    tables: Sequence[Table]
    left_out: Sequence[str]
    is_replay: bool


def write_guide(page: Any, guide: Guide, cells: Cells) -> None:  # noqa: ANN401  XlsxWriter has no types
    """Write the sheet."""
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    cells.text(page, 0, 0, f"{guide.title}分析数据", look="title")
    sentences = list(_sentences(guide))
    for row, words in enumerate(sentences, start=2):
        cells.text(page, row, 0, words, look="plain")
    first = len(sentences) + 3
    for heading, head, rows in (
        ("工作表目录", TABLE_HEAD, list(_of_tables(guide))),
        ("数据字典", COLUMN_HEAD, list(_of_columns(guide))),
    ):
        cells.text(page, first, 0, heading, look="heading")
        cells.head(page, first + 1, head)
        for row, values in enumerate(rows, start=first + 2):
            cells.row(page, row, values)
        first += len(rows) + 3


def _sentences(guide: Guide) -> Iterator[str]:
    if guide.is_replay:
        yield "演练数据：本工作簿中的单位来件、企业和装备均为虚构。"
    cut_off = guide.told.get("cut_off_at")
    if isinstance(cut_off, datetime):
        yield f"数据截至{cut_off:%Y年%-m月%-d日%-H时%M分}（北京时间）。"
        yield f"内容校验值：{guide.told['content_hash']}；程序版本：{guide.told['phaseout_version']}。"
    yield "本工作簿由发布快照自动生成，每日更新一次，不含个人信息；请另存后使用，在此处所作的修改会在下次更新时被覆盖。"
    yield "代码一律为文字，不要转换成数字，否则末尾数字会丢失；日期、时间均为北京时间，空白表示没有数据，不等于零。"
    yield "只列本项年度工作；历年数据和更多行数请查发布快照（phaseout.duckdb）或者Parquet文件（parquet文件夹）。"
    if guide.left_out:
        yield f"供主办处室内部使用的数据（{'、'.join(guide.left_out)}）不列入本工作簿。"


def _of_tables(guide: Guide) -> Iterator[tuple[object, ...]]:
    for table in guide.tables:
        yield table.title, table.row_count, f"mart.{table.name}", table.about


def _of_columns(guide: Guide) -> Iterator[tuple[object, ...]]:
    for table in guide.tables:
        for column in table.columns:
            yield table.title, column.label, f"{table.name}.{column.name}", column.meaning
