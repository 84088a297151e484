"""Notes how passes (定时作业) ended, at the price of a small file: whatever is dead later, the watch knows."""

from datetime import datetime
from pathlib import Path

from phaseout.adapters.health.pass_book import PassFiles
from phaseout.bootstrap import REPLAY_MARK
from phaseout.bootstrap.flow_run_address import remember_server
from phaseout.ports.health import PassBook
from phaseout.settings import Settings


def pass_book(home: Path) -> PassBook:
    """Return where the passes of a home are noted."""
    return PassFiles(home / "health" / "passes")


def note_pass(name: str, *, at: datetime, reason: str = "", campaign: str | None = None) -> None:
    """Note how a pass ended; a replay's are nobody's passes."""
    home = Settings().home.resolve()
    if home.exists() and not (home / REPLAY_MARK).exists():
        pass_book(home).note(name, at=at, reason=reason, campaign=campaign)
        remember_server(home)
