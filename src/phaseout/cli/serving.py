"""Runs the office's machine: Prefect server, deployments, worker and the board's page, all on loopback."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from phaseout.bootstrap import open_app
from phaseout.cli.common import say
from phaseout.cli.processes import (
    alone,
    prefect_environment,
    prefect_server,
    program,
    require_free,
    running,
)
from phaseout.errors import OperatorError, UsageError


class DeploymentFailed(OperatorError):
    """Prefect did not take the deployments."""

    def __init__(self, *, command: str, words: str) -> None:
        super().__init__(f"{command} failed: {words.strip()[-600:]}")


class PartEnded(OperatorError):
    """A program that serving needs ended by itself."""

    def __init__(self, *, part: str, log: Path) -> None:
        self.log = log
        super().__init__(f"the {part} ended; its log is {log}")


class HomeInUse(UsageError):
    """Another `serve`, or a replay, works in this home."""

    def __init__(self, *, home: Path) -> None:
        super().__init__(f"another `phaseout serve` or a replay is running in {home}")


def serve_in(home: Path, *, project: Path, port: int, board_port: int) -> None:
    """Serve until interrupted.

    Raises:
        HomeInUse: another `serve`, or a replay, works there.
        PortTaken: another program listens on one of the ports.
        ServerDidNotStart: the Prefect server did not come up.
        DeploymentFailed: the deployments of `prefect.yaml` were not taken.
        PartEnded: server, worker or board ended by itself.
    """
    with _until_interrupted(), alone(home, error=HomeInUse(home=home)), ExitStack() as everything:
        require_free(port, option="--port")
        require_free(board_port, option="--board-port")
        env = _environment(home, port=port)
        logs = home / "prefect"
        parts: dict[str, subprocess.Popen[str]] = {}
        say("starting the Prefect server …")
        parts["server"] = everything.enter_context(prefect_server(env, log=logs / "server.log"))
        say("deploying the flows …")
        deploy(env, project=project)
        parts["worker"] = everything.enter_context(running(_WORKER, env=env, log=logs / "worker.log", cwd=project))
        parts["board"] = everything.enter_context(running(_board(home, board_port), env=env, log=logs / "board.log"))
        _ask_for_fresh_runs(env, project=project)
        say(f"flow runs  http://127.0.0.1:{port}")
        say(f"board      http://127.0.0.1:{board_port}")
        say("Ctrl-C stops all of it.")
        everything.callback(say, "stopping …")
        _wait(parts, logs)


_WORKER = [program("prefect"), "worker", "start", "--pool", "office", "--type", "process", "--limit", "2"]


def _environment(home: Path, *, port: int) -> dict[str, str]:
    return prefect_environment(
        home,
        port=port,
        PREFECT_UI_URL=f"http://127.0.0.1:{port}",
        # 576 runs a day would stay for ever; the ledger keeps the facts.
        PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED="events,flow_runs",
        PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD="P400D",
    )


def _board(home: Path, port: int) -> list[str]:
    site = home / "published" / "site"
    site.mkdir(parents=True, exist_ok=True)
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(site)]


def deploy(env: Mapping[str, str], *, project: Path) -> None:
    """Create the work pool, deploy all of `prefect.yaml`, and delete what has left it."""
    for arguments in (
        ["work-pool", "create", "office", "--type", "process", "--overwrite"],
        ["--no-prompt", "deploy", "--all"],
    ):
        _run([program("prefect"), *arguments], env=env, project=project)
    _run([sys.executable, "-m", "deployments.prune"], env=env, project=project)


def _ask_for_fresh_runs(env: Mapping[str, str], *, project: Path) -> None:
    """Let every campaign flow run once: a day on which this machine was off may have owed something."""
    with open_app() as app:
        opened = app.ledger.open_campaigns()
    if not opened:
        say("no campaign is open yet; open one with `phaseout campaign open CAMPAIGN`")
        return
    say(f"open: {', '.join(opened)}; asking for one run of each of its flows …")
    _run([sys.executable, "-m", "deployments.fresh_runs", *opened], env=env, project=project)


def _run(command: list[str], *, env: Mapping[str, str], project: Path) -> None:
    done = subprocess.run(  # noqa: S603  our own programs
        command, env=dict(env), cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DeploymentFailed(command=" ".join(command[1:]), words=done.stderr or done.stdout)


def _wait(parts: Mapping[str, "subprocess.Popen[str]"], logs: Path) -> None:
    """Stay as long as every part does.

    Raises:
        PartEnded: one of them ended.
    """
    while True:
        for name, process in parts.items():
            if process.poll() is not None:
                raise PartEnded(part=name, log=logs / f"{name}.log")
        try:
            next(iter(parts.values())).wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _until_interrupted() -> Iterator[None]:
    """End quietly on Ctrl-C, and on the SIGTERM with which a service manager stops us."""
    for stops in (signal.SIGINT, signal.SIGTERM):  # also where a shell's `&` let us ignore Ctrl-C
        signal.signal(stops, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        say("stopped.")
