"""Delivering (发件): what waits in the outbox leaves once, with a copy in `outgoing/`."""

import pytest

from phaseout.adapters.memory.post import MemorySender
from phaseout.domain.letter import DispatchOutcome, LetterState
from phaseout.domain.sending_terms import QuietHours, SendingTerms
from phaseout.usecases.deliver import Delivered, left_to_persons
from tests.unit.usecases.office import Office, at, calendar, two_cities
from tests.unit.usecases.papers import SUZHOU, WUXI, contact_form

OFFICE_HOURS = SendingTerms(quiet=QuietHours.parse("20:00-07:00"), calendar=calendar())
WUXI_MAIL, SUZHOU_MAIL = "gxj@wuxi.example", "gxj@suzhou.example"


@pytest.fixture
def outbox(small_office):
    """An office with one letter to Wuxi and one to Suzhou in the outbox, in this order."""
    small_office.remind("2022-05-20 09:00")
    return small_office


def states(office):
    return [(letter.unit, letter.state) for letter in office.letters()]


def test_each_letter_leaves_once_byte_for_byte(outbox):
    letters = outbox.letters()

    assert outbox.deliver("2022-05-20 09:05") == Delivered(sent=2, failed=0, withdrawn=0)
    assert outbox.deliver("2022-05-20 09:10") == Delivered(sent=0, failed=0, withdrawn=0)

    assert outbox.sender.sent == [
        ((WUXI_MAIL,), outbox.archive.get(letters[0].raw_sha256)),
        ((SUZHOU_MAIL,), outbox.archive.get(letters[1].raw_sha256)),
    ]
    assert states(outbox) == [(WUXI, LetterState.SENT), (SUZHOU, LetterState.SENT)]
    assert outbox.sender.is_closed


def test_a_copy_of_each_letter_is_kept_by_day_number_unit_and_kind(outbox):
    outbox.deliver("2022-05-20 09:05")

    assert list(outbox.outgoing.copies) == [
        "2022-05-20-000001-320200-request.eml",
        "2022-05-20-000002-320500-request.eml",
    ]
    assert list(outbox.outgoing.copies.values()) == [raw for _, raw in outbox.sender.sent]


def test_without_a_mail_server_the_copy_is_all_and_the_letter_counts_as_sent(outbox):
    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.FILED)
    outbox.sender.answer(SUZHOU_MAIL, DispatchOutcome.FILED)

    assert outbox.deliver("2022-05-20 09:05").sent == 2
    assert len(outbox.outgoing.copies) == 2


@pytest.mark.parametrize(
    ("outcome", "state", "again"),
    [
        pytest.param(DispatchOutcome.RETRY, LetterState.QUEUED, 1, id="a passing failure is tried again later"),
        pytest.param(DispatchOutcome.PERMANENT, LetterState.FAILED, 0, id="a refused address is not tried again"),
        pytest.param(DispatchOutcome.UNCERTAIN, LetterState.UNCERTAIN, 1, id="a cut line is tried once more"),
    ],
)
def test_one_letter_that_fails_does_not_keep_the_others(outbox, outcome, state, again):
    outbox.sender.answer(WUXI_MAIL, outcome, "451 try again")

    assert outbox.deliver("2022-05-20 09:05") == Delivered(sent=1, failed=1, withdrawn=0)
    assert states(outbox) == [(WUXI, state), (SUZHOU, LetterState.SENT)]

    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.SENT)
    assert outbox.deliver("2022-05-20 10:05").sent == again


@pytest.mark.parametrize("outcome", [DispatchOutcome.AUTH, DispatchOutcome.CONFIG])
def test_a_refused_login_pauses_the_whole_queue_and_no_letter_is_lost(outbox, outcome):
    outbox.sender.answer(WUXI_MAIL, outcome, "535 authentication failed")

    words = "535 authentication failed"
    assert outbox.deliver("2022-05-20 09:05") == Delivered(sent=0, failed=1, withdrawn=0, stopped=words)
    assert outbox.sender.sent == []
    assert outbox.sender.is_closed
    assert states(outbox) == [(WUXI, LetterState.QUEUED), (SUZHOU, LetterState.QUEUED)]

    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.SENT)
    assert outbox.deliver("2022-05-20 09:10").sent == 2


def test_a_server_that_is_not_there_is_asked_once_and_no_letter_is_lost(outbox):
    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.UNREACHABLE, "Connection refused")

    done = outbox.deliver("2022-05-20 09:05")

    assert done == Delivered(sent=0, failed=1, withdrawn=0, stopped="Connection refused", is_unreachable=True)
    assert states(outbox) == [(WUXI, LetterState.QUEUED), (SUZHOU, LetterState.QUEUED)]
    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.SENT)
    assert outbox.deliver("2022-05-20 09:06").sent == 2


