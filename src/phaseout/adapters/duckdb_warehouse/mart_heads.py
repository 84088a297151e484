"""Reads the head of a mart's SQL file: what it selects, what one row is, what its key is, what each column means.

A mart is a view, or a table macro that asks for something (`mart.obligation_as_of(as_of)`). Its head is, in this order:

    -- What it selects, in one line.
    -- Grain: one row is ...
    -- Key: column, column
    -- $parameter: what a table macro asks for, a line each
    -- column: what it means, a line each
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from phaseout.errors import UsageError

_GRAIN = re.compile(r"--\s*Grain: (?P<words>one row is .+)")
_KEY = re.compile(r"--\s*Key: (?P<columns>[a-z][a-z0-9_]*(, [a-z][a-z0-9_]*)*)")
_DESCRIBED = re.compile(r"--\s*(?P<name>\$?[a-z][a-z0-9_]*): (?P<words>.+)")


class NoGrain(UsageError):
    """A mart's SQL file does not say in its second line what one row is."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"data/sql/mart/{table}.sql: the second line must read '-- Grain: one row is ...'")


class NoKey(UsageError):
    """A mart's SQL file does not say in its third line by which columns its rows are told apart."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"data/sql/mart/{table}.sql: the third line must read '-- Key: column, column'")


@dataclass(frozen=True, slots=True)
class Head:
    """What a mart's SQL file says of it."""

    description: str
    grain: str
    key: tuple[str, ...]
    parameters: Mapping[str, str]
    columns: Mapping[str, str]


def head_of(table: str, text: str) -> Head:
    """Return the head of a mart's SQL file.

    Raises:
        NoGrain: it does not say what one row is.
        NoKey: it names no key.
    """
    first, *others = [line.strip() for line in text.splitlines()]
    grain = _GRAIN.fullmatch(others[0]) if others else None
    if grain is None:
        raise NoGrain(table)
    key = _KEY.fullmatch(others[1]) if len(others) > 1 else None
    if key is None:
        raise NoKey(table)
    described = dict(_described(others[2:]))
    return Head(
        description=first.removeprefix("--").strip(),
        grain=grain["words"],
        key=tuple(key["columns"].split(", ")),
        parameters={name[1:]: words for name, words in described.items() if name.startswith("$")},
        columns={name: words for name, words in described.items() if not name.startswith("$")},
    )


def _described(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _DESCRIBED.fullmatch(line)
        if found is None:
            return
        yield found["name"], found["words"]
