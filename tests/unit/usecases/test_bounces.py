"""Bounces (退信): which letter came back is known, the office is asked to act, and nobody is answered."""

import pytest

from phaseout.domain.letter import DispatchOutcome
from phaseout.domain.submission import Outcome
from phaseout.domain.todo import Pressing, Todo
from phaseout.usecases.publish.waiting import Waiting, bounced_todos
from tests.odd_mails import OUR_LETTER, bounce
from tests.unit.usecases.office import MAILBOX, at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form

DAY = "2022-05-27 09:00"  # Suzhou is reminded of its contacts


@pytest.fixture
def reminded(small_office):
    """Return an office whose letter to Suzhou was sent."""
    small_office.remind(DAY)
    small_office.deliver(DAY)
    return small_office


def letter_to(office, unit=SUZHOU):
    return next(record for record in office.ledger.letters() if record.letter.unit == unit)


def comes_back(office, record, *, moment="2022-05-27 09:10", **how):
    how = {"recipient": record.letter.recipient.encode()} | how
    raw = bounce(**how).replace(OUR_LETTER, record.letter.message_id.encode())
    office.arrivals += 1
    office.mailbox.put(raw, ref=f"uid-{office.arrivals}", arrived_at=at(moment))
    office.collect(moment)
    office.assess(moment)


def todos(office, moment="2022-05-27 10:00"):
    campaign = office.definitions.campaign(CAMPAIGN)
    waiting = Waiting(campaign, office.ledger, at(moment))
    return list(bounced_todos(waiting, office.ledger.letters(CAMPAIGN)))


def test_the_office_is_asked_to_see_to_the_address(reminded):
    record = letter_to(reminded)
    comes_back(reminded, record)

    (todo,) = todos(reminded)
    assert todo == Todo(
        Pressing.SOON,
        "联系人邮箱退信",
        "苏州市",
        "发往登记邮箱的函件被退回（5.1.1）",
        at(DAY).date(),
        f"请电话核实邮箱，并请填报单位重新报送工作联系人信息，函件编号{record.id}",
        unit_code=SUZHOU,
    )
    assert [(one.letter, one.address) for one in reminded.ledger.bounced()] == [(record.id, MAILBOX[SUZHOU])]


def test_a_bounce_is_never_answered(reminded):
    before = len(reminded.letters())
    comes_back(reminded, letter_to(reminded))

    assert len(reminded.letters()) == before
    assert reminded.outcomes()[0][0] is Outcome.IGNORED


def test_what_is_only_delayed_is_nobodys_task(reminded):
    comes_back(reminded, letter_to(reminded), status=b"4.2.2", action=b"delayed")

    assert todos(reminded) == []
    assert len(reminded.ledger.bounced()) == 1


def test_a_later_letter_that_came_through_ends_the_task(reminded):
    comes_back(reminded, letter_to(reminded))
    reminded.remind("2022-05-31 09:00")
    reminded.deliver("2022-05-31 09:00")

    assert len(todos(reminded, "2022-05-31 10:00")) == 1  # it may still come back
    assert todos(reminded, "2022-06-01 10:00") == []


def test_an_address_that_was_replaced_is_nobodys_task(reminded):
    office = reminded
    office.receive("2022-05-28 09:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.remind("2022-07-27 09:00")
    office.deliver("2022-07-27 09:00")
    record = [one for one in office.ledger.letters() if one.letter.unit == SUZHOU][-1]
    assert record.letter.recipient not in MAILBOX.values()
    comes_back(office, record, moment="2022-07-27 09:10")
    assert len(todos(office, "2022-07-27 10:00")) == 1

    office.receive("2022-07-28 09:00", SUZHOU, ("联系人.xlsx", contact_form(email="new.shili@suzhou.example")))

    assert todos(office, "2022-07-28 10:00") == []


def test_a_bounce_of_no_letter_of_ours_is_kept_and_means_nothing(reminded):
    raw = bounce()
    reminded.mailbox.put(raw, ref="uid-99", arrived_at=at(DAY))
    reminded.collect(DAY)
    reminded.assess(DAY)

    assert todos(reminded) == []
    assert reminded.outcomes()[0][0] is Outcome.IGNORED


def test_a_letter_that_is_not_sent_did_not_come_through(reminded):
    comes_back(reminded, letter_to(reminded))
    reminded.sender.answer(MAILBOX[SUZHOU], DispatchOutcome.PERMANENT, "550")
    reminded.remind("2022-05-31 09:00")
    reminded.deliver("2022-05-31 09:00")

    assert len(todos(reminded, "2022-06-02 10:00")) == 1
