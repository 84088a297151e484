"""Replay (回放): the whole of jiangsu-2022 as a newcomer starts it, and the same year without Prefect."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, cost
from benchmarks.measuring import PHASEOUT, Ran, environment, ran
from benchmarks.office import CAMPAIGN
from benchmarks.telling import tell
from benchmarks.terminal import Shown, at_terminal
from phaseout.bootstrap import open_app
from phaseout.settings import Settings

SEED = 1
MOST_S, FIRST_AT_MOST_S = 90.0, 15.0
A_DAY_DONE = r"(?<![\d/])[1-9]\d*/\d{2,}"  # of the bar in front
BARE = "without Prefect"


class AnotherYear(Exception):
    """The two replays did not come to the same warehouse; then the one is no yardstick for the other."""


def run(*, until: str | None = None, with_prefect: bool = True) -> list[Figure]:
    """Replay the year both ways, each as a process; *until* stops after a day."""
    with TemporaryDirectory(prefix="bench-replay-") as folder:
        home = Path(folder)
        tell("without Prefect")
        bare = _bare(home / "bare", until=until)
        if not with_prefect:
            return [Figure("replay_without_prefect_s", bare.wall, "s")]
        tell("phaseout replay, through Prefect")
        shown = _through_prefect(home / "through", until=until)
        if _hash(home / "bare") != _hash(home / "through"):
            raise AnotherYear
    return _figures(shown, bare)


def _bare(home: Path, *, until: str | None) -> Ran:
    command = [sys.executable, "-m", "benchmarks.no_prefect", CAMPAIGN, str(SEED), *([until] if until else [])]
    return ran(command, home=home)


def _through_prefect(home: Path, *, until: str | None) -> Shown:
    command = [PHASEOUT, "replay", CAMPAIGN, "--seed", str(SEED), *(["--until", until] if until else [])]
    return at_terminal(command, env=environment(home) | {"TERM": "xterm", "COLUMNS": "120"}, awaited=A_DAY_DONE)


def _hash(home: Path) -> str:
    with open_app(Settings(home=home)) as app:
        return app.warehouse.content_hash()


def _figures(shown: Shown, bare: Ran) -> list[Figure]:
    note = "as `phaseout replay` of a new home; both came to the same content hash"
    return [
        cost("replay_s", shown.wall, "s", at_most=MOST_S, yardstick=bare.wall, against=BARE, note=note),
        cost("replay_cpu_s", shown.cpu, "s of CPU", yardstick=bare.cpu, against=BARE, note="Prefect's server included"),
        cost("replay_first_result_s", shown.first, "s", at_most=FIRST_AT_MOST_S, note="until the first day is done"),
        cost("replay_peak_mib", shown.peak_mib, "MiB", yardstick=bare.peak_mib, against=BARE),
        Figure("replay_together_mib", shown.together_mib, "MiB", note="Prefect's server, the replay and the reader"),
    ]
