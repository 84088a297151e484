"""A finding (问题): one place where a rule does not hold, said so that the unit can mend it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phaseout.domain.phase import Phase
from phaseout.domain.years import ALWAYS, Years


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
    years: Years = ALWAYS  # in whose campaigns it holds
    phase: Phase = Phase.VALID
    statement: str = ""  # the expectation or the SQL that checks it

    @property
    def version(self) -> str:
        """What changes when the rule asks or says something else; an explanation speaks of one version alone."""
        parts = (self.id, self.severity.value, self.message, self.statement)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


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
    item: str | None = None  # what the row speaks of, by the form's item key; else the field, else nothing
    explained_on: date | None = None  # the day of an explanation that still holds
    waived_on: date | None = None  # the day of the office's leave; the finding is a note by it
    explanation: str | None = None  # for the unit's own copy; never among the findings of the ledger

    @property
    def value(self) -> str:
        """What was found: as long as it stays the same, so does what a unit said of it."""
        return self.message if self.found is None else self.found


def returns(findings: Iterable[Finding]) -> bool:
    """Say whether *findings* send a submission back."""
    return any(finding.severity in RETURNING for finding in findings)
