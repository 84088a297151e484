"""What we remember of the mailbox (收件索引): which mail lay at which place, so that no mail's beginning is read twice.

Only hints: a file that is lost, old or damaged costs a little reading and nothing else.
"""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from phaseout.adapters.intake.imap_line import Account, Listed


def place_of(mail: Listed) -> str:
    """Return what stands for a mail's place: UIDs are used again by servers that should not do so."""
    return f"{mail.uid}/{mail.size}/{mail.received_at.isoformat() if mail.received_at else ''}"


class Hints:
    """The refs of places in one folder, kept in a file."""

    def __init__(self, path: Path, account: Account) -> None:
        self._path = path
        name = f"{account.host}\n{account.port}\n{account.user}\n{account.folder}"
        self._folder = sha256(name.encode()).hexdigest()

    def known(self, validity: int) -> dict[str, str]:
        """Return the ref of each place; of none when the places were numbered anew."""
        try:
            held = json.loads(self._path.read_bytes())
            refs = held["refs"] if (held["folder"], held["validity"]) == (self._folder, validity) else {}
            return {str(place): str(ref) for place, ref in refs.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return {}

    def keep(self, validity: int, refs: Mapping[str, str]) -> None:
        """Remember the refs, and forget all others."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(dir=self._path.parent, prefix=".mailbox-")  # for our eyes only
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"folder": self._folder, "validity": validity, "refs": dict(refs)}, file)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
