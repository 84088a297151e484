"""Deletes, cancels and reruns flow runs as a person at their pages may: nothing is lost, nothing is sent twice.

`python -m tests.soak.meddling`. A real server, a real worker, real runs; the mail server is silent when it is told to.
"""

import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from phaseout.cli.processes import free_port, prefect_environment, prefect_server, program, running
from phaseout.cli.serving import deploy
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.submission import Outcome
from phaseout.settings import PROJECT
from tests.filled_forms import contact_form, put_into_inbox
from tests.intake_home import open_home, opened
from tests.smoke.prefect_api import Api
from tests.soak.smtp_sink import sink
from tests.waiting import wait_for

TEN = datetime(2022, 6, 1, 10, tzinfo=CHINA)
THREE_DAYS_LATE = datetime(2022, 6, 8, 9, tzinfo=CHINA)
WHEN_LEASES_HAVE_LAPSED = timedelta(minutes=20)
WORKER = [program("prefect"), "worker", "start", "--pool", "office", "--type", "process", "--limit", "4"]


class Line:
    """A port through which letters reach the mail server, unless it is silent."""

    def __init__(self, behind: int) -> None:
        self.is_silent = False
        self.is_used = threading.Event()
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            self.is_used.set()
            if self.is_silent:
                self._held.append(caller)
                continue
            server = socket.create_connection(("127.0.0.1", self._behind))
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class Office:
    """An office at work, and a person at its pages."""

    def __init__(self, home, api, line, server) -> None:
        self.home, self.api, self.line, self.server = home, api, line, server

    def start(self, name, *, at, **more):
        deployment = self.api.deployments()[name]
        body = {"parameters": {"as_of": at.isoformat(), **more}}
        return self.api.post(f"deployments/{deployment['id']}/create_flow_run", body)

    def work(self, name, *, at):
        """Run a flow to its end; return its state."""
        run = self.start(name, at=at)
        state = self.end_of(run)
        assert state["type"] == "COMPLETED", state
        return state

    def end_of(self, run):
        return wait_for(lambda: self.api.ended(run), seconds=180)

    def letters(self, kind):
        with opened(self.home) as app:
            return [one for one in app.ledger.letters() if one.letter.kind is kind]

    def waiting(self):
        with opened(self.home) as app:
            return len(app.ledger.pending(limit=100))

    def outcomes(self):
        with opened(self.home) as app:
            return [one.outcome for one in app.ledger.deliveries()]

    def check(self, *, answered):
        """See that everything that came was decided, and answered once."""
        assert self.outcomes() == [Outcome.ACCEPTED] * answered, self.outcomes()
        receipts = self.letters(LetterKind.RECEIPT)
        assert [one.letter.state for one in receipts] == [LetterState.SENT] * answered, receipts
        came = Counter(one.message_id for one in self.server.taken())
        assert set(came.values()) <= {1}, came
        assert {one.letter.message_id for one in receipts} <= came.keys()


def a_scheduled_run_is_deleted(office):
    deployment = office.api.deployments()["collect"]
    ahead = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00:00Z"}}}
    run = office.api.post(f"deployments/{deployment['id']}/create_flow_run", ahead)
    put_into_inbox(office.home, contact_form("320500"), unit_code="320500")

    office.api.delete(run)

    assert office.work("collect", at=TEN)["name"] == "收件 1"
    office.check(answered=1)


def a_run_is_cancelled_between_archive_and_decision(office):
    put_into_inbox(office.home, contact_form("320200"), unit_code="320200")
    with closing_soon(duckdb.connect(str(office.home / "warehouse.duckdb"))):  # nothing can be decided meanwhile
        run = office.start("collect", at=TEN + timedelta(hours=1))
        wait_for(lambda: office.waiting() == 1, seconds=120)
        office.api.cancel(run)
        assert office.end_of(run)["type"] == "CANCELLED"
    assert office.waiting() == 1

    office.work("collect", at=TEN + timedelta(hours=1) + WHEN_LEASES_HAVE_LAPSED)

    office.check(answered=2)


