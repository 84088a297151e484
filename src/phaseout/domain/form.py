"""A form (报表): what is asked, and how one year's workbook lays it out.

A form has *head* fields, each a label with its value beside it above or below the table, and *columns*,
one value a row. A workbook may repeat the whole form on several sheets (one an industry, one an enterprise);
every row carries the head values of its own sheet.
"""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    CODE = "code"  # text that looks like a number and must stay text
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MONTH = "month"
    CHOICE = "choice"  # one of the field's choices
    FLAG = "flag"  # 是 or 否


class HeadRole(StrEnum):
    """What a head field tells about the workbook, beyond its own value."""

    UNIT = "unit"
    INDUSTRY = "industry"
    PERIOD = "period"  # 截至 日期; its month is the period
    FILLED_ON = "filled_on"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked (填报项)."""

    name: str  # English, snake_case: the warehouse's column
    label: str  # Chinese, as the lower header row shows it
    type: FieldType
    required: bool = False
    group: str | None = None  # the upper header row, where the label stands below a merged one
    aliases: tuple[str, ...] = ()  # other headers that mean this field
    choices: tuple[str, ...] = ()
    unit: str | None = None  # unit of measure
    personal: bool = False  # never enters the warehouse
    free_text: bool = False  # never enters the marts
    width: int = 12
    help: str | None = None
    role: HeadRole | None = None  # head fields only
    merge_down: bool = False  # an enterprise cell that may cover several rows
    foot: bool = False  # head fields only: stands below the table

    @property
    def full_label(self) -> str:
        """The label with its group, such as 主要产品/产能."""
        return f"{self.group}/{self.label}" if self.group else self.label


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its layout."""

    id: str
    number: str | None  # 表2
    title: str
    title_aliases: tuple[str, ...]
    layout_version: str
    head: tuple[Field, ...]
    columns: tuple[Field, ...]
    order: int  # forms of a lower order are assessed first: later ones are checked against them
    item_key: tuple[str, ...]  # fields that name one row across versions and forms; may be empty
    allows_zero: bool  # a workbook without rows that says 零报告 is a submission
    totals: tuple[str, ...]  # columns that the 合计 row adds up
    unit_hint: str | None = None
    instructions: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return the head field or column of a name that the form's own data uses."""
        return next(field for field in (*self.head, *self.columns) if field.name == name)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Head fields and columns: every value that a row carries."""
        return (*self.head, *self.columns)

    @property
    def warehouse_fields(self) -> tuple[Field, ...]:
        """The fields that may enter the warehouse: all but the personal ones."""
        return tuple(field for field in self.fields if not field.personal)
