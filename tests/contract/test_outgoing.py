"""The contract of the outgoing folder (发件副本), held by the memory twin and by the folder."""

import pytest

from phaseout.adapters.memory.post import MemoryOutgoing
from phaseout.adapters.outgoing_folder import OutgoingFolder

RAW = b"Subject: x\r\n\r\n\xc4\xe3\xba\xc3\r\n"
FIRST, SECOND = "2022-08-11-000001-320500-reminder.eml", "2022-08-11-000002-320500-receipt.eml"


@pytest.fixture(params=["memory", "folder"])
def kept(request, tmp_path):
    """Yield a place for copies and what lies in it."""
    if request.param == "memory":
        outgoing = MemoryOutgoing()
        return outgoing, lambda: outgoing.copies
    folder = tmp_path / "outgoing"
    return OutgoingFolder(folder), lambda: {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_copy_lies_under_its_name_byte_for_byte(kept):
    outgoing, copies = kept

    outgoing.keep(FIRST, RAW)
    outgoing.keep(SECOND, RAW + b"second")

    assert copies() == {FIRST: RAW, SECOND: RAW + b"second"}


def test_keeping_the_same_letter_again_changes_nothing(kept):
    outgoing, copies = kept

    outgoing.keep(FIRST, RAW)
    outgoing.keep(FIRST, RAW)

    assert copies() == {FIRST: RAW}
