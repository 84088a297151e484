"""A finding (问题): one place where a rule does not hold, said so that the unit can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs (严重程度)."""

    BLOCKING = "blocking"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


RETURNING = frozenset({Severity.BLOCKING, Severity.ERROR})


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold (校验规则), as the office wrote it down.

    *message* may quote ``{found}``, ``{expected}`` and any column of the row or of the SQL statement.
    """

    id: str
    severity: Severity
    title: str
    message: str
    expected: str
    remedy: str
    basis: str
    field: str | None = None  # where the finding points, if at one field


@dataclass(frozen=True, slots=True)
class Finding:
    """Where, what was found, what was expected, and what to do. The values of personal fields are masked."""

    rule: str
    severity: Severity
    title: str
    message: str
    remedy: str
    file: str
    sheet: str | None = None
    row: int | None = None  # as the sheet numbers it, from 1
    cell: str | None = None  # such as D12
    field: str | None = None
    field_label: str | None = None
    found: str | None = None
    expected: str | None = None


def returns(findings: Iterable[Finding]) -> bool:
    """Say whether *findings* send a submission back."""
    return any(finding.severity in RETURNING for finding in findings)
