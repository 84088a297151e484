"""The replay's post: what the units send arrives at the office, and the other way round, at simulated times."""

from datetime import UTC, datetime

import pytest

from phaseout.adapters.intake.maildir import MaildirIntake
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.post.city_post import LoopbackRefused, ReplayPost
from phaseout.adapters.post.composer import MailComposer
from phaseout.adapters.post.loopback import LoopbackPost
from phaseout.adapters.post.sender import SmtpSender
from phaseout.domain.letter import DispatchOutcome, LetterFile, LetterText

OFFICE = "office@gxt.example"
SENDERS = {"320100": ("甲市工业和信息化局", "jia@city.example"), "320200": ("乙市工业和信息化局", "yi@other.example")}
TABLE = LetterFile(name="表2 铁合金.xlsx", content=b"PK\x03\x04 not really")
NINE = datetime(2022, 8, 10, 1, 0, tzinfo=UTC)
TEN = datetime(2022, 8, 10, 2, 0, tzinfo=UTC)


def replay(home):
    with LoopbackPost(home, office_address=OFFICE, authserv_id="replay.example") as loopback:
        post = ReplayPost(port=loopback.port, office_address=OFFICE, senders=SENDERS)
        post.send("320200", subject="乙市表2", text="请查收。", files=[TABLE], at=TEN)
        post.send("320100", subject="甲市表2", text="请查收。", files=[TABLE], at=NINE)
        post.close()


def files_below(folder):
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_units_mail_arrives_when_it_was_written_and_is_vouched_for(tmp_path):
    replay(tmp_path)

    intake = MaildirIntake(tmp_path / "mailbox")
    waiting = intake.waiting()
    messages = [StrangersMail("replay.example").read(intake.read(arrival.ref)) for arrival in waiting]

    assert [arrival.arrived_at for arrival in waiting] == [NINE, TEN]
    assert [(m.sender, m.subject, m.is_authentic, m.automatic) for m in messages] == [
        ("jia@city.example", "甲市表2", True, None),
        ("yi@other.example", "乙市表2", True, None),
    ]
    assert messages[0].attachments[0].name == TABLE.name
    assert messages[0].attachments[0].content == TABLE.content
    assert messages[0].message_id != messages[1].message_id


def test_two_replays_leave_the_same_files(tmp_path):
    replay(tmp_path / "one")
    replay(tmp_path / "two")

    assert files_below(tmp_path / "one") == files_below(tmp_path / "two")
    assert len(files_below(tmp_path / "one")) == 2


def test_the_offices_letters_land_at_each_city(tmp_path):
    composer = MailComposer(sender_name="某省工业和信息化厅", sender_address=OFFICE)
    raw = composer.compose(
        LetterText(subject="回执", text="收悉。", html="<p>收悉。</p>"),
        recipient="jia@city.example",
        copy_to=("leader@city.example",),
        message_id="<a@gxt.example>",
        written_at=NINE,
        files=(),
        calendars=(),
        in_reply_to=None,
    )
    with LoopbackPost(tmp_path, office_address=OFFICE, authserv_id="replay.example") as loopback:
        sender = SmtpSender(host="127.0.0.1", port=loopback.port, sender=OFFICE, tls="none")
        assert sender.send(["jia@city.example", "leader@city.example"], raw) == (DispatchOutcome.SENT, "")
        assert sender.send(["../../x@city.example"], raw)[0] is DispatchOutcome.PERMANENT
        sender.close()

    for address in ("jia@city.example", "leader@city.example"):
        (letter,) = (tmp_path / "cities" / address / "new").iterdir()
        assert letter.read_bytes().endswith(raw)
    assert not (tmp_path / "mailbox").exists()


def test_the_same_bytes_twice_are_two_mails(tmp_path):
    with LoopbackPost(tmp_path, office_address=OFFICE, authserv_id="replay.example") as loopback:
        post = ReplayPost(port=loopback.port, office_address=OFFICE, senders=SENDERS)
        for _ in range(2):
            post.send("320100", subject="甲市表2", text="请查收。", files=[TABLE], at=NINE)
        post.close()

    assert len(MaildirIntake(tmp_path / "mailbox").waiting()) == 2


def test_a_mail_without_a_server_is_told(tmp_path):
    with LoopbackPost(tmp_path, office_address=OFFICE, authserv_id="replay.example") as loopback:
        post = ReplayPost(port=loopback.port, office_address=OFFICE, senders=SENDERS)

    with pytest.raises(LoopbackRefused, match="320100"):
        post.send("320100", subject="甲市表2", text="请查收。", files=[TABLE], at=NINE)
