"""`phaseout sql`: a query to the published snapshot, and its answer as a table, CSV, JSON or Parquet."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, flat, printable, show
from phaseout.errors import UsageError

if TYPE_CHECKING:
    from phaseout.adapters.snapshot_reader import Answer, Snapshot

STANDARD_INPUT = "-"
MOST_ON_SCREEN, MOST_IN_A_PIPE = 200, 10_000  # rows of a table, whose columns are as wide as their widest value


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class NoSnapshot(UsageError):
    """Nothing was published yet."""

    def __init__(self) -> None:
        super().__init__("nothing is published yet; run `phaseout publish`")


class NoPlaceForParquet(UsageError):
    """Parquet would go to a terminal."""

    def __init__(self) -> None:
        super().__init__("Parquet is nothing to read on a terminal: write it into a file with -o FILE.parquet")


class UnclearQuery(UsageError):
    """The options do not say one thing to do."""


def sql(
    query: Annotated[
        str | None,
        typer.Argument(metavar="[QUERY|-]", help="One SQL query; - reads it from standard input. Without: the tables."),
    ] = None,
    *,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE.sql", help="Read the query from a file.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="How to write the answer; told by the name of -o if not given.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write into a file, replaced as a whole.")
    ] = None,
    describe: Annotated[
        str | None, typer.Option("--describe", metavar="TABLE", help="Show the columns of a table.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Rows of a table; 200 on a terminal if not given, 0 for all.")
    ] = None,
    has_mark: Annotated[bool, typer.Option("--bom", help="Begin CSV as Excel wants UTF-8.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the published snapshot.

    Its tables are in the schema mart, which need not be written. Nothing in it can be changed.
    """
    from phaseout.adapters.snapshot_reader import open_snapshot  # noqa: PLC0415

    with open_app() as home:
        path = home.snapshot
    asked = _asked(query, file=file, describe=describe)
    written_as = _format(form, output=output, as_json=as_json)
    if not path.exists():
        raise NoSnapshot
    with open_snapshot(path) as snapshot, _quiet_when_nobody_reads():
        if asked is None:
            show(_known(snapshot, describe), as_json=written_as is Format.JSON)
        else:
            _write(snapshot.ask(asked), written_as, output=output, limit=limit, has_mark=has_mark)


def _known(snapshot: "Snapshot", table: str | None) -> list[dict[str, object]]:
    return snapshot.tables() if table is None else snapshot.columns(table)


def _asked(query: str | None, *, file: Path | None, describe: str | None) -> str | None:
    """Return the query, wherever it stands; None if tables or columns are asked for."""
    if sum(one is not None for one in (query, file, describe)) > 1:
        raise UnclearQuery("give one of these: a query, --file, --describe")
    if query == STANDARD_INPUT:
        return sys.stdin.read()
    if file is None:
        return query
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnclearQuery(f"{file} is no text in UTF-8") from error


def _format(given: Format | None, *, output: Path | None, as_json: bool) -> Format:
    """Return how to write the answer: as was said, else as the name of the file says."""
    if as_json and given not in {None, Format.JSON}:
        raise UnclearQuery(f"--json and --format {given} say two things")
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    by_name = Format(suffix) if suffix in set(Format) else None
    chosen = Format.JSON if as_json else given or by_name or Format.TABLE
    if chosen is Format.PARQUET and output is None and sys.stdout.isatty():
        raise NoPlaceForParquet
    return chosen


def _write(answer: "Answer", form: Format, *, output: Path | None, limit: int | None, has_mark: bool) -> None:
    if form is Format.TABLE and output is None:
        _show_table(answer, most=_most(limit))
        return
    with _target(output) as target:
        if form is Format.TABLE:
            with io.TextIOWrapper(target, "utf-8") as words, redirect_stdout(words):
                _show_table(answer, most=_most(limit))
            return
        if form is Format.JSON:
            target.writelines(text.encode() for text in _json(answer))
            return
        from phaseout.adapters.snapshot_reader.formats import write_csv, write_parquet  # noqa: PLC0415  needs Arrow

        with answer.batches() as batches:
            if form is Format.CSV:
                write_csv(batches, target, has_mark=has_mark)
            else:
                write_parquet(batches, target)


def _most(limit: int | None) -> int:
    if limit is not None:
        return limit
    return MOST_ON_SCREEN if sys.stdout.isatty() else MOST_IN_A_PIPE


def _json(answer: "Answer") -> Iterator[str]:
    """Yield a list of flat objects, piece by piece, written as `show` writes it."""
    before, after = "[\n", "[]\n"
    for row in chain.from_iterable(answer.rows()):
        told = {key: _in_json(value) for key, value in row.items()}
        text = printable(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        yield before + indent(text, " ")
        before, after = ",\n", "\n]\n"
    yield after


def _in_json(value: object) -> object:
    """Return a value as JSON holds it; JSON has no word for what is no number."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return flat(value)


def _show_table(answer: "Answer", *, most: int) -> None:
    """Print a table of at most so many rows, 0 for all; how many are left out is said beside it."""
    rows = chain.from_iterable(answer.rows(at_once=most + 1 if most else MOST_IN_A_PIPE))
    shown = list(islice(rows, most + 1 if most else None))
    is_cut = bool(most) and len(shown) > most
    if not shown:
        sys.stderr.write("no row answers this; the words of a column stand in `phaseout sql --describe TABLE`\n")
        return
    show(shown[:most] if is_cut else shown, as_json=False)
    if is_cut:
        sys.stderr.write(
            f"{most} of {answer.count()} rows are shown; --limit 0 shows all, --format csv or -o FILE takes all\n"
        )


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Lend what to write to: standard output, or a file that takes its place when it is whole."""
    if output is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    fresh = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with fresh.open("wb") as target:
            yield target
        fresh.replace(output)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _quiet_when_nobody_reads() -> Iterator[None]:
    """End without a word when the reader of a pipe has seen enough, such as `head`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes
