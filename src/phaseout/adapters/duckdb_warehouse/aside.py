"""Damaged files are set aside with a note of what was found; of our own only the newest are kept."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from phaseout.domain.damage import DAMAGED, FOREIGN, NOTE, Damage, DamageKind

KEPT = 2  # of our own damaged files; what is not ours is never deleted
ROOM = 2  # so many times its size must be free, or no damaged file is kept at all
OWNER_ONLY = 0o600


def wal_of(path: Path) -> Path:
    """Return where DuckDB keeps the write-ahead log of a file."""
    return path.with_name(path.name + ".wal")


def lock_of(path: Path) -> Path:
    """Return the file by which processes take turns in opening one."""
    return path.with_name(f".{path.name}.lock")


def remove(path: Path) -> None:
    """Delete a file with its write-ahead log."""
    path.unlink(missing_ok=True)
    wal_of(path).unlink(missing_ok=True)


@contextmanager
def opening(path: Path, *, waits: bool) -> Iterator[bool]:
    """Keep other processes from opening, replacing or setting aside the file; say whether that was granted.

    DuckDB's own lock ends with the file: between closing a damaged one and moving it away another process could
    open it, and two that see the same damage would set aside each other's new file.
    """
    handle = os.open(lock_of(path), os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def set_aside(path: Path, damage: Damage) -> Path:
    """Move a file out of the way, so that a new one is built; return where it lies. Only within `opening`."""
    word = FOREIGN if damage.kind is DamageKind.FOREIGN_FILE else DAMAGED
    numbers = [int(one.name.rpartition("-")[2]) for one in _set_aside_before(path, word)]
    aside = path.with_name(f"{path.name}.{word}-{max(numbers, default=0) + 1}")
    path.rename(aside)
    if wal_of(path).exists():
        wal_of(path).rename(wal_of(aside))
    with suppress(OSError):  # the note is for people: a full disk must not keep the new file from being built
        _note_of(aside).write_text(json.dumps(asdict(damage)), encoding="utf-8")
        _note_of(aside).chmod(OWNER_ONLY)
    _drop_old(path)
    return aside


def _set_aside_before(path: Path, word: str) -> list[Path]:
    """Return the files set aside before, the oldest first."""
    found = [one for one in path.parent.glob(f"{path.name}.{word}-*") if one.name.rpartition("-")[2].isdecimal()]
    return sorted(found, key=lambda one: int(one.name.rpartition("-")[2]))


def _drop_old(path: Path) -> None:
    found = _set_aside_before(path, DAMAGED)
    for old in found[:-KEPT]:
        _drop(old)
    for old in found[-KEPT:]:
        if shutil.disk_usage(path.parent).free < ROOM * old.stat().st_size:
            _drop(old)


def _drop(aside: Path) -> None:
    remove(aside)
    _note_of(aside).unlink(missing_ok=True)


def _note_of(aside: Path) -> Path:
    return aside.with_name(aside.name + NOTE)
