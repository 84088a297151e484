"""A snapshot (发布快照) as what extracts are made from: which marts it has, and what became of each campaign."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from phaseout.adapters.duckdb_warehouse.statements import SqlFolder, identifier, with_names

BATCH = 100_000  # rows at a time: the memory needed does not grow with a mart
OF_THE_WHOLE_FILE = frozenset({"snapshot"})  # has campaigns, and speaks of all at once
LOADS = "submission_loaded"  # the table that says of which campaigns there is anything
_YEAR = re.compile(r"-?[0-9]{4}\Z")
# What people wrote is only read here: nothing in it reaches files or the network.
CONFIG = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}


@dataclass(frozen=True, slots=True)
class Mart:
    """A view of the marts, and whether it is divided by campaign."""

    name: str
    is_divided: bool


class Source:
    """An open snapshot."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: SqlFolder) -> None:
        self._connection = connection
        self._sql = sql

    def marts(self) -> Sequence[Mart]:
        """Return every mart, by name."""
        rows = self._rows("extract/marts")
        return [Mart(name, bool(divided) and name not in OF_THE_WHOLE_FILE) for name, divided in rows]

    def identity(self) -> str:
        """Return what tells this snapshot from every other: what it says of itself, and how it is laid out."""
        said = self._connection.execute(self._of("extract/whole", mart="snapshot")).fetchall()
        return _hash_of(said, self._layout)

    def campaigns(self) -> Mapping[str, str]:
        """Return for each campaign a hash over all that its rows in the marts are made from, its own and others'."""
        own: dict[str, list[tuple[object, ...]]] = {}
        for (table,) in self._rows("extract/campaign_tables"):
            for campaign, *figures in self._connection.execute(self._of("extract/fingerprint", table=table)).fetchall():
                own.setdefault(campaign, []).append((table, *figures))
        known = {campaign: any(table == LOADS for table, *_ in held) for campaign, held in sorted(own.items())}
        return {one: _hash_of(self._layout, [own[other] for other in rests_on(one, among=known)]) for one in known}

    def part(self, mart: Mart, campaign: str | None) -> Any:  # noqa: ANN401  as above
        """Return a reader of the rows that one Parquet file holds."""
        if campaign is None:
            return self._relation(self._of("extract/whole", mart=mart.name), {}).to_arrow_reader(BATCH)
        text = self._of("extract/of_campaign", mart=mart.name)
        return self._relation(text, {"campaign_id": campaign}).to_arrow_reader(BATCH)

    def told(self, campaign: str) -> Mapping[str, object]:
        """Return what the snapshot says of itself for one campaign; nothing if it does not have it."""
        text = self._of("extract/of_campaign", mart="snapshot")
        found = self._connection.execute(text, {"campaign_id": campaign})
        names = [column[0] for column in found.description]
        return next((dict(zip(names, row, strict=True)) for row in found.fetchall()), {})

    def _relation(self, text: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401  DuckDB has no types
        # As a relation, not by execute(): that keeps all rows of an answer in memory.
        return self._connection.sql(text.rstrip().rstrip(";"), params=dict(parameters) or None)

    @property
    def _layout(self) -> object:
        return self._connection.execute("SELECT fingerprint FROM core.layout").fetchall()

    def _rows(self, name: str) -> Sequence[tuple[Any, ...]]:
        return list(self._connection.execute(self._sql.text(name)).fetchall())

    def _of(self, name: str, **names: str) -> str:
        return with_names(self._sql.text(name), **{key: identifier(one) for key, one in names.items()})


@contextmanager
def opened(snapshot: Path, sql: SqlFolder) -> Iterator[Source]:
    """Open a snapshot for reading."""
    with duckdb.connect(str(snapshot), read_only=True, config=CONFIG) as connection:
        yield Source(connection, sql)


def rests_on(campaign: str, *, among: Mapping[str, bool]) -> Sequence[str]:
    """Return the campaigns on which what the marts say of one may rest: of the same place all years to the next.

    *among* says of each campaign, in order, whether anything is loaded of it: the marts pass over the others.
    """
    years = [one for one in among if _place(one) == _place(campaign)]
    own = years.index(campaign)
    following = next((place for place, one in enumerate(years) if place > own and among[one]), own)
    return years[: following + 1]


def _place(campaign: str) -> str:
    """Return what the campaigns of one place have in common, such as jiangsu of jiangsu-2022; `core.place_of` too."""
    return _YEAR.sub("", campaign)


def _hash_of(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
