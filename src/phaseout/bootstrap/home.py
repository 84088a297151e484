"""The home of a replay: cleared before each, and never one that holds a real campaign."""

import json
import shutil
from pathlib import Path

from phaseout.bootstrap import REPLAY_MARK, open_app
from phaseout.errors import UsageError
from phaseout.settings import Settings

# What a replay writes. `inbox` is not among them: what a person put there is not ours to clear.
FOLDERS = ("archive", "cities", "mailbox", "outgoing", "published", "prefect")
# What came or left in earnest lies here, wherever the ledger is: it may be on a PostgreSQL server.
TRUTH = ("archive", "mailbox", "outgoing")


class RealLedger(UsageError):
    """A replay would write into a home that holds a real campaign."""

    def __init__(self, *, home: Path) -> None:
        self.home = home
        super().__init__(f"{home} holds a real campaign; give the replay a home of its own with --home")


def clear_home(home: Path, *, campaign: str, seed: int) -> None:
    """Make a home ready for a replay; what an earlier replay left there goes.

    Raises:
        RealLedger: the home holds a campaign that is not a replay, or what one received or sent.
    """
    mark = home / REPLAY_MARK
    if not mark.exists() and _is_real(home):
        raise RealLedger(home=home)
    home.mkdir(parents=True, exist_ok=True)
    # The mark comes first: a replay that is killed leaves a home that the next one may clear.
    mark.write_text(json.dumps({"campaign": campaign, "seed": seed}), encoding="utf-8")
    for name in FOLDERS:
        shutil.rmtree(home / name, ignore_errors=True)
    for path in (*home.glob("ledger.sqlite*"), *home.glob("warehouse*.duckdb*")):
        if path.is_dir() and not path.is_symlink():  # somebody's, which lay where the warehouse belongs
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_real(home: Path) -> bool:
    if any(path.is_file() for name in TRUTH for path in (home / name).rglob("*")):
        return True
    if not (home / "ledger.sqlite").exists():
        return False
    # A command that only looked leaves an empty ledger; that is nobody's campaign.
    with open_app(Settings().of_other_home(home)) as app:
        return bool(app.ledger.open_campaigns())
