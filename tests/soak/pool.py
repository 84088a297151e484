"""Two machines' workers on one pool of a real Prefect server: each mail taken in once and answered once.

`python -m tests.soak.pool [--mails N] [--seconds N]`. The first holds the warehouse and is served whole but for the
board; the second is a worker alone, which is killed and started anew in the middle. The ledger is on PostgreSQL.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from phaseout.cli.processes import free_port, program, start
from phaseout.domain.submission import Outcome
from tests.filled_forms import contact_form
from tests.intake_home import CAMPAIGN, mail, put_mail
from tests.postgres_server import PostgresServer, programs
from tests.smoke.prefect_api import Api
from tests.smoke.served import environment, living
from tests.soak.smtp_sink import sink
from tests.soak.workers import ARRIVED, UNITS, Site, Told, open_site, wrong_with_intake, wrong_with_letters
from tests.waiting import wait_for

BATCHES = 6
SUBMITTED = re.compile(r"submitting flow run", re.IGNORECASE)


class Machine:
    """A machine that serves its part until it is ended."""

    def __init__(self, site: Site, name: str, port: int, *parts: str, holds_warehouse: bool) -> None:
        self.local = site.folder / name
        self.local.mkdir(exist_ok=True)
        self._env = environment(site.home) | {
            "PHASEOUT_LOCAL": str(self.local),
            "PHASEOUT_HOLDS_WAREHOUSE": str(holds_warehouse).lower(),
            "PHASEOUT_LEDGER_URL": site.ledger,
            "PHASEOUT_SMTP_URL": f"smtp://127.0.0.1:{site.smtp.port}?tls=none",
            "PHASEOUT_SMTP_PER_WINDOW": "0",
            "PHASEOUT_SMTP_PER_DAY": "0",
            "PHASEOUT_QUIET_HOURS": "",
        }
        only = [word for part in parts for word in ("--only", part)]
        self._command = [program("phaseout"), "serve", "--port", str(port), *only]
        self.start()

    def start(self) -> None:
        self.process = start(self._command, env=self._env, log=self.local / "serve.out", stdout=subprocess.DEVNULL)

    def flow_runs(self) -> dict[int, str]:
        """Return the processes of flow runs that work on this machine."""
        mark = f"PHASEOUT_LOCAL={self.local}".encode()
        found = {}
        for number, command in living(self.local.parent / "home").items():
            try:
                of_process = (Path("/proc") / number / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in of_process and any(one.startswith(b"PREFECT__FLOW_RUN_ID=") for one in of_process):
                found[int(number)] = command
        return found

    def kill(self) -> None:
        """Cut the machine's power."""
        mark = f"PHASEOUT_LOCAL={self.local}".encode()
        for number in living(self.local.parent / "home"):
            try:
                if mark in (Path("/proc") / number / "environ").read_bytes().split(b"\0"):
                    os.kill(int(number), signal.SIGKILL)
            except OSError:
                continue
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(90)
        self.kill()

    def runs_done(self) -> int:
        """Return how many flow runs its worker took."""
        log = self.local / "logs" / "worker.log"
        return len(SUBMITTED.findall(log.read_text("utf-8"))) if log.exists() else 0


@contextmanager
def machines(site: Site) -> Iterator[tuple[Machine, Machine, Api]]:
    """Start the office's machine and one beside it."""
    port = free_port()
    first = Machine(site, "worker-0", port, "server", "worker", holds_warehouse=True)
    second = None
    try:
        wait_for((site.home / "prefect-auth").exists, seconds=60)
        api = Api(f"http://127.0.0.1:{port}/api", auth=(site.home / "prefect-auth").read_text("ascii").strip())
        wait_for(lambda: api.is_healthy() and workers(api), seconds=240, every=1)
        second = Machine(site, "worker-1", port, "worker", holds_warehouse=False)
        wait_for(lambda: len(workers(api)) == 2, seconds=120, every=1)
        yield first, second, api
    finally:
        if second is not None:
            second.end()
        first.end()


