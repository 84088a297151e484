"""What checks: the rules of one row, and the warehouse with its rules across rows, forms and periods."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from phaseout.domain.damage import Damage
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.submission import (
    Breach,
    Reading,
    Value,
)
from phaseout.errors import OperatorError


class RuleDidNotRun(OperatorError):
    """A rule could not be evaluated: our fault, never a finding against a unit."""

    def __init__(self, rule: str, *, reason: str) -> None:
        self.rule = rule
        self.reason = reason
        super().__init__(f"the rule {rule} did not run: {reason}")


CAMPAIGN_YEAR = "campaign_year"  # the parameter by which a rule holds or not


def holds(rule: Rule, *, parameters: Mapping[str, object]) -> bool:
    """Say whether a rule holds in the campaign that is checked.

    Raises:
        RuleDidNotRun: the parameters do not say of which year the campaign is.
    """
    year = parameters.get(CAMPAIGN_YEAR)
    if not isinstance(year, int):
        raise RuleDidNotRun(rule.id, reason=f"no parameter {CAMPAIGN_YEAR}")
    return year in rule.years


class Checker(ABC):
    """Runs the rules that speak of one row alone (Great Expectations)."""

    @abstractmethod
    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's row rules."""

    @abstractmethod
    def check(self, form: str, frame: object, *, parameters: Mapping[str, object]) -> Sequence[tuple[int, str]]:
        """Return (row id, rule id) of every breach in a staged frame; one run per form and batch.

        Raises:
            RuleDidNotRun: a rule could not be evaluated; that is our fault, never a finding.
        """


@dataclass(frozen=True, slots=True)
class StagedWorkbook:
    """A reading on its way through the checks."""

    submission: str
    campaign: str
    unit: str
    industry: str | None
    period: str | None
    version: int
    reading: Reading
    arrived_on: date | None = None  # unknown where nothing is judged any more
    sha256: str = ""  # of the workbook, by which the ledger is asked whether it still stands behind the rows


class Warehouse(ABC):
    """The warehouse (数据仓库): typed rows of accepted submissions, derived from archive and ledger."""

    @abstractmethod
    def batch(self) -> AbstractContextManager[None]:
        """Open one transaction; it is rolled back unless `commit` was called inside."""

    @abstractmethod
    def commit(self) -> None:
        """Keep what the batch promoted."""

    @abstractmethod
    def stage(self, form: Form, workbooks: Sequence[StagedWorkbook]) -> object:
        """Put readings into the form's stage table and return the frame for the checker; its index is the row id."""

    @abstractmethod
    def row(self, form: str, row_ids: Collection[int]) -> Mapping[int, tuple[str, str, int, Mapping[str, object]]]:
        """Return submission, sheet, row number and values of staged rows."""

    @abstractmethod
    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's rules across rows, forms and periods (SQL)."""

    @abstractmethod
    def check(self, form: str, *, parameters: Mapping[str, object]) -> Sequence[tuple[str, Breach]]:
        """Run each SQL rule of the form once over the stage; return (submission, breach).

        Raises:
            RuleDidNotRun: a statement failed; that is our fault, never a finding.
        """

    @abstractmethod
    def figures(self, form: str) -> Mapping[str, Mapping[str, int]]:
        """Return the counts of each staged submission, such as items and closed."""

    @abstractmethod
    def promote(self, form: str, submissions: Collection[str]) -> None:
        """Take the staged rows of accepted submissions into the core layer."""

    @abstractmethod
    def missing(self, submissions: Sequence[str]) -> Sequence[str]:
        """Return those of the accepted *submissions* whose rows are not in the core layer."""

    @abstractmethod
    def damage(self, accepted: Mapping[str, str], *, is_thorough: bool = False) -> Damage | None:
        """Return what is wrong with the loaded rows; *accepted* submissions come with the hash of their workbook.

        Told by the numbers of rows and by the ledger; if it is to be *thorough*, every row is read and hashed.
        Ask the ledger after the warehouse is open: what another process has accepted since would look unknown.
        """

    @abstractmethod
    def start_anew(self, damage: Damage) -> None:
        """Set everything aside and go on with an empty warehouse."""

    @abstractmethod
    def prefill(self, form: str, *, campaign: str, unit: str, period: str | None) -> Sequence[Mapping[str, Value]]:
        """Return the rows that a prefilled form starts with, by `data/sql/prefill/<form>.sql`."""

    @abstractmethod
    def refresh(self, tables: Mapping[str, Sequence[Mapping[str, object]]], *, campaign: str) -> None:
        """Replace a campaign's rows in the tables that mirror the ledger (obligation, submission, letter …)."""

    @abstractmethod
    def query(self, name: str, *, parameters: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        """Return the rows of `data/sql/<name>.sql`."""

    @abstractmethod
    def content_hash(self) -> str:
        """Return the SHA-256 over the data in key order (内容校验值)."""

    @abstractmethod
    def publish(self, path: Path) -> str:
        """Replace the analysts' snapshot (发布快照) at *path*, whole or not at all; return the content hash in it."""
