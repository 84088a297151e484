"""Runs a replay: a Prefect server and the replay's own process, with a progress bar in front."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from phaseout.bootstrap.home import clear_home
from phaseout.cli.processes import alone, free_port, prefect_environment, prefect_server, running
from phaseout.errors import OperatorError, UsageError


class ReplayFailed(OperatorError):
    """The replay's process ended before the year did."""

    def __init__(self, *, log: Path, code: int) -> None:
        self.log = log
        super().__init__(f"the replay ended with code {code}; what it said is in {log}")


class ReplayRunning(UsageError):
    """Another replay, or `phaseout serve`, works in this home."""

    def __init__(self, *, home: Path) -> None:
        super().__init__(f"another replay or `phaseout serve` is running in {home}")


def replay_in(home: Path, *, campaign: str, seed: int, until: str | None) -> Sequence[dict[str, object]]:
    """Replay a campaign in *home* and return its slowest steps.

    Raises:
        RealLedger: the home holds a real campaign.
        ReplayRunning: another replay works there.
        ReplayFailed: the year did not come to its end.
    """
    with alone(home, error=ReplayRunning(home=home)):
        clear_home(home, campaign=campaign, seed=seed)
        env = prefect_environment(
            home,
            port=free_port(),
            PREFECT_LOGGING_TO_API_ENABLED="false",
            PREFECT_LOGGING_LEVEL="WARNING",
            PREFECT_SERVER_LOGGING_LEVEL="WARNING",
            # Nothing is scheduled in a replay; these services would only compete for two cores.
            PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED="false",
            PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED="false",
            PREFECT_SERVER_SERVICES_FOREMAN_ENABLED="false",
        )
        command = [sys.executable, "-m", "flows.replay", campaign, "--seed", str(seed)]
        command += ["--until", until] if until else []
        log = home / "replay.log"
        log.unlink(missing_ok=True)
        with _progress() as progress:
            bar = progress.add_task("启动 Prefect", total=None)
            with (
                prefect_server(env, log=home / "prefect" / "server.log"),
                # Everything it does survives a kill; a polite end could still write into a home that is cleared again.
                running(command, env=env, log=log, stdout=subprocess.PIPE, orphan_signal=signal.SIGKILL) as process,
            ):
                steps = list(_follow(process, progress, bar))
                code = process.wait()
        if code != 0:
            raise ReplayFailed(log=log, code=code)
        return steps


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _follow(process: "subprocess.Popen[str]", progress: Progress, bar: object) -> Iterator[dict[str, object]]:
    """Move the bar by what the replay says; yield its steps at the end."""
    assert process.stdout is not None  # noqa: S101  it was started with a pipe
    for line in process.stdout:
        facts = json.loads(line)
        if "steps" in facts:
            yield from facts["steps"]
        else:
            progress.update(bar, description=facts["day"], completed=facts["done"], total=facts["of"])  # type: ignore[arg-type]  # rich's TaskID
