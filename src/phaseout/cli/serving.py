"""Runs the office's machine: Prefect server, deployments, worker and the board's page, all on loopback."""

import fcntl
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from phaseout.cli.common import instant, say
from phaseout.cli.processes import alone, require_free
from phaseout.cli.service import PartName
from phaseout.cli.service.auth import auth_file, auth_string
from phaseout.cli.service.office import PARTS, Office, deploy_steps
from phaseout.cli.service.parts import Kept
from phaseout.cli.service.prefect_api import PrefectApi
from phaseout.cli.service.refusals import require_loopback, require_pins, require_room, require_worker_alone
from phaseout.cli.service.screen import Screen, screen
from phaseout.cli.service.supervisor import Supervisor, until_interrupted
from phaseout.cli.service.upkeep import LastLook, chores_of
from phaseout.errors import OperatorError, UsageError

STARTED = "Ctrl-C stops all of it."
PORTS = {PartName.SERVER: "--port", PartName.BOARD: "--board-port"}


class DeploymentFailed(OperatorError):
    """Prefect did not take the deployments."""

    def __init__(self, *, command: str, words: str) -> None:
        super().__init__(f"{command} failed: {words.strip()[-600:]}")


class HomeInUse(UsageError):
    """Another `serve`, or a replay, works in this home."""

    def __init__(self, *, home: Path, part: PartName | None = None) -> None:
        what = f"`phaseout serve --only {part}`" if part else "`phaseout serve` or a replay"
        super().__init__(f"another {what} is running in {home}")


def serve_in(office: Office, *, only: Sequence[PartName]) -> None:
    """Serve until interrupted: everything, or some parts only.

    Raises:
        BrokenPin: something is installed with which Prefect does not work.
        UnsafeBinding: others than this machine could reach it.
        NotTheOffice: another machine holds the warehouse, and is to be served whole.
        NoRoom: the disk is full.
        BadAuthString: others may read the file of the auth string, or it is none.
        HomeInUse: another `serve`, or a replay, works there.
        PortTaken: another program listens on one of the ports.
        CannotServe: the parts cannot be kept up.
    """
    require_pins()
    require_worker_alone(office.settings, only)
    require_loopback(office.host, environ=os.environ)
    require_room(office.local)
    auth_string(office.settings)
    names = [name for name in PARTS if not only or name in only]
    with until_interrupted(say), ExitStack() as everything:
        _hold(office, only=names if only else (), everything=everything)
        for name in names:
            if name in PORTS:
                port = office.port if name is PartName.SERVER else office.board_port
                require_free(port, option=PORTS[name], host=office.host)
        shown = everything.enter_context(screen(home=office.local, footer=footer(office, names)))
        _supervisor(office, names, shown).run()


def _hold(office: Office, *, only: Sequence[PartName], everything: ExitStack) -> None:
    """Hold the home: whole, or together with those who serve other parts of it."""
    if not only:
        everything.enter_context(alone(office.local, error=HomeInUse(home=office.home)))
        return
    everything.enter_context(alone(office.local, error=HomeInUse(home=office.home), how=fcntl.LOCK_SH))
    for part in only:
        error = HomeInUse(home=office.home, part=part)
        everything.enter_context(alone(office.local, error=error, name=f"{part}.lock"))


def footer(office: Office, names: Sequence[PartName]) -> Sequence[str]:
    """Return where to look, and how to stop."""
    lines = []
    if PartName.SERVER in names:
        lines.append(f"flow runs  {office.flow_runs_page}")
        where = "PHASEOUT_PREFECT_AUTH" if office.settings.prefect_auth else str(auth_file(office.settings))
        lines.append(f"           name and password: in {where}")
    if PartName.BOARD in names:
        lines.append(f"board      {office.board_page}")
    return (*lines, f"logs       {office.logs}", STARTED)


def _supervisor(office: Office, names: Sequence[PartName], shown: Screen) -> Supervisor:
    parts = [Kept(PARTS[name](office), tell=shown.tell, clock=partial(instant, None)) for name in names]
    seen = LastLook()

    return Supervisor(
        parts=parts,
        chores=chores_of(office, parts, seen=seen, tell=shown.tell),
        when_up=lambda: shown.tell_where(footer(office, names)),
        show=lambda now: shown.show(parts, seen.standing, now),
    )


def deploy(env: Mapping[str, str], *, project: Path) -> None:
    """Create the work pool, deploy all of `prefect.yaml`, and delete what has left it.

    Raises:
        DeploymentFailed: Prefect did not take it.
    """
    for step in deploy_steps(PrefectApi.of(env), project):
        command = list(step.command())
        if not command:
            continue
        done = subprocess.run(  # noqa: S603  our own programs
            command, env=dict(env), cwd=project, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise DeploymentFailed(command=" ".join(command[1:]), words=done.stderr or done.stdout)
