"""Runs the office's machine: Prefect server, deployments, worker and the board's page, all on loopback."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from phaseout.cli.common import say
from phaseout.cli.processes import prefect_environment, prefect_server, program, running
from phaseout.errors import OperatorError


class DeploymentFailed(OperatorError):
    """Prefect did not take the deployments."""

    def __init__(self, *, command: str, words: str) -> None:
        super().__init__(f"{command} failed: {words.strip()[-600:]}")


def serve_in(home: Path, *, project: Path, port: int, board_port: int) -> None:
    """Serve until interrupted.

    Raises:
        ServerDidNotStart: the Prefect server did not come up.
        DeploymentFailed: the deployments of `prefect.yaml` were not taken.
    """
    env = prefect_environment(home, port=port, PREFECT_UI_URL=f"http://127.0.0.1:{port}")
    site = home / "published" / "site"
    site.mkdir(parents=True, exist_ok=True)
    say("starting the Prefect server …")
    with ExitStack() as everything:
        server = everything.enter_context(prefect_server(env, log=home / "prefect" / "server.log"))
        deploy(env, project=project)
        worker = [program("prefect"), "worker", "start", "--pool", "office", "--type", "process", "--limit", "2"]
        running_worker = everything.enter_context(
            running(worker, env=env, log=home / "prefect" / "worker.log", cwd=project)
        )
        board = [sys.executable, "-m", "http.server", str(board_port), "--bind", "127.0.0.1", "--directory", str(site)]
        everything.enter_context(running(board, env=env, log=home / "prefect" / "board.log"))
        say(f"flow runs  http://127.0.0.1:{port}")
        say(f"board      http://127.0.0.1:{board_port}")
        say("Ctrl-C stops all of it.")
        _wait(server, running_worker)


def deploy(env: Mapping[str, str], *, project: Path) -> None:
    """Create the work pool, deploy all of `prefect.yaml`, and delete what has left it."""
    for arguments in (
        ["work-pool", "create", "office", "--type", "process", "--overwrite"],
        ["--no-prompt", "deploy", "--all"],
    ):
        _run([program("prefect"), *arguments], env=env, project=project)
    _run([sys.executable, "-m", "deployments.prune"], env=env, project=project)


def _run(command: list[str], *, env: Mapping[str, str], project: Path) -> None:
    done = subprocess.run(  # noqa: S603  our own programs
        command, env=dict(env), cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DeploymentFailed(command=" ".join(command[1:]), words=done.stderr or done.stdout)


def _wait(*processes: "subprocess.Popen[str]") -> None:
    """Stay until Ctrl-C, or until a part ends."""
    try:
        while all(process.poll() is None for process in processes):
            try:
                processes[0].wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
    except KeyboardInterrupt:
        say("stopping …")
