"""The parts of an office's machine: what each runs, what it needs, and how one knows that it works."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from phaseout.bootstrap import open_app
from phaseout.cli.common import instant, say
from phaseout.cli.processes import is_healthy, prefect_environment, program, server_command
from phaseout.cli.service import PartName
from phaseout.cli.service.auth import auth_string
from phaseout.cli.service.dead_runs import POOL, WORKER_NAME, clear_up, kill_orphans
from phaseout.cli.service.parts import Part, Step
from phaseout.cli.service.prefect_api import PrefectApi, PrefectSilent
from phaseout.settings import Settings

# The queues of what needs no warehouse, and of what does, the most urgent first.
ANYBODYS = ("default", "release")
QUEUES = ("default", "warehouse", "release")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where the service runs, and with what."""

    settings: Settings
    host: str
    port: int
    board_port: int

    @property
    def home(self) -> Path:
        """The folder that holds everything."""
        return self.settings.home.resolve()

    @property
    def local(self) -> Path:
        """The folder that is this machine's alone; the home, where it shares that with nobody."""
        return (self.settings.local or self.settings.home).resolve()

    @property
    def logs(self) -> Path:
        """Where the parts say what they do."""
        return self.local / "logs"

    @property
    def worker_name(self) -> str:
        """By which name the server knows the worker of this machine."""
        return WORKER_NAME if self.settings.holds_warehouse else f"{WORKER_NAME}-{os.uname().nodename}"

    @property
    def flow_runs_page(self) -> str:
        """Where flow runs are seen on this machine."""
        return f"http://{self.host}:{self.port}"

    @property
    def board_page(self) -> str:
        """Where the board is seen on this machine."""
        return f"http://{self.host}:{self.board_port}"

    def client_environment(self) -> dict[str, str]:
        """Return the environment of whatever asks the server, and of the flows."""
        return prefect_environment(
            self.home,
            port=self.port,
            host=self.host,
            PHASEOUT_LOCAL=str(self.local),
            PREFECT_HOME=str(self.local / "prefect"),
            # What a draft's run has shown to a person, another machine may need when he has decided.
            PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(self.home / "prefect" / "storage"),
            PREFECT_API_AUTH_STRING=auth_string(self.settings),
            PREFECT_UI_URL=self.settings.signing_page or self.flow_runs_page,
            PHASEOUT_BOARD_URL=self.settings.board_url or self.board_page,  # where the pages of runs lead to
        )

    def server_environment(self) -> dict[str, str]:
        """Return the environment of the server: closed, quiet, and small over a year."""
        pages = {self.flow_runs_page, *([self.settings.signing_page] if self.settings.signing_page else [])}
        return self.client_environment() | {
            "PREFECT_SERVER_API_AUTH_STRING": auth_string(self.settings),
            "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(sorted(page.rstrip("/") for page in pages)),
            # Hundreds of runs a day would stay for ever; the ledger keeps the facts.
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"P{self.settings.runs_kept}D",
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{self.settings.events_kept}D",
            # Two runs at a time: one that waits its turn for a minute is not late.
            "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "PT120S",
        }


def server_part(office: Office) -> Part:
    """Return the Prefect server."""
    env = office.server_environment()
    return Part(
        name=PartName.SERVER,
        command=server_command(env),
        env=env,
        log=office.logs / "server.log",
        answers=lambda _: is_healthy(env["PREFECT_API_URL"]),
    )


def board_part(office: Office) -> Part:
    """Return the web server of the board."""
    site = office.home / "published" / "site"
    page = office.settings.project / "data" / "pages" / "not_found.html"
    where = ["--host", office.host, "--port", str(office.board_port)]
    return Part(
        name=PartName.BOARD,
        command=[sys.executable, "-m", "deployments.board", str(site), *where, "--not-found", str(page)],
        env=_plain_environment(office.home),
        log=office.logs / "board.log",
        cwd=office.settings.project,
        answers=lambda _: _says_anything(office.board_page),
        before=lambda: site.mkdir(parents=True, exist_ok=True),
    )


def worker_part(office: Office) -> Part:
    """Return the worker, with what makes Prefect ready for it."""
    env = office.client_environment()
    api = PrefectApi.of(env)
    return Part(
        name=PartName.WORKER,
        command=worker_command(office),
        env=env,
        log=office.logs / "worker.log",
        cwd=office.settings.project,
        is_possible=lambda: is_healthy(env["PREFECT_API_URL"]),
        needs=f"waits for the server on port {office.port}",
        steps=_steps(office, api),
        before=lambda: _clear_up(office, api),
        after=lambda: _clear_up(office, api),
        answers=lambda started: _is_online(api, office.worker_name, since=started),
    )


