"""The contract of the archive (原件库), held by the memory twin and by the folder."""

import resource
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256

import pytest

from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.ports import ArchiveDamaged

CONTENT = "淘汰落后生产工艺装备情况调查汇总表".encode()
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(params=["memory", "folder"])
def archive(request, tmp_path):
    return MemoryArchive() if request.param == "memory" else FileArchive(tmp_path / "archive")


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(range(256)) * 4_000], ids=["text", "nothing", "a megabyte"])
def test_what_was_put_comes_back_by_its_hash(archive, content):
    digest = archive.put(content)

    assert digest == sha256(content).hexdigest()
    assert archive.get(digest) == content


def test_the_same_content_twice_has_the_same_hash(archive):
    assert archive.put(CONTENT) == archive.put(CONTENT) == DIGEST
    assert archive.get(DIGEST) == CONTENT


def test_what_was_never_put_cannot_be_got(archive):
    with pytest.raises(ArchiveDamaged, match=f"{DIGEST}.*not there"):
        archive.get(DIGEST)


def test_it_says_what_it_holds(archive):
    digests = {archive.put(content) for content in (CONTENT, b"", b"other")}

    assert set(archive.hashes()) == digests


# The folder alone


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


def kept_at(folder):
    return folder / DIGEST[:2] / DIGEST[2:4] / DIGEST


def test_content_lies_two_folders_deep_under_its_hash_and_nothing_is_left_beside_it(folder):
    FileArchive(folder).put(CONTENT)

    assert kept_at(folder).read_bytes() == CONTENT
    assert [path for path in folder.rglob("*") if path.is_file()] == [kept_at(folder)]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(CONTENT[:-1], id="cut short"),
        pytest.param(b"X" + CONTENT[1:], id="one byte changed"),
        pytest.param(b"", id="empty"),
    ],
)
def test_content_that_changed_on_the_disk_is_never_given_out_and_mended_by_putting_it_again(folder, damaged):
    archive = FileArchive(folder)
    archive.put(CONTENT)
    kept_at(folder).chmod(0o600)
    kept_at(folder).write_bytes(damaged)

    with pytest.raises(ArchiveDamaged, match=f"{DIGEST}.*changed"):
        archive.get(DIGEST)
    archive.put(CONTENT)
    assert archive.get(DIGEST) == CONTENT


def test_content_is_readable_by_its_owner_only(folder):
    FileArchive(folder).put(CONTENT)

    assert kept_at(folder).stat().st_mode & 0o077 == 0


@contextmanager
def full_disk():
    """Let no file grow beyond a kilobyte: the system refuses the rest, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:  # at once: pytest's own report may go to a file, too
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_fails_leaves_nothing_behind(folder):
    with full_disk(), pytest.raises(OSError, match="too large"):
        FileArchive(folder).put(bytes(100_000))

    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_many_may_put_the_same_content_at_once(folder):
    archive = FileArchive(folder)
    with ThreadPoolExecutor(8) as threads:
        digests = list(threads.map(lambda _: archive.put(CONTENT), range(64)))

    assert set(digests) == {DIGEST}
    assert archive.get(DIGEST) == CONTENT
    assert [path for path in folder.rglob("*") if path.is_file()] == [kept_at(folder)]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "abc", "AB" * 32, "ab" * 31 + "/."], ids=repr)
def test_a_name_that_is_no_hash_is_never_looked_up_as_a_path(archive, name):
    with pytest.raises(ArchiveDamaged, match="not there"):
        archive.get(name)
