"""The stop of all dispatch (停发): nothing leaves the outbox until a named person lets it go on."""

from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import CHINA

MAY_HAVE_LEFT = "台账恢复自{day}的备份，此函可能已经发出，请核实后再作处理"


@dataclass(frozen=True, slots=True)
class DispatchStop:
    """Who stopped dispatch, when and why; *restored_from* is the instant of the backup that the ledger came from."""

    at: datetime
    by: str
    reason: str
    restored_from: datetime | None = None


def doubt_after_restore(taken_at: datetime) -> str:
    """Return what stands on a letter that may have left after the backup was taken."""
    return MAY_HAVE_LEFT.format(day=taken_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"))
