"""The warehouse (数据仓库): stages readings, runs the SQL rules, keeps accepted rows, publishes the snapshot."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import duckdb
import pandas as pd
import pyarrow as pa

from phaseout.adapters.duckdb_warehouse import integrity, layout, mirror
from phaseout.adapters.duckdb_warehouse.database import LOCK_WAIT_SECONDS, Database
from phaseout.adapters.duckdb_warehouse.failures import torn_by
from phaseout.adapters.duckdb_warehouse.snapshot import replace_with_copy
from phaseout.adapters.duckdb_warehouse.staging import StagedRows, stage_rows, submission_table, total_table
from phaseout.adapters.duckdb_warehouse.statements import MissingParameter, SqlFolder, bound, parameters_of
from phaseout.domain.damage import Damage
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.submission import Breach, Value
from phaseout.errors import UsageError
from phaseout.ports import RuleDidNotRun, StagedWorkbook, Warehouse, holds

# Columns of a rule's answer that say where; all others are what its message quotes.
_PLACE = frozenset({"submission_id", "row_id", "sheet", "row_no", "field"})


# Filled in by the warehouse itself: the campaign of the staged submissions.
CAMPAIGN_PARAMETER = "campaign_id"


class RuleEntry(Protocol):
    """A rule with the SQL file that checks it, if it is one across rows."""

    @property
    def rule(self) -> Rule:
        """The rule as the office wrote it down."""

    @property
    def sql(self) -> str | None:
        """The name of its file in `expectations/rules`."""


class NotStaged(UsageError):
    """A form is checked or promoted of which nothing was staged."""

    def __init__(self, form: str) -> None:
        self.form = form
        super().__init__(f"nothing of the form {form} is staged")


class DuckDbWarehouse(Warehouse):
    """The warehouse in a DuckDB file of its own; without a path, in memory.

    *forms* say what the tables look like, *entries* which SQL rules each form has. One batch at a time.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        forms: Mapping[str, Form],
        entries: Mapping[str, Sequence[RuleEntry]],
        sql_folder: Path,
        rules_folder: Path,
        lock_wait: float = LOCK_WAIT_SECONDS,
    ) -> None:
        self._forms = forms
        self._sql = SqlFolder(sql_folder)
        self._rule_sql = SqlFolder(rules_folder)
        self._entries = {form: [entry for entry in suite if entry.sql] for form, suite in entries.items()}
        self._database = Database(
            path,
            fingerprint=layout.fingerprint(forms, self._sql),
            build=layout.builder(forms, self._sql),
            lock_wait=lock_wait,
        )
        self._staged: dict[str, StagedRows] = {}
        self._in_transaction = False
        # The campaign's own data as it was last written through one connection: it is given at every load.
        self._mirrored: dict[tuple[str, str], Sequence[Mapping[str, object]]] = {}
        self._mirrored_by: duckdb.DuckDBPyConnection | None = None
        self._is_anew = False  # the damage told of last is that of a file which has been set aside
        self._counted: duckdb.DuckDBPyConnection | None = None  # through which the rows were found to be all there

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Open one transaction with an empty stage; it is rolled back unless `commit` was called inside."""
        with self._database.guarded() as connection:
            connection.execute("BEGIN")
            connection.execute(self._sql.text("warehouse/stage"))
        self._staged, self._in_transaction = {}, True
        try:
            yield
        finally:
            self._staged = {}
            if self._in_transaction:
                self._roll_back()

    def commit(self) -> None:
        """Keep what the batch promoted, on the disk."""
        with self._database.guarded() as connection:
            self._in_transaction = False  # a commit that fails, as on a full disk, leaves none to roll back
            connection.execute("COMMIT")
            # A write-ahead log that is cut short opens without a word: it never lives longer than this.
            connection.execute("CHECKPOINT")

    def stage(self, form: Form, workbooks: Sequence[StagedWorkbook]) -> pd.DataFrame:
        """Put readings into the form's stage table and return the frame for the checker, people included."""
        form = self._forms[form.id]  # over all years: one stage takes in whatever year the readings are of
        staged = stage_rows(form, workbooks)
        with self._database.guarded() as connection:
            connection.execute(self._sql.of_form("form/stage_table", form))
            self._insert(connection, self._sql.of_form("form/stage_rows", form), staged.table)
            for text, table in (
                ("warehouse/stage_submissions", submission_table(form, workbooks)),
                ("warehouse/stage_totals", total_table(form, workbooks)),
            ):
                self._insert(connection, self._sql.text(text), table)
        self._staged[form.id] = staged
        return staged.frame

    def row(self, form: str, row_ids: Collection[int]) -> Mapping[int, tuple[str, str, int, Mapping[str, object]]]:
        """Return submission, sheet, row number and values of staged rows."""
        places = self._of(form).places
        return {
            row_id: (place.submission, place.sheet, place.row, place.facts)
            for row_id in row_ids
            for place in (places[row_id],)
        }

    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's rules across rows, forms and periods."""
        return tuple(entry.rule for entry in self._entries.get(form, ()))

    def check(self, form: str, *, parameters: Mapping[str, object]) -> Sequence[tuple[str, Breach]]:
        """Run each SQL rule of the form once over the stage; return (submission, breach).

        Raises:
            RuleDidNotRun: a statement failed, or a parameter it speaks of is missing.
        """
        staged = self._of(form)
        return [
            breach
            for entry in self._entries.get(form, ())
            if holds(entry.rule, parameters=parameters)
            for breach in self._run_rule(entry, self._forms[form], staged, parameters)
        ]

    def figures(self, form: str) -> Mapping[str, Mapping[str, int]]:
        """Return the counts of each staged submission, by `data/sql/figures/<form>.sql`."""
        self._of(form)
        if not self._sql.has(f"figures/{form}"):
            return {}
        rows = self._answers(self._sql.text(f"figures/{form}"), {})
        return {
            str(row["submission_id"]): {name: int(str(count)) for name, count in row.items() if name != "submission_id"}
            for row in rows
        }

    def promote(self, form: str, submissions: Collection[str]) -> None:
        """Take the staged rows of accepted submissions into the core layer; one that is there already is left alone."""
        self._of(form)
        definition, fresh = self._forms[form], self.missing(list(submissions))
        with self._database.guarded() as connection:
            last_load = connection.execute(self._sql.text("warehouse/last_load")).fetchall()[0][0]
            parameters = {"last_load": last_load, "submissions": fresh}
            for statement in ("form/promote", "form/load"):
                connection.execute(self._sql.of_form(statement, definition), parameters)

    def missing(self, submissions: Sequence[str]) -> Sequence[str]:
        """Return those of the accepted *submissions* whose rows are not in the core layer, in the order given."""
        with self._database.guarded() as connection:
            rows = connection.execute(
                self._sql.text("warehouse/missing"), {"submissions": list(submissions)}
            ).fetchall()
        absent = {row[0] for row in rows}
        return [submission for submission in submissions if submission in absent]

    def prefill(self, form: str, *, campaign: str, unit: str, period: str | None) -> Sequence[Mapping[str, Value]]:
        """Return the rows that a prefilled form starts with; none for a form without `data/sql/prefill/<form>.sql`."""
        if not self._sql.has(f"prefill/{form}"):
            return ()
        parameters = {"campaign_id": campaign, "unit_code": unit, "period": period}
        return self._answers(self._sql.text(f"prefill/{form}"), parameters)

    def refresh(self, tables: Mapping[str, Sequence[Mapping[str, object]]], *, campaign: str) -> None:
        """Replace a campaign's rows in the tables that mirror the ledger; tables left out keep theirs.

        Raises:
            NoSuchMirror: a table or column is not in `data/sql/warehouse/core.sql`.
        """
        connection = self._database.connection()
        if connection is not self._mirrored_by:
            self._mirrored, self._mirrored_by = {}, connection
        changed = {name: rows for name, rows in tables.items() if self._mirrored.get((campaign, name)) != list(rows)}
        if not changed:
            return
        with self._transaction() as lent:
            for table, rows in changed.items():
                self._mirrored.pop((campaign, table), None)
                mirror.replace_rows(lent, table, rows, campaign=campaign, sql=self._sql)
        if not self._in_transaction:  # what a batch has refreshed may still be rolled back
            self._mirrored |= {(campaign, name): list(rows) for name, rows in changed.items() if name in mirror.STEADY}

    def query(self, name: str, *, parameters: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        """Return the rows of `data/sql/<name>.sql`."""
        return self._answers(self._sql.text(name), parameters)

    def content_hash(self) -> str:
        """Return the SHA-256 over the data in key order, whatever the order of loading."""
        with self._database.guarded() as connection:
            return mirror.content_hash(connection, self._sql)

    def publish(self, path: Path) -> str:
        """Replace the snapshot at *path* with a copy of the file, whole or not at all; return its content hash."""
        with self._database.guarded() as connection:
            descriptor = self._database.descriptor()
            content_hash = mirror.content_hash(connection, self._sql)
            told = {"content_hash": content_hash, "phaseout_version": version("phaseout")}
            connection.execute(self._sql.text("warehouse/publication"), told)
            connection.execute("CHECKPOINT")
            replace_with_copy(descriptor, path)
        return content_hash

    def damage(self, accepted: Mapping[str, str], *, is_thorough: bool = False) -> Damage | None:
        """Return what is wrong with the rows; *accepted* submissions come with the hash of their workbook.

        A file that was set aside when it was opened is told of once.
        """
        found = self._database.found_on_opening()
        self._is_anew = found is not None
        if found is not None:
            return found
        is_thorough = is_thorough or self._database.is_suspect
        with self._database.guarded() as connection:
            try:
                found = self._looked_through(connection, accepted, is_thorough=is_thorough)
            except duckdb.Error as failed:
                if (torn := torn_by(failed)) is None:
                    raise
                self._database.is_suspect = True  # whoever opens it next and does not read that far must know
                return torn
        self._database.is_suspect = found is not None  # if it is gone on with all the same, it is looked through again
        return found

    def _looked_through(
        self, connection: duckdb.DuckDBPyConnection, accepted: Mapping[str, str], *, is_thorough: bool
    ) -> Damage | None:
        # Nobody else writes while the file is open: rows are counted when it is opened.
        found = None if connection is self._counted else integrity.lost_rows(connection, self._forms, self._sql)
        found = found or integrity.other_ledger(connection, accepted, self._sql)
        if found is None and is_thorough:
            found = integrity.changed_rows(connection, self._forms, self._sql)
        self._counted = connection if found is None else None
        return found

    def start_anew(self, damage: Damage) -> None:
        """Set the file aside and go on with an empty one, unless that was done when it was opened."""
        if not self._is_anew:
            self._database.set_aside(damage)
        self._is_anew = False

    def replace_by(self, path: Path) -> None:
        """Put another warehouse's file, which is closed, in the place of this one."""
        self._database.replace_by(path)

    def clear(self) -> None:
        """Delete the file; the next call builds a new one."""
        self._database.clear()

    def close(self) -> None:
        """Give the file back; the next call opens it again."""
        self._staged = {}
        self._database.close()

    def _of(self, form: str) -> StagedRows:
        if form not in self._staged:
            raise NotStaged(form)
        return self._staged[form]

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the connection in a transaction of its own, or in the batch's while one is open."""
        with self._database.guarded() as connection:
            if self._in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            self._in_transaction = True
            try:
                yield connection
                self._in_transaction = False
                connection.execute("COMMIT")
            finally:
                if self._in_transaction:
                    self._roll_back()

    def _roll_back(self) -> None:
        self._in_transaction = False
        if self._database.is_open:  # a fatal error has dropped the connection, and the transaction with it
            with self._database.guarded() as connection:
                connection.execute("ROLLBACK")

    @staticmethod
    def _insert(connection: duckdb.DuckDBPyConnection, text: str, table: pa.Table) -> None:
        connection.register("incoming", table.combine_chunks())
        connection.execute(text)
        connection.unregister("incoming")

    def _run_rule(
        self, entry: RuleEntry, form: Form, staged: StagedRows, parameters: Mapping[str, object]
    ) -> Iterator[tuple[str, Breach]]:
        """Run a rule once; one that looks at accepted rows, once for each campaign of the batch.

        With the campaign as a constant, DuckDB leaves the rows of all others unread.
        """
        text = self._rule_sql.of_form(str(entry.sql).removesuffix(".sql"), form)
        if CAMPAIGN_PARAMETER not in parameters_of(text):
            for answer in self._ask(entry.rule, text, parameters):
                yield _breach(entry.rule, staged, answer)
            return
        for campaign in sorted(set(staged.campaigns.values())):
            for answer in self._ask(entry.rule, text, {**parameters, CAMPAIGN_PARAMETER: campaign}):
                if staged.campaigns[str(answer["submission_id"])] == campaign:
                    yield _breach(entry.rule, staged, answer)

    def _ask(self, rule: Rule, text: str, parameters: Mapping[str, object]) -> list[dict[str, Value]]:
        try:
            return self._answers(text, parameters, is_ours=False)
        except (MissingParameter, duckdb.Error) as failed:
            raise RuleDidNotRun(rule.id, reason=str(failed)) from failed

    def _answers(self, text: str, parameters: Mapping[str, object], *, is_ours: bool = True) -> list[dict[str, Value]]:
        with self._database.guarded(is_ours=is_ours) as connection:
            found = connection.execute(text, bound(text, parameters))
            columns = [column[0] for column in found.description]
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _breach(rule: Rule, staged: StagedRows, answer: Mapping[str, object]) -> tuple[str, Breach]:
    """Return the submission and the breach that one row of a rule's answer tells of."""
    row_id = answer.get("row_id")
    place = staged.places[int(str(row_id))] if row_id is not None else None
    row_no = answer.get("row_no")
    sheet = answer.get("sheet")
    field = answer.get("field", rule.field)
    return str(answer["submission_id"]), Breach(
        rule=rule.id,
        sheet=place.sheet if place else (str(sheet) if sheet is not None else None),
        row=place.row if place else (int(str(row_no)) if row_no is not None else None),
        field=str(field) if field is not None else None,
        facts={name: value for name, value in answer.items() if name not in _PLACE},
    )