def test_the_letters_that_no_machine_tries_again_are_left_to_persons(outbox):
    def left(moment):
        return dict(left_to_persons(outbox.ledger, as_of=at(moment)))

    assert left("2022-05-20 09:04") == {}
    outbox.sender.answer(WUXI_MAIL, DispatchOutcome.HELD, "554 DT:SPM")
    outbox.sender.answer(SUZHOU_MAIL, DispatchOutcome.UNCERTAIN, "line cut")
    outbox.deliver("2022-05-20 09:05")

    assert left("2022-05-20 09:06") == {LetterState.FAILED: 1}  # the other one is tried once more today
    assert left("2022-05-21 00:00") == {LetterState.FAILED: 1, LetterState.UNCERTAIN: 1}
    outbox.deliver("2022-05-20 09:15")
    assert left("2022-05-20 09:16") == {LetterState.FAILED: 1, LetterState.UNCERTAIN: 1}


def test_a_reminder_of_a_day_gone_by_is_withdrawn_not_sent(outbox):
    assert outbox.deliver("2022-05-23 00:05") == Delivered(sent=0, failed=0, withdrawn=2)
    assert outbox.sender.sent == []


def test_an_answer_leaves_whenever_it_can(small_office):
    office = small_office
    office.receive("2022-05-31 23:58", SUZHOU, ("联系人.xlsx", contact_form()))

    assert office.deliver("2022-06-02 09:00") == Delivered(sent=1, failed=0, withdrawn=0)


def test_answers_leave_before_reminders(outbox):
    outbox.receive("2022-05-20 09:02", SUZHOU, ("扫描件.pdf", b"%PDF-1.7"))

    outbox.deliver("2022-05-20 09:05")

    assert next(iter(outbox.outgoing.copies)) == "2022-05-20-000003-320500-return.eml"


class LineIsDead(Exception):
    """The connection broke in a way that nobody foresaw."""


class Breaking(MemorySender):
    def send(self, recipients, raw):  # noqa: ARG002 - the port's
        raise LineIsDead


def test_a_letter_in_hand_when_the_process_dies_leaves_with_those_behind_it_and_says_so():
    office = Office(definitions=two_cities(), sender=Breaking())
    office.open()
    office.remind("2022-05-20 09:00")
    with pytest.raises(LineIsDead):
        office.deliver("2022-05-20 09:05")
    assert office.sender.is_closed

    office.sender = MemorySender()
    assert office.deliver("2022-05-20 09:30").sent == 2
    assert [state for _, state in states(office)] == [LetterState.SENT, LetterState.SENT]
    notes = [record.note for record in office.ledger.letters()]
    assert notes == ["首次发送是否送达不明，已以同一邮件编号再发一次", ""]


class Slow:
    """Measures two minutes for each letter."""

    def __init__(self):
        self.seconds = 0

    def __call__(self):
        self.seconds += 120
        return self.seconds


def test_a_pass_that_lasts_leaves_the_rest_to_the_next_one(office):
    office.remind("2022-05-20 09:00")

    done = office.deliver("2022-05-20 09:05", clock=Slow())

    assert (done.sent, len(office.letters(LetterState.QUEUED))) == (2, 11)
    assert office.letters(LetterState.SENDING) == []
    assert office.deliver("2022-05-20 09:10").sent == 11


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        pytest.param("2022-05-20 19:59", 2, id="in the evening before the quiet hours"),
        pytest.param("2022-05-20 20:00", 0, id="when they begin"),
        pytest.param("2022-05-20 06:59", 0, id="just before they end"),
        pytest.param("2022-05-20 07:00", 2, id="when they end"),
    ],
)
def test_nobody_gets_a_letter_that_he_did_not_ask_for_in_quiet_hours(outbox, moment, left):
    assert outbox.deliver(moment, terms=OFFICE_HOURS).sent == left
    assert outbox.ledger.is_anything_queued(as_of=at(moment), terms=OFFICE_HOURS) is False


@pytest.mark.parametrize("moment", ["2022-05-20 23:30", "2022-05-21 10:00"], ids=["at night", "on a Saturday"])
def test_an_answer_leaves_at_any_hour_of_any_day(outbox, moment):
    outbox.receive("2022-05-20 23:28", SUZHOU, ("扫描件.pdf", b"%PDF-1.7"))

    outbox.deliver(moment, terms=OFFICE_HOURS)

    assert list(outbox.outgoing.copies) == ["2022-05-20-000003-320500-return.eml"]


def test_a_make_up_day_is_a_day_like_any_other(small_office):
    small_office.remind("2022-10-08 09:00")  # a Saturday on which offices were open

    assert small_office.deliver("2022-10-08 09:05", terms=OFFICE_HOURS).sent > 0


def test_more_letters_than_one_claim_takes_leave_in_one_pass(outbox):
    def copy(number, letter):
        return type(letter)(
            **{name: getattr(letter, name) for name in letter.__slots__} | {"key": f"more/{number}", "items": ()}
        )

    first = outbox.letters()[0]
    outbox.ledger.queue([copy(number, first) for number in range(150)])

    assert outbox.deliver("2022-05-20 09:05").sent == 152
    assert not outbox.ledger.is_anything_queued(as_of=at("2022-05-20 09:06"))