def a_run_is_cancelled_between_decision_and_letter(office):
    put_into_inbox(office.home, contact_form("320100"), unit_code="320100")
    office.line.is_silent = True
    office.line.is_used.clear()
    run = office.start("collect", at=TEN + timedelta(hours=2))
    assert office.line.is_used.wait(timeout=120)
    office.api.cancel(run)
    assert office.end_of(run)["type"] == "CANCELLED"
    assert len(office.letters(LetterKind.RECEIPT)) == 3
    office.line.is_silent = False

    office.work("deliver", at=TEN + timedelta(hours=2) + WHEN_LEASES_HAVE_LAPSED)

    office.check(answered=3)


def runs_that_ended_run_again(office):
    """Rerun what was cancelled and what was completed, from their pages."""
    runs = office.api.runs(office.api.deployments()["collect"], "COMPLETED", "CANCELLED")
    before = office.server.taken()
    for run in runs:  # one after the other: two at a time are one too many for the deployment
        office.api.run_again(run)
        wait_for(lambda run=run: (state := office.api.ended(run)) and state["id"] != run["state"]["id"], seconds=180)
        assert office.api.ended(run)["type"] == "COMPLETED", office.api.ended(run)

    assert office.server.taken() == before
    office.check(answered=3)


def a_run_that_waits_for_a_signature_is_deleted_and_another_cancelled(office):
    office.work("remind", at=THREE_DAYS_LATE)
    release = office.api.deployments()["release"]
    wait_for(lambda: len(office.api.runs(release, "PAUSED")) == DRAFTS, seconds=300, every=2)
    deleted, cancelled, decided, *_ = sorted(office.api.runs(release, "PAUSED"), key=lambda run: run["name"])

    office.api.delete(deleted)
    office.api.cancel(cancelled)
    command = ["letters", "withhold", str(decided["parameters"]["letter"]), "--by", "李示例", "--reason", "已电话沟通"]
    subprocess.run([program("phaseout"), *command], env=office.api.environment, check=True, cwd=PROJECT)
    office.work("remind", at=THREE_DAYS_LATE + timedelta(minutes=5))

    asked = Counter(
        run["parameters"]["letter"] for run in office.api.runs(release, "SCHEDULED", "PENDING", "RUNNING", "PAUSED")
    )
    drafts = {one.id for one in office.letters(LetterKind.SUPERVISION) if one.letter.state is LetterState.DRAFT}
    assert len(drafts) == DRAFTS - 1
    assert asked == Counter(drafts), asked  # each draft once, the two among them
    came = Counter(one.message_id for one in office.server.taken())
    assert set(came.values()) == {1}, came


DRAFTS = 10  # thirteen units, three of which have filed
MOMENTS = (
    a_scheduled_run_is_deleted,
    a_run_is_cancelled_between_archive_and_decision,
    a_run_is_cancelled_between_decision_and_letter,
    runs_that_ended_run_again,
    a_run_that_waits_for_a_signature_is_deleted_and_another_cancelled,
)


@contextmanager
def closing_soon(connection):
    try:
        yield
    finally:
        connection.close()


@contextmanager
def office_at(folder: Path):
    """Run server, worker and mail server for an office in a folder."""
    home = folder / "home"
    open_home(home)
    with opened(home) as app:
        app.warehouse.content_hash()  # there is a warehouse
    with ExitStack() as everything:
        server = everything.enter_context(sink(folder / "sink"))
        line = Line(server.port)
        env = prefect_environment(
            home,
            port=free_port(),
            PHASEOUT_SMTP_URL=f"smtp://127.0.0.1:{line.port}?tls=none",
            PHASEOUT_SMTP_PER_WINDOW="0",
            PHASEOUT_SMTP_PER_DAY="0",
            PHASEOUT_QUIET_HOURS="",
            PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED="false",
        )
        everything.enter_context(prefect_server(env, log=folder / "server.log"))
        deploy(env, project=PROJECT)
        everything.enter_context(running(WORKER, env=env, log=folder / "worker.log", cwd=PROJECT))
        api = Api(env["PREFECT_API_URL"])
        api.environment = env
        yield Office(home, api, line, server)


def main() -> None:
    """Meddle at every moment, in turn."""
    with tempfile.TemporaryDirectory() as folder, office_at(Path(folder)) as office:
        for moment in MOMENTS:
            moment(office)
            sys.stdout.write(f"{moment.__name__.replace('_', ' ')}: nothing lost, nothing twice\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
