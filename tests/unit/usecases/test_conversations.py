"""Conversations (邮件会话): a city's mail program shows all that is said about one form as one."""

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.threads import thread_of
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, survey

OURS = "<our-letter@phaseout.example>"


def thread(office, milestone, period=None):
    owed = office.ledger.obligations(CAMPAIGN)
    one = next(o for o in owed if (o.unit, o.milestone, o.period) == (SUZHOU, milestone, period))
    return thread_of(one, host="phaseout.example")


def headers(office, letter):
    message = office.message(letter)
    return message["In-Reply-To"], (message["References"] or "").split()


def test_request_reminder_and_overdue_letter_belong_to_one_conversation(small_office):
    office = small_office
    for day in ("2022-05-20", "2022-05-31", "2022-06-06"):
        office.remind(f"{day} 09:00")
        office.deliver(f"{day} 09:05")

    letters = office.unprompted(states=[LetterState.SENT])

    contact = thread(office, "contact_list")
    assert [letter.kind for letter in letters] == [LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE]
    assert [headers(office, letter)[0] for letter in letters] == [contact] * 3
    # The last one asks for the inventory as well; what is overdue comes last.
    assert headers(office, letters[2])[1] == [thread(office, "inventory"), contact]


def test_the_draft_of_a_supervision_letter_belongs_to_it_too(small_office):
    small_office.remind("2022-06-08 09:00")

    (draft,) = small_office.unprompted(states=[LetterState.DRAFT])
    assert headers(small_office, draft) == (
        thread(small_office, "contact_list"),
        [thread(small_office, "contact_list")],
    )


def test_an_unprompted_letter_is_no_reply_by_a_machine(small_office):
    small_office.remind("2022-05-20 09:00")

    (letter,) = small_office.unprompted()
    assert small_office.message(letter)["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        pytest.param(survey({}), LetterKind.RECEIPT, id="a receipt"),
        pytest.param(survey({"uscc": None}), LetterKind.RETURN, id="a return"),
    ],
)
def test_an_answer_belongs_to_the_conversation_and_answers_the_citys_mail(small_office, file, kind):
    office = small_office
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", file), message_id="<1@city.example>")

    (answer,) = office.answers()
    assert answer.kind is kind
    assert headers(office, answer) == ("<1@city.example>", [thread(office, "summary"), "<1@city.example>"])


def test_the_answer_to_the_same_bytes_belongs_to_the_same_conversation(small_office):
    office = small_office
    for number in (1, 2):
        office.receive(
            f"2022-08-08 1{number}:00", SUZHOU, ("铁合金.xlsx", survey({})), message_id=f"<{number}@city.example>"
        )

    assert headers(office, office.answers()[1])[1] == [thread(office, "summary"), "<2@city.example>"]


def test_a_reply_to_a_letter_of_ours_is_taken_in_like_any_mail(small_office):
    office = small_office
    office.remind("2022-05-20 09:00")
    (request,) = office.unprompted()
    quoted = [
        ("In-Reply-To", request.message_id),
        ("References", f"{headers(office, request)[0]} {request.message_id}"),
    ]

    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()), headers=quoted)

    assert [letter.kind for letter in office.answers()] == [LetterKind.RECEIPT]
