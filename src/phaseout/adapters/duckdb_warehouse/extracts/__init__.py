"""The extracts (数据文件) of a snapshot: its marts as Parquet files and as one workbook."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from phaseout.adapters.duckdb_warehouse.extracts import book, parquet
from phaseout.adapters.duckdb_warehouse.extracts.book import BOOK, Words
from phaseout.adapters.duckdb_warehouse.extracts.parquet import Record
from phaseout.adapters.duckdb_warehouse.extracts.source import opened
from phaseout.adapters.duckdb_warehouse.statements import SqlFolder
from phaseout.domain.campaign import Campaign
from phaseout.ports import Extracts

__all__ = ["BOOK", "FileExtracts", "Words"]

LOCK = ".extracts.lock"


class FileExtracts(Extracts):
    """Extracts as files in the folder *published*; *words* say in Chinese what tables and columns mean."""

    def __init__(
        self, published: Path, *, sql_folder: Path, words: Mapping[str, Words], is_replay: bool = False
    ) -> None:
        self._published = published
        self._sql = SqlFolder(sql_folder)
        self._words = words
        self._is_replay = is_replay

    def renewed_on(self) -> date | None:
        made = parquet.record_of(self._published)
        return made.day if made and (self._published / BOOK).is_file() else None

    def renew(self, snapshot: Path, *, campaign: Campaign, day: date) -> bool:
        with self._alone(), opened(snapshot, self._sql) as source:
            identity, made = source.identity(), parquet.record_of(self._published)
            if made and made.identity == identity and (self._published / BOOK).is_file():
                parquet.keep(self._published / parquet.LINK, replace(made, day=day))
                return False
            fresh = parquet.make(self._published, source, Record(identity, day, source.campaigns()))
            # The folder tells of which snapshot both are, so it takes its place last.
            book.write(
                self._published / BOOK,
                {
                    mart.name: fresh / parquet.place_of(mart, campaign.id if mart.is_divided else None)
                    for mart in source.marts()
                },
                title=campaign.title,
                told=source.told(campaign.id),
                words=self._words,
                is_replay=self._is_replay,
            )
            parquet.turn(self._published, fresh)
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process writes here."""
        self._published.mkdir(parents=True, exist_ok=True)
        with (self._published / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
