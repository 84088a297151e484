"""Mailbox and inbox folder on a real file system: what clerks, browsers and Windows shares leave there."""

import os

import pytest

from phaseout.adapters.intake.inbox_folder import InboxFolder
from phaseout.adapters.intake.maildir import MaildirIntake


@pytest.fixture
def maildir(tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "320100").mkdir()
    return tmp_path


def folder_of(inbox):
    return InboxFolder(inbox, settle_seconds=0.01)


def names(intake):
    return [arrival.file_name for arrival in intake.waiting()]


def test_a_mail_keeps_its_ref_when_a_clerk_looks_at_it(maildir):
    (maildir / "new" / "1.a.host").write_bytes(b"mail")
    intake = MaildirIntake(maildir)
    (before,) = intake.waiting()

    (maildir / "new" / "1.a.host").rename(maildir / "cur" / "1.a.host:2,S")

    assert intake.read(before.ref) == b"mail"
    assert [arrival.ref for arrival in intake.waiting()] == [before.ref]
    assert MaildirIntake(maildir).read("1.a.host") == b"mail"


def test_a_mail_that_is_still_being_delivered_is_left_alone(maildir):
    (maildir / "tmp" / "1.a.host").write_bytes(b"half a ma")

    assert list(MaildirIntake(maildir).waiting()) == []
    assert MaildirIntake(maildir).read("1.a.host") is None


def test_a_mailbox_that_is_not_there_yet_is_empty(tmp_path):
    assert list(MaildirIntake(tmp_path / "none").waiting()) == []
    assert list(folder_of(tmp_path / "none").waiting()) == []


@pytest.mark.parametrize(
    "name",
    [".hidden.xlsx", "~$a.xlsx", "a.xlsx.part", "a.tmp", "a.xlsx.crdownload", "A.TMP"],
)
def test_what_is_not_finished_is_left_alone(inbox, name):
    (inbox / "320100" / name).write_bytes(b"content")

    assert names(folder_of(inbox)) == []


