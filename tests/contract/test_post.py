"""The contract of the invented units' post (回放), held by the memory twin and by the loopback server."""

from datetime import UTC, datetime

import pytest

from phaseout.adapters.intake.maildir import MaildirIntake
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.memory.post import MemoryPost
from phaseout.adapters.post.city_post import ReplayPost
from phaseout.adapters.post.loopback import LoopbackPost
from phaseout.domain.letter import LetterFile

OFFICE = "office@gxt.example"
SENDERS = {"320100": ("甲市工业和信息化局", "jia@city.example"), "320200": ("乙市工业和信息化局", "yi@other.example")}
TABLE = LetterFile(name="表2 铁合金.xlsx", content=b"PK\x03\x04 not really")
NINE = datetime(2022, 8, 10, 1, 0, tzinfo=UTC)
TEN = datetime(2022, 8, 10, 2, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "loopback"])
def post(request, tmp_path):
    """Yield a post, and what the office finds: when, from whom, subject and files."""
    if request.param == "memory":
        memory = MemoryPost()
        yield (
            memory,
            lambda: [
                (mail.at, SENDERS[mail.unit][1], mail.subject, [(file.name, file.content) for file in mail.files])
                for mail in memory.posted
            ],
        )
        return
    with LoopbackPost(tmp_path, office_address=OFFICE, authserv_id="replay.example") as loopback:
        real = ReplayPost(port=loopback.port, office_address=OFFICE, senders=SENDERS)
        yield real, lambda: _arrived(MaildirIntake(tmp_path / "mailbox"))
        real.close()


def _arrived(mailbox):
    reader = StrangersMail("replay.example")
    messages = [(arrival.arrived_at, reader.read(mailbox.read(arrival.ref))) for arrival in mailbox.waiting()]
    return [
        (at, message.sender, message.subject, [(file.name, file.content) for file in message.attachments])
        for at, message in messages
    ]


def test_what_a_unit_writes_is_with_the_office_at_the_time_it_was_written(post):
    units, arrived = post

    units.send("320100", subject="甲市表2", text="请查收。", files=[TABLE], at=NINE)
    units.send("320200", subject="乙市无表", text="请查收。", files=[], at=TEN)

    assert arrived() == [
        (NINE, "jia@city.example", "甲市表2", [(TABLE.name, TABLE.content)]),
        (TEN, "yi@other.example", "乙市无表", []),
    ]
