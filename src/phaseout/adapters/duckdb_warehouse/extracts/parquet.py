"""The marts as a folder of Parquet files, divided by campaign, that is replaced as a whole.

`parquet` is a link to a folder of this generation. The next one is written beside it, takes over by hard link what has
not changed, and then the link is turned. The generation before stays until the one after: who is reading finishes.
"""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from phaseout.adapters.duckdb_warehouse.extracts.source import Mart, Source

LINK = "parquet"
GENERATION = ".parquet-"
UNFINISHED = ".parquet-new"
RECORD = "_made_of.json"  # readers of Parquet folders pass over names that begin so
FILE = "data.parquet"
READABLE_BY_ALL, ENTERED_BY_ALL = 0o644, 0o755


@dataclass(frozen=True, slots=True)
class Record:
    """Of which snapshot a generation is, since when, and what each campaign's files were made from."""

    identity: str
    day: date
    campaigns: Mapping[str, str]


def record_of(published: Path) -> Record | None:
    """Return what the folder was made from; None if there is no whole one."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads((published / LINK / RECORD).read_text("utf-8"))
        return Record(**{**told, "day": date.fromisoformat(told["day"])})
    return None


def keep(folder: Path, record: Record) -> None:
    """Write down what a generation was made from."""
    path = folder / RECORD
    part = path.with_name(f".{path.name}")
    part.write_text(json.dumps(asdict(record), default=str, indent=1), "utf-8")
    part.chmod(READABLE_BY_ALL)
    _sync(part)
    part.replace(path)


def make(published: Path, source: Source, record: Record) -> Path:
    """Return a new generation, made from a snapshot beside the one that is read; what has not changed is taken over."""
    fresh, before = published / UNFINISHED, published / LINK
    shutil.rmtree(fresh, ignore_errors=True)  # of one that was killed
    fresh.mkdir(parents=True)
    last = record_of(published)
    steady = dict(last.campaigns.items() & record.campaigns.items()) if last else {}
    for mart in source.marts():
        for campaign in record.campaigns if mart.is_divided else (None,):
            place = place_of(mart, campaign)
            if campaign not in steady or not _take_over(before / place, fresh / place):
                _write(source.part(mart, campaign), fresh / place)
    keep(fresh, record)
    _settle(fresh)
    return fresh


def place_of(mart: Mart, campaign: str | None) -> Path:
    """Return where the rows of a mart, or of one campaign in it, lie below a generation."""
    return Path(mart.name, FILE) if campaign is None else Path(mart.name, f"campaign_id={campaign}", FILE)


def _take_over(before: Path, fresh: Path) -> bool:
    """Let a file of the last generation be one of this, too; say whether there was one."""
    if not before.is_file():
        return False
    fresh.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(before.resolve(), fresh)
    except OSError:  # a file system without hard links
        shutil.copy2(before, fresh)
    return True


def _write(reader: Any, path: Path) -> None:  # noqa: ANN401  pyarrow has no types
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
    path.chmod(READABLE_BY_ALL)
    _sync(path)


def _settle(folder: Path) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(ENTERED_BY_ALL)
        _sync(path)


def turn(published: Path, fresh: Path) -> None:
    """Let the link lead to the new generation: a reader sees the old one or the new one."""
    link, before = published / LINK, _generations(published)
    if link.is_dir() and not link.is_symlink():  # put back from a copy that followed the link
        shutil.rmtree(link)
    last = link.resolve()
    generation = published / f"{GENERATION}{max(before, default=0) + 1}"
    fresh.rename(generation)
    turned = published / f".{LINK}.link"
    turned.unlink(missing_ok=True)
    turned.symlink_to(generation.name)  # no path from the root: the folder may be moved, or shared under another name
    turned.replace(link)
    _sync(published)
    for old in before.values():
        if old.resolve() != last:
            shutil.rmtree(old, ignore_errors=True)


def _generations(published: Path) -> dict[int, Path]:
    found = {path.name.removeprefix(GENERATION): path for path in published.glob(f"{GENERATION}*")}
    return {int(number): path for number, path in found.items() if number.isdecimal()}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