def worker_command(office: Office) -> Sequence[str]:
    """Return what starts the worker; without the warehouse it leaves alone the queue of what needs that."""
    queues = () if office.settings.holds_warehouse else ANYBODYS
    return [
        *(program("prefect"), "worker", "start", "--pool", POOL, "--type", "process"),
        *("--limit", "2", "--name", office.worker_name),
        *(part for queue in queues for part in ("--work-queue", queue)),
    ]


def _steps(office: Office, api: PrefectApi) -> Sequence[Step]:
    if not office.settings.holds_warehouse:
        return ()  # the machine that does makes Prefect ready, for all
    return (
        Step("ending what an earlier worker left", lambda: _cleared_up(api, office.local)),
        *deploy_steps(api, office.settings.project),
        fresh_runs_step(),
    )


def _clear_up(office: Office, api: PrefectApi) -> None:
    """Make an end of what a worker of this machine left; of other machines' runs nothing is known here."""
    if office.settings.holds_warehouse:
        clear_up(api, office.local, as_of=instant(None))
    else:
        kill_orphans(office.local)


def deploy_steps(api: PrefectApi, project: Path) -> Sequence[Step]:
    """Return what makes Prefect know the work pool, our flows and our automations."""
    prefect = program("prefect")
    steps = [
        Step("making the work pool", lambda: make_pool(api)),
        Step("ordering its queues", lambda: order_queues(api)),
        Step("deploying the flows", lambda: [prefect, "--no-prompt", "deploy", "--all"]),
        Step("deleting deployments that are no more", lambda: _command("prune")),
    ]
    if _has_command(project, "automations"):
        steps.append(Step("applying the automations", lambda: _command("automations")))
    return tuple(steps)


def _cleared_up(api: PrefectApi, local: Path) -> Sequence[str]:
    clear_up(api, local, as_of=instant(None))
    return ()


def make_pool(api: PrefectApi) -> Sequence[str]:
    """Make the work pool, unless there is one; the worker fills in what its kind needs."""
    if not api.post("work_pools/filter", {"work_pools": {"name": {"any_": [POOL]}}}):
        api.post("work_pools/", {"name": POOL, "type": "process"})
    return ()


def order_queues(api: PrefectApi) -> Sequence[str]:
    """Let mail come first, then what needs the warehouse, and drafts that ask for a run last."""
    known = {one["name"]: one["priority"] for one in api.post(f"work_pools/{POOL}/queues/filter", {})}
    for priority, name in enumerate(QUEUES, start=1):
        if name not in known:
            api.post(f"work_pools/{POOL}/queues", {"name": name, "priority": priority})
        elif known[name] != priority:
            api.post(f"work_pools/{POOL}/queues/{name}", {"priority": priority}, method="PATCH")
    return ()


def fresh_runs_step() -> Step:
    """Return what asks for all that days without this machine owed."""
    return Step("asking for one run of each flow", lambda: _command("fresh_runs", *_opened()))


def _command(name: str, *arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", f"deployments.{name}", *arguments]


def _has_command(project: Path, name: str) -> bool:
    folder = project / "deployments"
    return (folder / f"{name}.py").exists() or (folder / name / "__main__.py").exists()


def _opened() -> Sequence[str]:
    with open_app() as app:
        opened = app.ledger.open_campaigns()
    if opened:
        say(f"open: {', '.join(opened)}")
    else:
        say("no campaign is open yet; open one with `phaseout campaign open CAMPAIGN`")
    return opened


def _is_online(api: PrefectApi, worker: str, *, since: datetime) -> bool:
    """Say whether the worker has given a sign of life; whoever cannot be asked is not the worker's fault."""
    try:
        workers = api.post(f"work_pools/{POOL}/workers/filter", {})
    except PrefectSilent:
        return True
    return any(
        one["name"] == worker
        and one["status"] == "ONLINE"
        and datetime.fromisoformat(one["last_heartbeat_time"]) >= since
        for one in workers
    )


def _says_anything(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=2):  # noqa: S310  our own loopback address
            return True
    except urllib.error.HTTPError:
        return True  # nothing is published yet
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _plain_environment(home: Path) -> dict[str, str]:
    """Return an environment without secrets, for a part that needs none."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PHASEOUT_"))}
    return kept | {"PHASEOUT_HOME": str(home)}


PARTS: Mapping[PartName, Callable[[Office], Part]] = {
    PartName.SERVER: server_part,
    PartName.WORKER: worker_part,
    PartName.BOARD: board_part,
}
