"""Registering contacts (联系人登记): the office says who is written to; a list counts whole or not at all."""

from dataclasses import replace

import pytest

from phaseout.domain.contact_list import ContactLine
from phaseout.usecases.register_contacts import (
    NobodyRegistersContacts,
    SameInstant,
    WrongContacts,
    changed_contacts,
    completed,
    register_contacts,
)
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form

LINE = ContactLine(2, "苏州市", "联系人", "张示例", "zhang@suzhou.example", "0512-00000000")
LEADER = ContactLine(3, "苏州市工信局", "分管领导", "李示例", "li@suzhou.example", "")
SENDER = ContactLine(4, "320200", "发件人", "", "wu@wuxi.example", "")
JUNE = "2022-06-01 09:00"


def said(office, *, by="周示例", reason="来函更正", moment=JUNE):
    return {
        "by": by,
        "reason": reason,
        "as_of": at(moment),
        "definitions": office.definitions,
        "ledger": office.ledger,
    }


def register(office, *lines, **how):
    return register_contacts(CAMPAIGN, lines, **said(office, **how))


def address_of(office, role="contact", *, moment="2022-07-01 09:00", unit=SUZHOU):
    known = office.ledger.contacts(CAMPAIGN, as_of=at(moment))
    return [one.address for one in known if (one.unit, one.role) == (unit, role)]


def test_a_list_registers_each_line_with_who_and_why(small_office):
    register(small_office, LINE, LEADER, SENDER)

    known = {one.address: one for one in small_office.ledger.contacts(CAMPAIGN, as_of=at(JUNE)) if one.by}
    assert {(one.unit, one.role, one.name) for one in known.values()} == {
        (SUZHOU, "contact", "张示例"),
        (SUZHOU, "leader", "李示例"),
        ("320200", "sender", "无锡市工业和信息化局"),
    }
    assert {(one.by, one.reason) for one in known.values()} == {("周示例", "来函更正")}


def test_the_difference_is_shown_and_nothing_written(small_office):
    revision = small_office.ledger.revision()
    changes = changed_contacts(CAMPAIGN, [LINE, LEADER], **said(small_office))

    assert [(one.was.address if one.was else None, one.becomes.address) for one in changes] == [
        (None, "zhang@suzhou.example"),
        ("lingdao@suzhou.example", "li@suzhou.example"),
    ]
    assert small_office.ledger.revision() == revision


def test_what_is_registered_so_already_is_left_alone(small_office):
    register(small_office, LINE)
    revision = small_office.ledger.revision()

    assert register(small_office, LINE, moment="2022-06-02 09:00") == []
    assert small_office.ledger.revision() == revision


def test_letters_go_to_the_contact_that_was_registered(small_office):
    register(small_office, LINE)
    small_office.remind("2022-06-06 09:00")

    assert [letter.recipient for letter in small_office.unprompted()] == ["zhang@suzhou.example"]


def test_a_registered_sender_is_let_in(small_office):
    register(small_office, replace(SENDER, unit=SUZHOU, address="wu@suzhou.example"))
    small_office.receive("2022-06-02 10:00", "wu@suzhou.example", ("联系人.xlsx", contact_form()))

    assert [outcome.value for outcome, _ in small_office.outcomes()] == ["accepted"]


@pytest.mark.parametrize(
    ("acted", "arrived", "expected"),
    [
        pytest.param("2022-06-01 09:00", "2022-06-02 10:00", "sunsl@suzhou.example", id="the later contact form"),
        pytest.param("2022-06-03 09:00", "2022-06-02 10:00", "zhang@suzhou.example", id="the later act"),
    ],
)
def test_of_an_act_and_a_contact_form_the_later_counts(small_office, acted, arrived, expected):
    if acted < arrived:
        register(small_office, LINE, moment=acted)
    small_office.receive(arrived, SUZHOU, ("联系人.xlsx", contact_form()))
    if acted > arrived:
        register(small_office, LINE, moment=acted)

    assert address_of(small_office) == [expected]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(replace(LINE, unit="火星市"), "line 2: 填报单位 '火星市' is none", id="an unknown unit"),
        pytest.param(replace(LINE, role="经理"), "line 2: 角色 '经理' is none of 联系人", id="an unknown role"),
        pytest.param(replace(LINE, address=""), "line 2: 邮箱 '' is no address", id="no address"),
        pytest.param(replace(LINE, address="zhang@suzhou"), "is no address", id="an address without a domain"),
        pytest.param(replace(LINE, address="a@b.example, c@d.example"), "is no address", id="two addresses"),
        pytest.param(replace(LINE, address="a@b.example\nBcc: c@d.example"), "is no address", id="a header"),
        pytest.param(replace(LINE, phone="见名片"), "电话 '见名片' is no telephone number", id="no number"),
        pytest.param(replace(LINE, name="张\u202e示例"), "is no name", id="a name that reads backwards"),
        pytest.param(replace(LINE, line=9), "line 9: line 3 names the same unit and role", id="the same place twice"),
        pytest.param(
            replace(LINE, line=9, unit="无锡市"), "line 9: 邮箱 'zhang@suzhou.example' belongs", id="one address of two"
        ),
        pytest.param(
            replace(LINE, address="gxj@wuxi.example"), "belongs to the unit 320200", id="the address of another unit"
        ),
    ],
)
def test_one_wrong_line_and_nothing_is_registered(small_office, line, reason):
    right = (SENDER,) if line.line == 2 else (SENDER, replace(LINE, line=3))
    revision = small_office.ledger.revision()

    with pytest.raises(WrongContacts) as wrong:
        register(small_office, *right, line)
    assert reason in str(wrong.value)
    assert len(wrong.value.wrong) == 1
    assert small_office.ledger.revision() == revision


def test_what_is_not_said_of_one_contact_stays_as_it_is(small_office):
    register(small_office, LINE)
    asked = ContactLine(1, SUZHOU, "contact", "", "", "0512-11111111")
    line = completed(asked, CAMPAIGN, as_of=at("2022-06-02 09:00"), ledger=small_office.ledger)

    assert line == ContactLine(1, SUZHOU, "contact", "张示例", "zhang@suzhou.example", "0512-11111111")


def test_a_sender_that_is_added_takes_nothing_from_others(small_office):
    register(small_office, replace(SENDER, unit=SUZHOU, address="wu@suzhou.example"))
    asked = ContactLine(1, SUZHOU, "sender", "", "zheng@suzhou.example", "")
    line = completed(asked, CAMPAIGN, as_of=at("2022-06-02 09:00"), ledger=small_office.ledger)
    register(small_office, line, moment="2022-06-02 09:00")

    assert address_of(small_office, "sender") == ["wu@suzhou.example", "zheng@suzhou.example"]


def test_two_acts_at_one_instant_have_no_order(small_office):
    register(small_office, LINE)

    with pytest.raises(SameInstant, match="name a later --as-of"):
        register(small_office, replace(LINE, phone="0512-11111111"))


@pytest.mark.parametrize(("by", "reason"), [("", "更正"), ("周示例", " ")], ids=["nobody", "no reason"])
def test_contacts_are_registered_by_a_person_with_a_reason(small_office, by, reason):
    with pytest.raises(NobodyRegistersContacts):
        register(small_office, LINE, by=by, reason=reason)
