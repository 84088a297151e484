"""Why a query gets no answer, in words that say what to do about it."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

import duckdb

from phaseout.errors import TransientError, UsageError

_READS = ("SELECT", "EXPLAIN", "MULTI")  # MULTI: a PIVOT, which DuckDB prepares by statements of its own
_TABLE = re.compile(r"Table(?: Function)? with name \"?(?P<name>[^\s\"]+?)\"? does not exist")
_COLUMN = re.compile(r"Referenced column \"(?P<name>.+?)\" not found|not have a column named \"(?P<other>.+?)\"")
_FULL_WIDTH = re.compile("[，；（）‘’“”＝　＊]")
_LOOK = " `phaseout sql` lists the tables, `phaseout sql --describe TABLE` their columns"
_WORDS = re.compile(r"\w+")
CLOSE_ENOUGH, SHOWN = 0.6, 3

Names = Callable[[], tuple[Sequence[str], Sequence[tuple[str, str]]]]


class QueryRefused(UsageError):
    """A query was not answered."""


class NoSuchTable(UsageError):
    """The marts have no table of that name."""

    def __init__(self, table: str, *, close: Sequence[str]) -> None:
        self.table = table
        super().__init__(f"there is no table {table}{_meant(close)} `phaseout sql` lists the tables")


class SnapshotUnreadable(UsageError):
    """The snapshot is damaged, or no file of ours."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} cannot be read as a snapshot; `phaseout publish` writes it anew")


class SnapshotInUse(TransientError):
    """Another program has opened the snapshot for writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"another program has opened {path} for writing; close it there, or open it read-only")


def one_query(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return the one statement of a text, which must be one that only reads.

    Raises:
        QueryRefused: it is none, several, or one that would write or set something.
    """
    try:
        statements = connection.extract_statements(text)
    except duckdb.Error as failed:
        raise QueryRefused(_unreadable(failed, text)) from failed
    if not statements:
        raise QueryRefused('there is no query; write one, such as "SELECT * FROM mart.unit"')
    if len(statements) > 1:
        raise QueryRefused(f"one query at a time: these are {len(statements)}; join them by WITH … SELECT or UNION ALL")
    kind = statements[0].type.name
    if kind not in _READS:
        raise QueryRefused(
            f"the snapshot is read-only, and {kind} would change or set something; "
            "what is answered are SELECT, WITH, FROM, PIVOT, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN"
        )
    return str(statements[0].query).strip().rstrip(";")


def refused(failed: duckdb.Error, query: str, *, names: Names) -> QueryRefused:
    """Return what DuckDB says against a query, in words that say what to do about it."""
    said = str(failed)
    if isinstance(failed, duckdb.PermissionException):
        return QueryRefused("a query reads the snapshot alone: files, other databases and the network are out of reach")
    if "read-only mode" in said:
        return QueryRefused("the snapshot is read-only: nothing in it can be changed")
    if "parameters:" in said:
        return QueryRefused("the query has parameters ($1, ?), and nobody fills them in; write the values themselves")
    table, column = _TABLE.search(said), _COLUMN.search(said)
    if table:
        tables, _ = names()
        name = table["name"].rpartition(".")[2]
        return QueryRefused(f"there is no table {table['name']}{_meant(close_to(name, tables))}{_LOOK}")
    if column:
        return QueryRefused(_no_column(column["name"] or column["other"], query, names))
    return QueryRefused(said)


def close_to(name: str, known: Sequence[str]) -> list[str]:
    """Return what somebody may have meant by a name."""
    return get_close_matches(name.lower(), sorted(set(known)), SHOWN, CLOSE_ENOUGH)


def _no_column(name: str, query: str, names: Names) -> str:
    tables, pairs = names()
    asked = set(_WORDS.findall(query.lower())) & set(tables)
    own = [column for table, column in pairs if table in asked]
    where = f" in {', '.join(f'mart.{table}' for table in sorted(asked))}" if asked else ""
    if _FULL_WIDTH.search(name):
        return f"there is no column {name}{_half_width(name)}"
    if not name.isascii() or " " in name:
        return f"there is no column {name}; a text is written in single quotes: '{name}'"
    close = close_to(name, own)
    if close:
        return f"there is no column {name}{where}{_meant(close)}{_LOOK}"
    others = sorted({f"mart.{table}" for table, column in pairs if column == name.lower()})
    held = f"; {', '.join(others[:SHOWN])} {'has' if len(others) == 1 else 'have'} it" if others else ""
    return f"there is no column {name}{where}{held}.{_LOOK}"


def _unreadable(failed: duckdb.Error, text: str) -> str:
    said = str(failed).removeprefix("Parser Error: ")
    return f"the query cannot be read: {said}{_half_width(text)}"


def _half_width(text: str) -> str:
    wide = "".join(dict.fromkeys(_FULL_WIDTH.findall(text)))
    return f"\nIt has full-width marks ({wide}): outside of texts, SQL takes the half-width ones." if wide else ""


def _meant(close: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(close)}?" if close else "."
