"""What an invented unit sends: mails with workbooks, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.submission import Value


@dataclass(frozen=True, slots=True)
class InventedSheet:
    """One sheet of a form as the unit filled it in.

    *stated_totals* is what a sender typed into the 合计 row instead of what adds up.
    """

    name: str
    head: Mapping[str, Value]
    rows: tuple[Mapping[str, Value], ...] = ()
    is_zero: bool = False
    stated_totals: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class InventedWorkbook:
    """A workbook as the unit filled it in. Equal values are to become equal bytes."""

    file_name: str
    form: str
    industry: str | None  # key
    period: str | None
    sheets: tuple[InventedSheet, ...]
    note: str = ""  # what is wrong with it on purpose


@dataclass(frozen=True, slots=True)
class InventedMail:
    """A mail from a unit to the office."""

    unit: str
    at: datetime
    subject: str
    text: str
    workbooks: tuple[InventedWorkbook, ...]
    note: str = ""  # what is wrong with it on purpose
