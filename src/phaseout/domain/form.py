"""A form (报表): what is asked, and how one year's workbook lays it out.

A form has *head* fields, each a label with its value beside it above or below the table, and *columns*,
one value a row. A workbook may repeat the whole form on several sheets (one an industry, one an enterprise);
every row carries the head values of its own sheet.

A form is defined over all years, and each of its years has its own layout (版式): title, fields, labels. What is
written and read is always the form of one year, `form.in_year(campaign.year)`; the warehouse keeps the fields of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from phaseout.domain.years import ALWAYS, Years
from phaseout.errors import UsageError


class UnknownYear(UsageError):
    """A form is asked for in a year for which it has no layout."""

    def __init__(self, *, form: str, year: int) -> None:
        self.form = form
        self.year = year
        super().__init__(f"the form {form} has no layout for {year}")


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
    synonyms: tuple[tuple[str, str], ...] = ()  # other words that mean one of the choices, such as 在生产 for 在产
    unit: str | None = None  # unit of measure
    personal: bool = False  # never enters the warehouse
    free_text: bool = False  # never enters the marts
    width: int = 12
    help: str | None = None
    role: HeadRole | None = None  # head fields only
    merge_down: bool = False  # an enterprise cell that may cover several rows
    foot: bool = False  # head fields only: stands below the table
    years: Years = ALWAYS  # in which it stands in the form
    takes_serials: bool = True  # a bare number may be a day counted from 1900

    def __hash__(self) -> int:
        """Hash the names alone: fields are keys of what was worked out for them once."""
        return hash((self.name, self.label))

    @property
    def full_label(self) -> str:
        """The label with its group, such as 主要产品/产能."""
        return f"{self.group}/{self.label}" if self.group else self.label


@dataclass(frozen=True, slots=True)
class Layout:
    """How the form looks for some years (版式); a layout change is a further one."""

    version: str
    years: Years = ALWAYS
    title: str | None = None  # where these years call the form otherwise
    instructions: tuple[str, ...] | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Form:
    """A form, over all its years or in one of them."""

    id: str
    number: str | None  # 表2
    title: str
    title_aliases: tuple[str, ...]
    layouts: tuple[Layout, ...]  # one for each run of years, the oldest first; in one year that one alone
    head: tuple[Field, ...]  # over all years, a name may stand several times, each time for other years
    columns: tuple[Field, ...]  # likewise
    order: int  # forms of a lower order are assessed first: later ones are checked against them
    item_key: tuple[str, ...]  # fields that name one row across versions and forms; may be empty
    allows_zero: bool  # a workbook without rows that says 零报告 is a submission
    totals: tuple[str, ...]  # columns that the 合计 row adds up
    unit_hint: str | None = None
    instructions: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Hash the names alone: forms are keys of what was worked out for them once."""
        return hash((self.id, self.title, len(self.columns)))

    def field(self, name: str) -> Field:
        """Return the head field or column of a name that the form's own data uses."""
        return next(field for field in (*self.head, *self.columns) if field.name == name)

    @property
    def layout_version(self) -> str:
        """The version of its layout, once it is the form of one year."""
        (layout,) = self.layouts
        return layout.version

    @property
    def by_layout(self) -> tuple["Form", ...]:
        """The form as each of its layouts has it, the oldest first."""
        return tuple(_with_layout(self, layout) for layout in self.layouts)

    def in_year(self, year: int) -> "Form":
        """Return the form as it stands in a campaign year.

        Raises:
            UnknownYear: it has no layout for that year.
        """
        for layout in self.layouts:
            if year in layout.years:
                return _with_layout(self, layout)
        raise UnknownYear(form=self.id, year=year)

    def without_serials(self) -> "Form":
        """Return the form as it is read from a workbook whose bare numbers do not count days from 1900."""
        head, columns = (
            tuple(replace(field, takes_serials=False) for field in fields) for fields in (self.head, self.columns)
        )
        return replace(self, head=head, columns=columns)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Head fields and columns: every value that a row carries; of several years' the newest."""
        return tuple({field.name: field for field in (*self.head, *self.columns)}.values())

    @property
    def warehouse_fields(self) -> tuple[Field, ...]:
        """The fields that may enter the warehouse: all but the personal ones."""
        return tuple(field for field in self.fields if not field.personal)


@lru_cache(maxsize=256)
def _with_layout(form: Form, layout: Layout) -> Form:
    """Return the same form for the same layout; the fields that a layout has are those of its first year."""
    year = layout.years.since
    columns = tuple(column for column in form.columns if year is None or year in column.years)
    names = {column.name for column in columns}
    title = layout.title or form.title
    titles = dict.fromkeys((form.title, *form.title_aliases, *(known.title for known in form.layouts if known.title)))
    made = replace(
        form,
        title=title,
        title_aliases=tuple(known for known in titles if known != title),
        layouts=(layout,),
        head=tuple(field for field in form.head if year is None or year in field.years),
        columns=columns,
        totals=tuple(total for total in form.totals if total in names),
        instructions=form.instructions if layout.instructions is None else layout.instructions,
    )
    return form if made == form else made


def in_year(forms: Mapping[str, Form], year: int) -> dict[str, Form]:
    """Return the forms that stand in a campaign year, as they stand in it."""
    standing = ((form, layout) for form in forms.values() for layout in form.layouts if year in layout.years)
    return {form.id: _with_layout(form, layout) for form, layout in standing}
