"""Small JSON files that appear whole or not at all."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read(path: Path) -> dict[str, Any] | None:
    """Return what a file says; None where there is none, or it cannot be read as ours."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(path: Path, facts: Mapping[str, object], *, is_lasting: bool = False, padded_to: int = 0) -> None:
    """Replace a file; *is_lasting*: it is on the disk on return. *padded_to* bytes leave room to overwrite it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several machines may share the folder, and processes of theirs have the same numbers.
    part = path.with_name(f".{path.name}.{os.uname().nodename}-{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(_text(facts).ljust(padded_to))
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def overwrite(path: Path, facts: Mapping[str, object]) -> None:
    """Write into the room that a file has already; where there is none, nothing can be done."""
    size = path.stat().st_size
    text = _text(facts)
    if len(text) > size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    with path.open("r+b") as file:
        file.write(text.ljust(size))
        file.flush()
        os.fsync(file.fileno())


def _text(facts: Mapping[str, object]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1, default=str).encode()
