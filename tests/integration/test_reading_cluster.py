"""Reading on a Dask cluster (集群读取): the same readings, and a cluster that fails costs time and nothing else."""

import subprocess
import sys
from concurrent.futures import CancelledError
from dataclasses import asdict
from shutil import copytree

import pytest
from distributed import Client, LocalCluster
from prefect_dask.client import PrefectDaskClient

from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader.cluster import ClusterWorkbookReader
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.bootstrap import App
from phaseout.bootstrap.reading_cluster import BadDaskAddress, DaskMissing, address_of
from phaseout.domain.decision import Decision
from phaseout.domain.submission import Workbook
from phaseout.settings import Settings
from tasks.intake import joined_cluster
from tests.filled_forms import CAMPAIGN, contact_form
from tests.intake_home import OPENED, mail, open_home, put_mail, take_in

LIMITS = Limits(seconds=5)
FORM, DAMAGED = contact_form(), b"PK\x03\x04 and nothing more"
SUZHOU, XUZHOU = "320500", "320300"


@pytest.fixture(scope="module")
def address():
    """The address of a cluster of two processes."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two:
        yield two.scheduler_address


@pytest.fixture(scope="module")
def client(address):
    with Client(address, set_as_default=False) as line:
        yield line


class Counting(LimitedWorkbookReader):
    """A reader that knows how many workbooks it was given."""

    given = 0

    def read(self, content):
        self.given += 1
        return super().read(content)

    def read_ahead(self, contents):
        def counted():
            for content in contents:
                self.given += 1
                yield content

        return super().read_ahead(counted())


@pytest.fixture
def here():
    reader = Counting(LIMITS)
    yield reader
    reader.close()


@pytest.fixture
def archive(tmp_path):
    return FileArchive(tmp_path / "archive")


def readings(reader, contents):
    """Return all that was read of each workbook, or the code of its refusal."""
    return [asdict(one) if isinstance(one, Workbook) else one.code for one in reader.read_ahead(contents)]


def on(cluster, archive, here):
    return ClusterWorkbookReader(join=lambda: cluster, archive=archive, limits=LIMITS, here=here)


# On a cluster of two processes


def test_a_cluster_reads_what_we_would_read_and_refuses_nothing_by_its_word_alone(client, archive, here):
    drafts = [contact_form(remark=f"第{number}稿") for number in range(4)]
    contents = [*drafts * 10, DAMAGED, FORM]
    for content in contents:
        archive.put(content)

    found = readings(on(client, archive, here), iter(contents))

    assert here.given == 1  # the damaged one was looked at once more
    assert found == readings(here, contents)
    assert [isinstance(one, dict) for one in found] == [*[True] * 40, False, True]


def test_within_a_task_the_line_is_that_of_prefects_runner(address, tmp_path):
    app = App(Settings(home=tmp_path, dask_address=address))
    app.archive.put(FORM)

    with joined_cluster(app):
        assert isinstance(app.workbooks.join(), PrefectDaskClient)
        (read,) = readings(app.workbooks, [FORM])
    app.close()

    assert read["sheets"][0]["name"] == "工作联系人信息"


def test_what_is_not_in_the_archive_is_read_here(client, archive, here):
    assert readings(on(client, archive, here), [FORM]) == readings(here, [FORM])
    assert here.given == 2


@pytest.fixture
def waiting(tmp_path):
    """A home in whose mailbox an acceptable form, a faulty one and no form at all wait."""
    home = tmp_path / "waiting"
    open_home(home)
    files = {"suzhou": FORM, "xuzhou": contact_form(XUZHOU, contact_name=None), "wuxi": DAMAGED}
    for number, (unit, content) in enumerate(files.items()):
        raw = mail(f"gxj@{unit}.example", ("联系人.xlsx", content), message_id=f"m{number}")
        put_mail(home, f"{number}.mail", raw, at=OPENED)
    return home


def decided(home, **settings):
    """Take in what waits; return what became of it and what was found."""
    app = App(Settings(home=home, **settings))
    try:
        done = take_in(app, as_of=OPENED)
        filed = [(one.unit, one.decision, one.findings) for one in app.ledger.submissions(CAMPAIGN)]
        return done, filed, app.warehouse.content_hash()
    finally:
        app.close()


def test_decisions_and_findings_are_those_of_a_machine_by_itself(address, waiting, tmp_path):
    alone = decided(copytree(waiting, tmp_path / "alone"))
    on_cluster = decided(copytree(waiting, tmp_path / "cluster"), dask_address=address)

    assert on_cluster == alone
    done, filed, _ = alone
    assert (done.accepted, done.returned, done.refused) == (1, 1, 1)
    assert {unit: decision for unit, decision, _ in filed} == {SUZHOU: Decision.ACCEPTED, XUZHOU: Decision.RETURNED}


# When it fails


class Promised:
    """An answer of a cluster, or what it raises instead."""

    def __init__(self, *, workbook=None, error=None):
        self._workbook, self._error = workbook, error

    def result(self, timeout):  # noqa: ARG002 - as a cluster is asked
        if self._error is not None:
            raise self._error
        return self._workbook


class Ailing:
    """A cluster that does its work for some workbooks, and then no more."""

    def __init__(self, error, *, after):
        self._error, self._after, self.asked = error, after, 0

    def submit(self, do, /, *arguments, pure):  # noqa: ARG002 - as a cluster is asked
        self.asked += 1
        if self.asked <= self._after:
            return Promised(workbook=do(*arguments))
        return Promised(error=self._error)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(CancelledError("scheduler-connection-lost"), id="the scheduler has gone"),
        pytest.param(TimeoutError(), id="nobody answers"),
        pytest.param(OSError("no archive is mounted there"), id="its machines have another archive"),
        pytest.param(ModuleNotFoundError("phaseout"), id="its machines have no such program"),
    ],
)
def test_a_cluster_that_fails_in_mid_batch_changes_no_reading(archive, here, error):
    contents = [FORM] * 36
    archive.put(FORM)
    ailing = Ailing(error, after=16)

    found = readings(on(ailing, archive, here), contents)

    assert all(isinstance(one, dict) for one in found)
    assert here.given == 20
    assert found == readings(here, contents)


def test_a_cluster_that_cannot_be_joined_is_done_without(archive, here):
    def join():
        raise OSError("timed out")

    reader = ClusterWorkbookReader(join=join, archive=archive, limits=LIMITS, here=here)

    assert readings(reader, [FORM, DAMAGED, FORM]) == readings(here, [FORM, DAMAGED, FORM])


# The setting


def test_without_dask_the_setting_is_refused_in_words():
    with pytest.raises(DaskMissing, match=r"phaseout\[dask\]"):
        address_of(Settings(dask_address="tcp://127.0.0.1:8786"), find=lambda _: None)


@pytest.mark.parametrize("written", ["127.0.0.1:8786", "http://cluster.example", "tcp://"])
def test_what_is_no_address_is_refused(written):
    with pytest.raises(BadDaskAddress, match="PHASEOUT_DASK_ADDRESS"):
        address_of(Settings(dask_address=written))


def test_nothing_imports_dask_unless_it_is_chosen():
    looks = (
        "import sys; from phaseout import bootstrap as b; b.App(b.Settings()).workbooks; print('dask' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
