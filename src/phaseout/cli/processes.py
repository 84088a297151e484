"""Starts and stops the programs beside us; none outlives the command that started it."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from phaseout.errors import OperatorError, PhaseoutError, UsageError

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 30
HERE = "127.0.0.1"


class PortTaken(UsageError):
    """Another program listens where we were to listen."""

    def __init__(self, *, port: int, option: str, host: str = HERE) -> None:
        self.port = port
        super().__init__(f"{host}:{port} is taken by another program; choose another port with {option}")


class ServerDidNotStart(OperatorError):
    """The Prefect server ended, or did not answer in time."""

    def __init__(self, *, log: Path) -> None:
        self.log = log
        super().__init__(f"the Prefect server did not start; its log is {log}")


def _end_as_asked(by: signal.Signals) -> None:
    """Ask the kernel to end this process by a signal when its parent dies, even by kill -9; heed Ctrl-C."""
    # A shell that starts us with `&` lets us ignore Ctrl-C, and so would this program; a Prefect worker stops by it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)


def prefect_environment(home: Path, *, port: int, host: str = HERE, **more: str) -> dict[str, str]:
    """Return the environment for Prefect's programs: own folder, loopback, nothing sent to the outside."""
    # Prefect works as we say here; what a user's shell holds of PREFECT_… is not ours.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return (
        inherited
        | {
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": f"http://{host}:{port}/api",
            "PREFECT_SERVER_API_HOST": host,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_UI_API_URL": "/api",
            "PREFECT_SERVER_UI_V2_ENABLED": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            # The whole calendar of the year ahead is to be seen, all months of the longest schedule included.
            "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
            "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "5",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
            "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
            "PHASEOUT_HOME": str(home),
            "PHASEOUT_LOCAL": str(home),  # by this a machine knows its own processes, where it shares the home
            "DO_NOT_TRACK": "1",
            "GX_ANALYTICS_ENABLED": "false",
            "TZ": "Asia/Shanghai",
        }
        | more
    )


def program(name: str) -> str:
    """Return the path of a program of our own environment."""
    return str(Path(sys.executable).with_name(name))


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(port: int, *, option: str, host: str = HERE) -> None:
    """Make sure that nobody listens on a port of this machine.

    Raises:
        PortTaken: somebody does; *option* names another.
    """
    with socket.socket() as probe:
        # What an earlier run left in TIME_WAIT is no listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port=port, option=option, host=host) from error


@contextmanager
def alone(home: Path, *, error: PhaseoutError, name: str = "home.lock", how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a home for a replay or for serving, or raise *error*; the kernel frees it when we die."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / name).open("w") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise error from taken
        yield


@contextmanager
def running(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
    stdout: int | None = None,
    orphan_signal: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[str]]:
    """Run a program beside us, its words in *log*; it is stopped at the end."""
    process = start(command, env=env, log=log, cwd=cwd, stdout=stdout, orphan_signal=orphan_signal)
    try:
        yield process
    finally:
        stop(process)


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
    stdout: int | None = None,
    orphan_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[str]:
    """Start a program beside us, its words in *log*; the kernel ends it when we die."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as words:
        return subprocess.Popen(  # noqa: S603  our own programs
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=words if stdout is None else stdout,
            stderr=words,
            text=True,
            start_new_session=True,  # Ctrl-C comes to us; we stop them in order
            preexec_fn=partial(_end_as_asked, orphan_signal),  # noqa: PLW1509  two system calls; this process has no threads yet
        )


def stop(process: subprocess.Popen[str]) -> None:
    """End a program that we started: politely, then not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def server_command(env: Mapping[str, str]) -> list[str]:
    """Return what starts the Prefect server that an environment describes."""
    where = ["--host", env["PREFECT_SERVER_API_HOST"], "--port", env["PREFECT_SERVER_API_PORT"]]
    return [program("prefect"), "server", "start", *where]


@contextmanager
def prefect_server(env: Mapping[str, str], *, log: Path, seconds: float = 90) -> Iterator[subprocess.Popen[str]]:
    """Run a Prefect server on loopback; yields once it answers.

    Raises:
        ServerDidNotStart: it ended, or did not answer within *seconds*.
    """
    with running(server_command(env), env=env, log=log) as process:
        wait_until(
            lambda: is_healthy(env["PREFECT_API_URL"]),
            process=process,
            seconds=seconds,
            error=ServerDidNotStart(log=log),
        )
        yield process


def is_healthy(api: str) -> bool:
    """Say whether a Prefect server answers."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status == 200)  # noqa: PLR2004  HTTP's own word for yes
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def wait_until(
    question: Callable[[], bool], *, process: subprocess.Popen[str], seconds: float, error: Exception
) -> None:
    """Ask until the answer is yes; raise *error* when the process ends or time is up."""
    end = time.monotonic() + seconds
    while not question():
        if process.poll() is not None or time.monotonic() > end:
            raise error
        time.sleep(0.2)
