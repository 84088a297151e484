"""A part is started, asked, and started again; real processes, a clock that the test moves."""

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from phaseout.cli.service.parts import Being, Kept, Part, Step
from phaseout.cli.service.patience import FAILURES
from phaseout.cli.service.supervisor import CannotServe, Supervisor
from phaseout.domain.calendar import CHINA
from phaseout.errors import TransientError
from tests.waiting import wait_for

NOON = datetime(2022, 6, 1, 12, tzinfo=CHINA)
STAYS = ["sleep", "600"]
ENDS = ["sh", "-c", "echo no database >&2; exit 1"]


class Office:
    """A part whose answers and needs a test sets, and what it says."""

    def __init__(self, folder):
        self.folder = folder
        self.is_answering = self.is_possible = True
        self.said = []
        self.before = []
        self.now = 0.0

    def kept(self, command, *, name="server", **more):
        part = Part(
            name=name,
            command=command,
            env=dict(os.environ),
            log=self.folder / f"{name}.log",
            answers=lambda _: self.is_answering,
            is_possible=lambda: self.is_possible,
            needs="waits for the server",
            before=lambda: self.before.append(self.now),
            **more,
        )
        return Kept(part, tell=self.said.append, clock=lambda: NOON)

    def step(self, kept, *, seconds=0.0):
        self.now += seconds
        kept.step(self.now)

    def step_until(self, kept, question, *, seconds=0.0):
        wait_for(lambda: self.step(kept, seconds=seconds) or question(), seconds=20, every=0.02)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.fixture
def server(office):
    kept = office.kept(STAYS)
    office.step(kept)
    office.step(kept)
    assert kept.is_up
    yield kept
    kept.end()


def test_a_part_that_answers_is_up(office, server):
    assert (server.being, server.restarts, server.since) == (Being.UP, 0, NOON)
    assert office.said == ["server is up"]


def test_a_part_that_is_killed_is_started_again_after_a_second(office, server):
    os.kill(server.process.pid, signal.SIGKILL)
    office.step_until(server, lambda: server.being is Being.WAITING)
    assert "ended (by SIGKILL); started again in 1 s" in office.said[-1]

    office.step(server, seconds=0.5)
    assert server.process is None
    office.step(server, seconds=0.6)
    office.step(server)

    assert (server.being, server.restarts) == (Being.UP, 1)
    assert office.said[-1] == "server is up again"


def test_what_a_killed_part_had_started_ends_with_it(office):
    kept = office.kept(["sh", "-c", "sleep 600 & echo $!; wait"])
    office.step(kept)
    wait_for((office.folder / "server.log").read_text)
    child = int((office.folder / "server.log").read_text())

    os.kill(kept.process.pid, signal.SIGKILL)
    office.step_until(kept, lambda: kept.process is None)

    wait_for(lambda: is_gone(child), seconds=10)


def is_gone(process):
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_part_that_falls_silent_is_ended_and_started_again(office, server):
    first = server.process.pid
    office.is_answering = False
    office.step(server, seconds=100)
    assert server.is_up

    office.step(server, seconds=100)
    office.is_answering = True
    office.step(server, seconds=2)
    office.step(server)

    assert "did not answer for 180 s" in office.said[1]
    assert server.is_up
    assert server.process.pid != first


def test_a_part_waits_for_what_it_needs_and_says_so_once(office):
    office.is_possible = False
    worker = office.kept(STAYS, name="worker")
    for _ in range(5):
        office.step(worker, seconds=2)

    assert office.said == ["worker waits for the server"]
    assert worker.process is None

    office.is_possible = True
    office.step(worker, seconds=2)
    office.step(worker)
    assert worker.is_up
    worker.end()


def test_what_is_done_once_is_not_done_again_after_a_kill_and_what_is_done_each_time_is(office):
    done = ["sh", "-c", f"echo deployed >> {office.folder / 'deployed'}"]
    worker = office.kept(STAYS, steps=(Step("deploying", lambda: done),))
    office.step_until(worker, lambda: worker.is_up)

    os.kill(worker.process.pid, signal.SIGKILL)
    office.step_until(worker, lambda: worker.restarts and worker.is_up, seconds=0.5)

    assert (office.folder / "deployed").read_text() == "deployed\n"
    assert len(office.before) == 2
    worker.end()


def test_a_server_that_does_not_answer_a_question_is_asked_later(office):
    def unanswered():
        office.before.append(office.now)
        if len(office.before) == 1:
            raise TransientError("no answer")
        return ()

    worker = office.kept(STAYS, steps=(Step("making the work pool", unanswered),))
    office.step(worker)
    assert (worker.being, worker.note) == (Being.WAITING, "no answer")

    office.step(worker, seconds=11)
    office.step_until(worker, lambda: worker.is_up)
    worker.end()


def test_a_part_that_cannot_be_kept_up_is_said_so_with_its_log_and_tried_every_ten_minutes(office):
    board = office.kept(ENDS, name="board")
    office.is_answering = False

    office.step_until(board, lambda: board.being is Being.FAILING, seconds=0.3)

    assert f"{FAILURES} failures within 10 minutes. Its log is {office.folder / 'board.log'}" in office.said[-1]
    assert "no database" in (office.folder / "board.log").read_text()
    tries = board.starts
    office.step(board, seconds=300)
    assert board.starts == tries
    office.step(board, seconds=301)
    assert board.starts == tries + 1
    board.end()


def supervised(*parts):
    return Supervisor(parts=parts, chores=[], when_up=lambda: None, show=lambda _: None)


def test_a_failing_board_takes_nothing_down(office):
    server, board = office.kept(STAYS), office.kept(ENDS, name="board")
    supervisor = supervised(server, board)

    def step():
        office.now += 0.3
        supervisor.step(office.now)

    wait_for(lambda: step() or board.being is Being.FAILING, seconds=20, every=0.02)

    assert server.is_up
    supervisor.end()
    assert server.process is None


def test_serving_is_given_up_when_the_server_never_comes_up(office):
    office.is_answering = False
    supervisor = supervised(office.kept(ENDS), office.kept(STAYS, name="board"))

    def step():
        office.now += 0.3
        supervisor.step(office.now)

    with pytest.raises(CannotServe, match=r"^serving is given up: the server ended \(exit code 1\), its log is"):
        wait_for(step, seconds=20, every=0.02)
    supervisor.end()
