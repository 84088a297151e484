"""Remembers how the passes (定时作业) ended, a file each in `health/passes/`: it outlives Prefect and ledger."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from phaseout.adapters.health.files import read, write
from phaseout.domain.health import PassRecord
from phaseout.ports.health import PassBook

LOG = logging.getLogger(__name__)


class PassFiles(PassBook):
    """A folder with a file for each kind of pass, and for each campaign that it works on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def records(self) -> Sequence[PassRecord]:
        found = (_record(read(path)) for path in sorted(self._folder.glob("*.json")))
        return [one for one in found if one is not None]

    def note(self, name: str, *, at: datetime, reason: str = "", campaign: str | None = None) -> None:
        path = self._folder / f"{name}{f'.{campaign}' if campaign else ''}.json"
        before = _record(read(path)) or PassRecord(name, at, campaign=campaign)
        try:
            write(path, asdict(before.after(at=at, reason=reason)))
        except OSError as error:
            # What the pass did is done; that nothing was noted is noticed by itself.
            LOG.warning("the end of %s could not be noted in %s: %s", name, path, error.strerror)


def _record(found: dict[str, Any] | None) -> PassRecord | None:
    if found is None:
        return None
    try:
        return PassRecord(
            name=str(found["name"]),
            ended_at=datetime.fromisoformat(found["ended_at"]),
            well_at=_instant(found["well_at"]),
            failing_since=_instant(found["failing_since"]),
            failures=int(found["failures"]),
            reason=str(found["reason"]),
            campaign=found["campaign"],
        )
    except (KeyError, TypeError, ValueError):
        return None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