def workers(api: Api) -> set[str]:
    """Return the workers of the pool that are there."""
    if not api.post("work_pools/filter", {"work_pools": {"name": {"any_": ["office"]}}}):
        return set()
    return {one["name"] for one in api.post("work_pools/office/workers/filter", {}) if one["status"] == "ONLINE"}


def run(site: Site, *, mails: int, seconds: float) -> Iterator[str]:
    """Let mail arrive while both work, and yield what is seen, and then what is wrong."""
    open_site(site, mails=0, arrive=lambda _number, _raw: None)
    with site.opened("worker-0") as app:
        senders = {unit.code: unit.mailbox for unit in app.definitions.campaign(CAMPAIGN).units}
    with machines(site) as (first, second, api):
        yield f"workers: {', '.join(sorted(workers(api)))}"
        queues = api.post("work_pools/office/queues/filter", {})
        yield f"queues: {', '.join(one['name'] for one in sorted(queues, key=lambda one: one['priority']))}"
        collect = api.deployments()["collect"]
        for batch in range(BATCHES):
            for number in range(batch, mails, BATCHES):
                unit = UNITS[number % len(UNITS)]
                raw = mail(
                    senders[unit], ("联系人.xlsx", contact_form(unit, remark=f"第{number}稿")), message_id=f"m{number}"
                )
                put_mail(site.home, f"{number}.mail", raw, at=ARRIVED + timedelta(seconds=number))
            for _ in range(2):  # as many as the schedule asks for in ten minutes
                api.post(f"deployments/{collect['id']}/create_flow_run", {})
            time.sleep(seconds / BATCHES)
            if batch == BATCHES // 2:
                yield f"second machine off, {len(second.flow_runs())} flow runs at work on it"
                second.kill()
                second.start()
        end = time.monotonic() + 900
        while not _is_done(site, mails=mails) and time.monotonic() < end:
            api.post(f"deployments/{collect['id']}/create_flow_run", {})
            time.sleep(15)
        names = {one["id"]: name for name, one in api.deployments().items()}
        ended = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}, "limit": 200}
        runs = [(names.get(one["deployment_id"]), one["state_type"]) for one in api.post("flow_runs/filter", ended)]
        shown = {f"{name} {state}": times for (name, state), times in sorted(Counter(runs).items(), key=str)}
        yield f"runs: {shown}"
        yield f"taken by the workers: {first.runs_done()} and {second.runs_done()}"
    told = Told()
    with site.opened("worker-0") as app:
        app.fill(app.warehouse)
        # A file of an inbox folder arrives now, years after the mails: of these some are overtaken by it.
        outcomes = (Outcome.ACCEPTED, Outcome.HELD)
        told.wrong += [
            *wrong_with_intake(app, mails=mails, outcomes=outcomes),
            *wrong_with_letters(app, site, told),
        ]
    if (second.local / "warehouse.duckdb").exists():
        told.wrong.append("the second machine has made a warehouse")
    yield f"{mails + len(UNITS)} deliveries, {told.again} letters tried again, {len(told.wrong)} wrong"
    yield from (f"  {line}" for line in told.wrong)


def _is_done(site: Site, *, mails: int) -> bool:
    with site.opened("looking", holds_warehouse=False) as app:
        is_in = len(app.ledger.deliveries()) == mails + len(UNITS) and not app.ledger.pending(limit=1)
        return is_in and all(record.letter.state == "sent" for record in app.ledger.letters())


def main() -> int:
    """Run from the command line; 1 when something was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers beside us end with us
    is_wrong = False
    found = programs()
    assert found is not None, "PostgreSQL is not installed"
    with (
        tempfile.TemporaryDirectory(prefix="pool-") as folder,
        PostgresServer(found) as server,
        sink(Path(folder) / "sink") as smtp,
    ):
        for line in run(Site(Path(folder), server.new_database(), smtp), mails=asked.mails, seconds=asked.seconds):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            is_wrong |= line.startswith("  ")
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
