"""Collecting (收件): everything that arrives is archived and recorded before anything reads it."""

import pytest

from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.post import MemoryIntake
from phaseout.domain.submission import Channel
from phaseout.errors import TransientError
from phaseout.ports import NotFetched
from tests.unit.usecases.office import Office, at
from tests.unit.usecases.papers import SUZHOU

SCAN = b"whatever it is"


class DiskIsFull(OSError):
    """The archive's disk takes nothing more."""


class FullArchive(MemoryArchive):
    def put(self, content):  # noqa: ARG002 - the port's
        raise DiskIsFull


def recorded(office):
    return [record.delivery for record in office.ledger.deliveries()]


def test_a_delivery_is_recorded_with_its_bytes_in_the_archive(office):
    office.mail("2022-08-08 10:00", SUZHOU, ("表2.xlsx", SCAN))

    assert office.collect("2022-08-08 10:05") == 1

    (delivery,) = recorded(office)
    assert office.archive.get(delivery.sha256) == office.mailbox.read("uid-1")
    assert (delivery.channel, delivery.ref, delivery.unit) == (Channel.MAIL, "uid-1", None)


def test_a_delivery_is_archived_before_it_is_recorded():
    office = Office(archive=FullArchive())
    office.open()
    office.drop(SUZHOU, "表2.xlsx", SCAN)

    with pytest.raises(DiskIsFull):
        office.collect("2022-08-08 10:05")

    assert recorded(office) == []
    assert len(office.inbox.waiting()) == 1  # nothing was moved away


def test_a_file_leaves_the_inbox_folder_once_it_is_safe(office):
    office.drop(SUZHOU, "表2.xlsx", SCAN)

    office.collect("2022-08-08 10:05")

    (delivery,) = recorded(office)
    assert (delivery.unit, delivery.file_name) == (SUZHOU, "表2.xlsx")
    assert office.archive.get(delivery.sha256) == SCAN
    assert office.inbox.waiting() == ()


def test_the_same_arrival_is_collected_once(office):
    office.mail("2022-08-08 10:00", SUZHOU)

    assert [office.collect("2022-08-08 10:05"), office.collect("2022-08-08 10:10")] == [1, 0]
    assert len(recorded(office)) == 1


def test_a_file_that_was_recorded_but_not_moved_when_the_machine_died_is_moved_and_not_taken_again(office):
    office.drop(SUZHOU, "表2.xlsx", SCAN)
    office.collect("2022-08-08 10:05")
    office.inbox.put(SCAN, ref=f"{SUZHOU}/表2.xlsx#1", unit=SUZHOU, file_name="表2.xlsx")

    assert office.collect("2022-08-08 10:10") == 0
    assert office.inbox.waiting() == ()


class Wandering(MemoryIntake):
    """A folder from which a clerk takes a file while we look."""

    def read(self, ref):
        self.remove(ref)
        return super().read(ref)


def test_a_file_that_goes_while_we_look_is_no_delivery():
    office = Office(inbox=Wandering(Channel.FOLDER))
    office.open()
    office.drop(SUZHOU, "表2.xlsx", SCAN)

    assert office.collect("2022-08-08 10:05") == 0
    assert recorded(office) == []


class Faulty(MemoryIntake):
    """A mailbox at which one mail cannot be had, or whose line is cut at it."""

    def __init__(self, *, at, fault):
        super().__init__()
        self.at, self.fault = at, fault

    def read(self, ref):
        if ref == self.at:
            raise self.fault
        return super().read(ref)


class LineIsCut(TransientError):
    """Nothing more comes down this line."""


def test_a_mail_that_cannot_be_had_waits_alone():
    office = Office(mailbox=Faulty(at="uid-2", fault=NotFetched(position="UID 2")))
    office.open()
    for minute in (1, 2, 3):
        office.mail(f"2022-08-08 10:0{minute}", SUZHOU)

    assert office.collect("2022-08-08 10:05") == 2
    assert [delivery.ref for delivery in recorded(office)] == ["uid-1", "uid-3"]

    office.mailbox.at = None
    assert office.collect("2022-08-08 10:10") == 1


def test_a_cut_line_costs_the_mail_at_which_it_was_cut_and_keeps_no_other_place_waiting():
    office = Office(mailbox=Faulty(at="uid-2", fault=LineIsCut()))
    office.open()
    office.mail("2022-08-08 10:01", SUZHOU)
    office.mail("2022-08-08 10:02", SUZHOU)
    office.drop(SUZHOU, "表2.xlsx", SCAN)

    with pytest.raises(LineIsCut):
        office.collect("2022-08-08 10:05")

    assert [(delivery.channel, delivery.ref) for delivery in recorded(office)] == [
        (Channel.MAIL, "uid-1"),
        (Channel.FOLDER, f"{SUZHOU}/表2.xlsx#3"),
    ]


@pytest.mark.parametrize(
    ("received", "arrived"),
    [
        pytest.param("2022-08-12 23:58", "2022-08-12 23:58", id="the mailbox's time counts, not ours"),
        pytest.param("2022-08-14 09:00", "2022-08-13 00:05", id="a mailbox whose clock is ahead makes nobody late"),
    ],
)
def test_a_mail_arrived_when_the_mailbox_got_it_but_never_later_than_we_took_it(office, received, arrived):
    office.mail(received, SUZHOU)

    office.collect("2022-08-13 00:05")

    (delivery,) = recorded(office)
    assert (delivery.arrived_at, delivery.collected_at) == (at(arrived), at("2022-08-13 00:05"))


def test_a_file_in_a_folder_arrived_when_it_was_first_seen(office):
    office.drop(SUZHOU, "表2.xlsx", SCAN)

    office.collect("2022-08-12 17:00")

    assert recorded(office)[0].arrived_at == at("2022-08-12 17:00")


def test_the_same_bytes_in_two_places_are_two_deliveries(office):
    office.drop(SUZHOU, "表2.xlsx", SCAN)
    office.drop("320200", "表2.xlsx", SCAN)

    assert office.collect("2022-08-08 10:05") == 2
    assert len({delivery.id for delivery in recorded(office)}) == 2
