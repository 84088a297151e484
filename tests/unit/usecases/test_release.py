"""Releasing (签发): a draft leaves when a named person says so, and not before."""

import pytest

from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.usecases.release import NobodySigned, NoSuchDraft
from tests.unit.usecases.office import Office, calendar, two_cities
from tests.unit.usecases.papers import SUZHOU, contact_form


def drafts(office):
    return list(office.ledger.letters(states={LetterState.DRAFT}))


@pytest.fixture
def drafted(small_office):
    """Return an office with a supervision letter to each of its cities that waits for release."""
    small_office.remind("2022-06-08 09:00")
    small_office.deliver("2022-06-08 09:05")
    small_office.sender.sent.clear()
    return small_office


def test_a_draft_waits_however_often_the_post_goes(drafted):
    assert drafted.deliver("2022-06-08 10:00").sent == 0
    assert drafted.deliver("2022-06-09 10:00").sent == 0
    assert len(drafts(drafted)) == 2


def test_a_released_draft_is_sent_with_the_next_post(drafted):
    to_wuxi, to_suzhou = drafts(drafted)

    released = drafted.release(to_suzhou.id, "2022-06-08 15:00")
    drafted.deliver("2022-06-08 15:05")

    assert released.letter.kind is LetterKind.SUPERVISION
    assert [recipients for recipients, _ in drafted.sender.sent] == [("lingdao@suzhou.example",)]
    assert [record.id for record in drafts(drafted)] == [to_wuxi.id]


def test_a_released_letter_leaves_on_another_day_too(drafted):
    drafted.release(drafts(drafted)[0].id, "2022-06-08 23:58")

    assert drafted.deliver("2022-06-09 00:05").sent == 1


def test_a_withheld_draft_stays_in_and_is_not_drafted_again(drafted):
    for draft in drafts(drafted):
        drafted.release(draft.id, "2022-06-08 15:00", is_released=False, reason="已电话沟通")

    assert drafted.deliver("2022-06-08 15:05").sent == 0
    assert drafted.remind("2022-06-09 09:00").drafts == 0
    assert {letter.state for letter in drafted.letters() if letter.kind is LetterKind.SUPERVISION} == {
        LetterState.WITHHELD
    }


@pytest.mark.parametrize("name", ["", "  "], ids=["no name", "blanks"])
def test_nobody_is_not_a_person(drafted, name):
    with pytest.raises(NobodySigned, match="--by NAME"):
        drafted.release(drafts(drafted)[0].id, "2022-06-08 15:00", by=name)

    assert len(drafts(drafted)) == 2


@pytest.mark.parametrize("is_released", [True, False], ids=["released", "withheld"])
def test_a_draft_is_decided_once(drafted, is_released):
    number = drafts(drafted)[0].id
    drafted.release(number, "2022-06-08 15:00", is_released=is_released)

    with pytest.raises(NoSuchDraft, match=f"letter {number} is no draft"):
        drafted.release(number, "2022-06-08 15:10")


def test_a_letter_that_is_no_draft_cannot_be_released(drafted):
    with pytest.raises(NoSuchDraft, match="letter 999"):
        drafted.release(999, "2022-06-08 15:00")


def test_a_file_that_arrives_first_takes_the_draft_back(drafted):
    drafted.receive("2022-06-08 14:00", SUZHOU, ("联系人.xlsx", contact_form()))

    (left,) = drafts(drafted)
    assert left.letter.unit != SUZHOU


class DecidedElsewhere(MemoryLedger):
    """A ledger in which a second officer is a moment faster."""

    def release(self, letter, **decision):
        super().release(letter, **decision | {"by": "吴示例"})
        return super().release(letter, **decision)


def test_of_two_officers_at_once_the_second_is_told_that_it_is_decided():
    office = Office(definitions=two_cities(), ledger=DecidedElsewhere(calendar=calendar()))
    office.open()
    office.remind("2022-06-08 09:00")

    with pytest.raises(NoSuchDraft):
        office.release(drafts(office)[0].id, "2022-06-08 15:00")
