"""`phaseout serve` as a person starts it, with what it says and what works for it."""

import os
import signal
import subprocess
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from phaseout.cli.processes import free_port, program
from phaseout.cli.serving import STARTED
from tests.smoke.prefect_api import Api
from tests.waiting import wait_for


def environment(home):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PHASEOUT_"))}
    return inherited | {"PHASEOUT_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def phaseout(home, *arguments, **more):
    return subprocess.run(
        [program("phaseout"), *arguments], env=environment(home) | more, capture_output=True, text=True, check=False
    )


def living(home):
    """Return the processes that work for a home: those with its name in their environment."""
    mark = f"PHASEOUT_HOME={home}".encode()
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):  # it ended while we looked, or is not ours
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[process.name] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


class Served:
    """A running `phaseout serve`."""

    def __init__(self, home, *arguments, **more):
        self.home = home
        self.port, self.board_port = free_port(), free_port()
        self.board = f"http://127.0.0.1:{self.board_port}/"
        self._words = home / "serve.out"
        ports = ["--port", str(self.port), "--board-port", str(self.board_port)]
        with self._words.open("w") as out:
            self.process = subprocess.Popen(
                [program("phaseout"), "serve", *ports, *arguments],
                env=environment(home) | more,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def words(self):
        return self._words.read_text("utf-8")

    @cached_property
    def api(self):
        """The server's API, as somebody asks it who has read the file."""
        return Api(self.api_url, auth=(self.home / "prefect-auth").read_text("ascii").strip())

    @property
    def api_url(self):
        return f"http://127.0.0.1:{self.port}/api"

    def wait_for_words(self, words, *, seconds=180, times=1):
        wait_for(lambda: self.words.count(words) >= times or self.process.poll() is not None, seconds=seconds)
        assert self.words.count(words) >= times, self.words

    def wait_until_started(self):
        self.wait_for_words(STARTED)

    def pids(self, of):
        """Return the processes of which a part consists, by words of their command."""
        return [int(process) for process, command in living(self.home).items() if of in command]

    def kill(self, of):
        """Kill a part, as the kernel does when memory runs out."""
        (pid,) = self.pids(of)
        os.kill(pid, signal.SIGKILL)

    def end(self):
        """End it politely; whatever a defect leaves behind is ended too."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
        for process in living(self.home):
            os.kill(int(process), signal.SIGKILL)
