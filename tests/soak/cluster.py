"""A Dask cluster that loses processes or its scheduler while it reads: every workbook is read all the same.

`python -m tests.soak.cluster [WORKBOOKS]`. Scheduler and workers are real programs on 127.0.0.1.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader import cluster as reading
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.bootstrap.reading_cluster import on_cluster
from phaseout.cli.processes import free_port, program, start, stop
from phaseout.domain.submission import Workbook
from phaseout.settings import Settings
from tests.filled_forms import contact_form
from tests.waiting import wait_for

UNITS = ("320500", "320200", "320600", "320100", "320300")
FAILS_AFTER = 40  # workbooks


class Cluster:
    """A scheduler and two workers with a process each."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        dask = program("dask")
        env = {"PATH": "/usr/bin:/bin", "DO_NOT_TRACK": "1"}
        quiet = ["--no-dashboard"]
        here = ["--host", "127.0.0.1"]
        self.scheduler = start(
            [dask, "scheduler", *here, "--port", str(port), *quiet], env=env, log=folder / "scheduler.log"
        )
        each = [dask, "worker", self.address, *here, "--nworkers", "1", "--nthreads", "1", *quiet]
        self.workers = [
            start([*each, "--local-directory", str(folder)], env=env, log=folder / f"worker-{number}.log")
            for number in range(2)
        ]
        log = folder / "scheduler.log"
        wait_for(lambda: log.read_text("utf-8").count("Register worker") == 2, seconds=60)

    def end(self) -> None:
        """Stop what still runs."""
        for process in (*self.workers, self.scheduler):
            stop(process)


def kill(process: "subprocess.Popen[str]") -> None:
    """End a program as the kernel does when memory runs out."""
    process.kill()
    process.wait()


# What goes while it reads.
FAULTS: dict[str, Callable[[Cluster], None]] = {
    "nothing fails": lambda _: None,
    "one of two workers is killed": lambda cluster: kill(cluster.workers[0]),
    "both workers are killed": lambda cluster: [kill(one) for one in cluster.workers] and None,
    "the scheduler is killed": lambda cluster: kill(cluster.scheduler),
}


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Run a cluster of one's own."""
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.end()


def read_with(cluster: Cluster, contents: Sequence[bytes], archive: FileArchive, fault: Callable[[Cluster], None]):
    """Read all on the cluster, which fails in the middle; return what was read, and how long it took."""
    begun = time.monotonic()
    here = LimitedWorkbookReader(Limits())
    with ExitStack() as opened:
        opened.callback(here.close)
        settings = Settings(dask_address=cluster.address)
        reader = on_cluster(settings, archive=archive, here=here, opened=opened)
        found = []
        for number, one in enumerate(reader.read_ahead(contents)):
            if number == FAILS_AFTER:
                fault(cluster)
            found.append(told(one))
        return found, time.monotonic() - begun


def told(one: object) -> object:
    """Return what can be compared of a reading."""
    return asdict(one) if isinstance(one, Workbook) else str(one)


def main() -> int:
    """Run from the command line; 1 when a reading is another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbooks", nargs="?", type=int, default=300)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL, format="  %(message)s")
    logging.getLogger(reading.__name__).setLevel(logging.WARNING)
    reading.PATIENCE = 5.0  # nobody waits a minute here
    contents = [contact_form(UNITS[number % 5], remark=f"第{number}稿") for number in range(asked.workbooks - 1)]
    contents.insert(asked.workbooks // 2, b"PK\x03\x04 and nothing more")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        archive = FileArchive(Path(folder) / "archive")
        for content in contents:
            archive.put(content)
        begun = time.monotonic()
        here = LimitedWorkbookReader(Limits())
        alone = [told(one) for one in here.read_ahead(contents)]
        here.close()
        sys.stdout.write(f"{'read here by one child':36} {time.monotonic() - begun:6.1f} s\n")
        for number, (name, fault) in enumerate(FAULTS.items()):
            with running(Path(folder) / str(number)) as cluster:
                found, seconds = read_with(cluster, contents, archive, fault)
            is_same = found == alone
            wrong += not is_same
            sys.stdout.write(f"{name:36} {seconds:6.1f} s  {'the same' if is_same else 'OTHER READINGS'}\n")
            sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