def test_empty_files_folders_links_and_pipes_are_left_alone(inbox, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.xlsx").write_bytes(b"secret")
    (inbox / "320100" / "empty.xlsx").touch()
    (inbox / "320100" / "folder.xlsx").mkdir()
    (inbox / "320100" / "link.xlsx").symlink_to(outside / "secret.xlsx")
    (inbox / "320200").symlink_to(outside)
    os.mkfifo(inbox / "320100" / "pipe.xlsx")

    assert names(folder_of(inbox)) == []


def test_a_file_beside_the_units_folders_is_a_delivery_of_no_unit_and_is_moved_like_any_other(inbox):
    (inbox / "320100" / "a.xlsx").write_bytes(b"of a unit")
    (inbox / "a.xlsx").write_bytes(b"of nobody yet")
    (inbox / "~$a.xlsx").write_bytes(b"an office program's own")
    folder = folder_of(inbox)
    loose, owned = sorted(folder.waiting(), key=lambda arrival: arrival.unit or "")

    assert [(one.unit, one.file_name) for one in (loose, owned)] == [(None, "a.xlsx"), ("320100", "a.xlsx")]
    assert (folder.read(loose.ref), folder.read(owned.ref)) == (b"of nobody yet", b"of a unit")

    folder.archived(loose.ref)

    assert (inbox / "已收" / "a.xlsx").read_bytes() == b"of nobody yet"
    assert list(folder.waiting()) == [owned]


def test_a_file_that_still_grows_waits_for_the_next_pass(inbox, monkeypatch):
    growing = inbox / "320100" / "a.xlsx"
    growing.write_bytes(b"half")
    intake = folder_of(inbox)
    with monkeypatch.context() as patch:
        patch.setattr("time.sleep", lambda _: growing.write_bytes(b"half and more"))
        assert names(intake) == []

    assert names(intake) == ["a.xlsx"]


def test_a_file_that_changed_after_the_look_is_another_delivery(inbox):
    (inbox / "320100" / "a.xlsx").write_bytes(b"one")
    intake = folder_of(inbox)
    (seen,) = intake.waiting()

    (inbox / "320100" / "a.xlsx").write_bytes(b"another")

    assert intake.read(seen.ref) is None
    intake.archived(seen.ref)
    (again,) = intake.waiting()
    assert again.ref != seen.ref
    assert intake.read(again.ref) == b"another"


def test_what_was_taken_before_is_never_replaced(inbox):
    intake = folder_of(inbox)
    for content in (b"one", b"two", b"three"):
        (inbox / "320100" / "表2.xlsx").write_bytes(content)
        intake.archived(intake.waiting()[0].ref)

    taken = {path.name: path.read_bytes() for path in (inbox / "320100" / "已收").iterdir()}
    assert taken == {"表2.xlsx": b"one", "表2(2).xlsx": b"two", "表2(3).xlsx": b"three"}
    assert names(intake) == []


class Overtaken(InboxFolder):
    """A collector that another one overtakes between its look at a file and its move."""

    meanwhile = staticmethod(lambda _: None)

    def _find(self, ref):
        found = super()._find(ref)
        self.meanwhile(ref)
        return found


def test_a_file_that_another_collector_has_moved_is_kept_once(inbox):
    (inbox / "320100" / "表2.xlsx").write_bytes(b"one")
    slow = Overtaken(inbox, settle_seconds=0.01)
    (arrival,) = slow.waiting()

    slow.meanwhile = folder_of(inbox).archived
    slow.archived(arrival.ref)

    assert [path.name for path in (inbox / "320100" / "已收").iterdir()] == ["表2.xlsx"]


def test_a_new_file_in_the_place_of_one_that_another_collector_has_moved_waits_for_the_next_pass(inbox):
    def move_and_put_another(ref):
        folder_of(inbox).archived(ref)
        (inbox / "320100" / "表2.xlsx").write_bytes(b"another")

    (inbox / "320100" / "表2.xlsx").write_bytes(b"one")
    slow = Overtaken(inbox, settle_seconds=0.01)
    (arrival,) = slow.waiting()

    slow.meanwhile = move_and_put_another
    slow.archived(arrival.ref)

    assert [path.read_bytes() for path in (inbox / "320100" / "已收").iterdir()] == [b"one"]
    assert (inbox / "320100" / "表2.xlsx").read_bytes() == b"another"


def test_a_file_that_a_pass_was_moving_when_it_died_is_not_kept_twice(inbox):
    intake = folder_of(inbox)
    (inbox / "320100" / "表2.xlsx").write_bytes(b"one")
    (inbox / "320100" / "已收").mkdir()
    (inbox / "320100" / "已收" / "表2.xlsx").hardlink_to(inbox / "320100" / "表2.xlsx")

    intake.archived(intake.waiting()[0].ref)

    assert [path.name for path in (inbox / "320100" / "已收").iterdir()] == ["表2.xlsx"]
    assert names(intake) == []


def test_a_name_in_gbk_is_shown_and_its_ref_can_be_written_down(inbox):
    raw = os.fsencode(inbox / "320100") + b"/" + "表2铁合金.xlsx".encode("gb18030")
    with open(raw, "wb") as file:  # noqa: PTH123  a path that is no text
        file.write(b"content")
    intake = folder_of(inbox)

    (arrival,) = intake.waiting()

    assert arrival.file_name == "表2铁合金.xlsx"
    assert arrival.ref.encode("utf-8")
    assert intake.read(arrival.ref) == b"content"
    intake.archived(arrival.ref)
    assert names(intake) == []


@pytest.mark.parametrize("ref", ["../320100/a.xlsx#7#1", "320100/../../etc/passwd#1#1", "", "no such thing"])
def test_a_ref_that_leads_elsewhere_reads_as_none(inbox, ref):
    assert folder_of(inbox).read(ref) is None
    assert MaildirIntake(inbox).read(ref) is None
