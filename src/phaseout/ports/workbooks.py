"""What goes out as workbooks: forms, blank or prefilled, and marked copies."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from phaseout.domain.finding import Finding
from phaseout.domain.form import Form
from phaseout.domain.submission import (
    Value,
    Workbook,
)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """What to write on one sheet of a form. No rows and *is_zero*: an explicit zero report (零报告)."""

    name: str
    head: Mapping[str, Value]
    rows: Sequence[Mapping[str, Value]] = ()
    is_zero: bool = False
    stated_totals: Mapping[str, Value] | None = None  # instead of what adds up; a replay's wrong 合计


@dataclass(frozen=True, slots=True)
class FormStamp:
    """What a workbook we write says of itself on its hidden sheet."""

    campaign: str
    unit: str
    industry: str | None
    period: str | None


class WorkbookWriter(ABC):
    """Writes a form as a workbook, blank or prefilled."""

    @abstractmethod
    def write(
        self, form: Form, sheets: Sequence[FormSheet], *, stamp: FormStamp, choices: Mapping[str, Sequence[str]]
    ) -> bytes:
        """Return the .xlsx; same input, same bytes. *choices* overrides drop-downs by field name."""


class MarkedCopies(ABC):
    """Makes marked copies (批注件): what a unit sent, with the bad cells marked and the reasons beside them."""

    @abstractmethod
    def mark(
        self, workbook: Workbook, form: Form, findings: Sequence[Finding], *, correction_due: date | None = None
    ) -> bytes:
        """Return the .xlsx, for the unit alone that sent the workbook; same input, same bytes."""
