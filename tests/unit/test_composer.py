"""The finished message: what is in it, that strangers' programs can read it, and that nothing slips into a header."""

import email
import email.policy
from datetime import UTC, datetime

import pytest

from phaseout.adapters.intake.headers import header_text
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.post.addresses import BadAddress, BadHeader
from phaseout.adapters.post.composer import MailComposer
from phaseout.domain.letter import LetterFile, LetterText

LONG_NAME = (
    "甲市2022年重点行业落后生产工艺装备关停淘汰落后生产工艺装备进展情况表（预填表，截至2022年8月30日）第二版.xlsx"
)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:报送\r\nEND:VCALENDAR\r\n".encode()
TEXT = LetterText(
    subject="【催报】2022年重点行业落后生产工艺装备排查和淘汰工作：排查汇总（表2）等3项尚未报送，2022年8月22日截止",
    text="甲市工业和信息化局：\n.\n　　请抓紧报送。\n",
    html="<p>请抓紧报送。</p>\n",
)
COMPOSER = MailComposer(sender_name="某省工业和信息化厅产业转型升级处", sender_address="office@gxt.example")


def compose(**changes):
    arguments = {
        "recipient": "city@city.example",
        "copy_to": ("box@city.example", "leader@city.example"),
        "message_id": "<0123456789abcdef@gxt.example>",
        "written_at": datetime(2022, 8, 22, 1, 0, tzinfo=UTC),
        "files": (LetterFile(name=LONG_NAME, content=bytes(range(256)) * 9), LetterFile(name="a.et", content=b"et")),
        "calendars": (CALENDAR,),
        "in_reply_to": None,
    } | changes
    return COMPOSER.compose(arguments.pop("text", TEXT), **arguments)


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_message_reads_back_as_it_was_written():
    message = parsed(compose())

    assert message["Subject"] == TEXT.subject
    raw = dict(email.message_from_bytes(compose()).raw_items())
    assert header_text(raw["From"]) == "某省工业和信息化厅产业转型升级处 <office@gxt.example>"
    assert message["To"] == "city@city.example"
    assert message["Cc"] == "box@city.example, leader@city.example"
    assert message["Date"] == "Mon, 22 Aug 2022 09:00:00 +0800"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == TEXT.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == TEXT.html
    attached = [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
    assert attached == [(LONG_NAME, bytes(range(256)) * 9), ("a.et", b"et"), ("日程提醒.ics", CALENDAR)]


def test_a_message_says_that_a_machine_wrote_it():
    message = parsed(compose())

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert StrangersMail("").read(compose()).automatic == "own mail"


def test_a_letter_that_somebody_sends_again_as_new_is_his_mail():
    letter = parsed(compose())
    letter.replace_header("Message-ID", "<1@city.example>")
    letter.replace_header("From", "gxj@city.example")

    read = StrangersMail("").read(letter.as_bytes())

    assert (read.sender, read.automatic) == ("gxj@city.example", None)


def test_the_calendar_entry_is_shown_and_can_be_opened():
    parts = {part.get_content_type(): part for part in parsed(compose()).walk()}

    assert parts["text/calendar"].get_param("method") == "PUBLISH"
    assert parts["application/ics"].get_content() == CALENDAR
    assert "text/calendar" not in {part.get_content_type() for part in parsed(compose(calendars=())).walk()}


def test_the_same_letter_is_the_same_bytes():
    assert compose() == compose()
    assert compose(message_id="<other@gxt.example>") != compose()


def test_lines_end_as_servers_want_them_and_are_short():
    raw = compose()

    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.splitlines()) <= 120
    assert raw.isascii()


def test_an_answer_belongs_to_the_thread_of_what_it_answers():
    message = parsed(compose(in_reply_to="<ABC.123$x@mail.city.example>"))

    assert message["In-Reply-To"] == message["References"] == "<ABC.123$x@mail.city.example>"
    assert message["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize(
    "theirs", ["", "no brackets", "<a b>", "<a>\r\nBcc: <b@c.example>", "<" + "x" * 999 + ">", "<号>"]
)
def test_a_strangers_odd_message_id_is_left_out(theirs):
    assert parsed(compose(in_reply_to=theirs))["In-Reply-To"] is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "city",
        "a@b@c.example",
        "city@city.example\r\nBcc: other@city.example",
        "city@city.example\n",
        "甲市@city.example",
        "City <city@city.example>",
        "city@city.example, other@city.example",
    ],
)
def test_what_is_not_one_plain_address_is_refused(address):
    with pytest.raises(BadAddress):
        compose(recipient=address)
    with pytest.raises(BadAddress):
        compose(copy_to=(address,))


@pytest.mark.parametrize("hostile", ["a\nBcc: x@y.example", "a\r\n\r\nbody", "a\x00b", "a\u2028b", "a\u202eb"])
def test_a_control_character_is_refused(hostile):
    with pytest.raises(BadHeader):
        compose(text=LetterText(subject=hostile, text="", html=""))
    with pytest.raises(BadHeader):
        compose(files=(LetterFile(name=hostile, content=b""),))
    with pytest.raises(BadHeader):
        compose(message_id=hostile)
    with pytest.raises(BadHeader):
        MailComposer(sender_name=hostile, sender_address="office@gxt.example")


SUMMARY, PROGRESS = "<thread-0a1b@gxt.example>", "<thread-9f8e@gxt.example>"


def test_a_letter_belongs_to_conversations_and_to_the_last_above_all():
    message = parsed(compose(threads=(SUMMARY, PROGRESS)))

    assert (message["In-Reply-To"], message["References"]) == (PROGRESS, f"{SUMMARY} {PROGRESS}")
    assert message["Auto-Submitted"] == "auto-generated"


def test_an_answer_belongs_to_the_conversation_and_to_the_mail_that_it_answers():
    message = parsed(compose(threads=(SUMMARY,), in_reply_to="<1@city.example>"))

    assert (message["In-Reply-To"], message["References"]) == ("<1@city.example>", f"{SUMMARY} <1@city.example>")
    assert message["Auto-Submitted"] == "auto-replied"


def test_a_letter_of_many_conversations_keeps_its_lines_short():
    many = [f"<thread-{number:024}@gxt.example>" for number in range(20)]

    assert parsed(compose(threads=many))["References"].split() == many
    assert max(len(line) for line in compose(threads=many).splitlines()) <= 120


@pytest.mark.parametrize("hostile", ["", "<a>\r\nBcc: <b@c.example>", "no brackets"])
def test_a_conversation_has_an_id_of_our_own(hostile):
    with pytest.raises(BadHeader):
        compose(threads=(hostile,))
