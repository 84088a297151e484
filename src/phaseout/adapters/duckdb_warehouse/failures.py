"""What DuckDB's errors say about its file: whether it is torn, or the machine is in trouble and the file as before."""

import re

import duckdb

from phaseout.domain.damage import Damage, DamageKind

_UNUSABLE = (
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.TransactionException,  # so a commit fails on a full disk, and there is nothing left to roll back
)
# How DuckDB says that a file is no longer what it wrote, or was written by another version of it.
_DAMAGE = re.compile(
    r"not a valid DuckDB|corrupt|checksum|version number|serializ|could not read enough bytes"
    r"|replaying (?:checkpoint )?WAL|WAL of version|WAL does not match|This WAL was created|WAL replay:"
    r"|WAL (?:checkpoint marker|cannot contain)|invalid WAL entry",
    re.IGNORECASE,
)
# The same words, or any others, when the machine is at fault: the file is as good as before.
_MACHINE = re.compile(
    r"no space left|file too large|disk quota|input/output error|could not write|permission|not permitted"
    r"|too many open files|read-only file system|out of memory|(?:cannot|could not|failed to) allocate|bad_alloc"
    r"|stale file handle|resource busy|temporarily unavailable|timed out",
    re.IGNORECASE,
)
_HELD = re.compile(r"could not set lock", re.IGNORECASE)
_PATHS = re.compile(r'"[^"\n]*"|\'/[^\'\n]*\'|/\S+/\S*')  # a log's path ends in "wal", a folder may be called anything


def is_unusable(failed: duckdb.Error) -> bool:
    """Say whether the file is at fault; a bare `Error` is how a torn block shows, all others are about a statement."""
    return isinstance(failed, _UNUSABLE) or type(failed) is duckdb.Error


def is_held(failed: duckdb.Error) -> bool:
    """Say whether another process holds the file."""
    return _HELD.search(_words(failed)) is not None


def is_damage(failed: BaseException | None) -> bool:
    """Say whether the file is torn, in DuckDB's own words."""
    return _DAMAGE.search(_words(failed)) is not None and not is_of_machine(failed)


def is_of_machine(failed: BaseException | None) -> bool:
    """Say whether disk, memory or rights failed it, which may be better the next time."""
    trouble = (duckdb.OutOfMemoryException, duckdb.PermissionException, duckdb.InterruptException)
    return isinstance(failed, trouble) or _MACHINE.search(_words(failed)) is not None


def torn_by(failed: duckdb.Error) -> Damage | None:
    """Return the damage that shows by a statement which runs on every sound file; None if the machine failed it."""
    is_gone = isinstance(failed, duckdb.CatalogException | duckdb.BinderException)
    if not (is_gone or is_unusable(failed)) or is_of_machine(failed):
        return None
    return Damage(DamageKind.UNREADABLE, detail=str(failed).splitlines()[0])


def _words(failed: BaseException | None) -> str:
    """Return what an error says, without the paths that it names."""
    return _PATHS.sub("…", str(failed))
