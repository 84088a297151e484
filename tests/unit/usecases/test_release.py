"""Releasing (签发): a draft leaves when a named person says so, and not before."""

import pytest

from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.outbox import UnknownLetter
from phaseout.usecases.release import AlreadyDecided, AnotherText, NobodySigned, NoSuchDraft
from tests.unit.usecases.office import Office, at, calendar, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form


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


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param(
            {"is_released": True},
            {"is_released": False},
            "it was released by 周示例 on 2022-06-08 at 15:00",
            id="withheld after its release",
        ),
        pytest.param(
            {"is_released": False},
            {"is_released": True},
            "it was withheld by 周示例 on 2022-06-08 at 15:00",
            id="released after it was withheld",
        ),
        pytest.param(
            {"is_released": True},
            {"is_released": True, "by": "吴示例"},
            "it was released by 周示例 on 2022-06-08 at 15:00",
            id="released by another person",
        ),
    ],
)
def test_a_decision_stands(drafted, first, second, said):
    number = drafts(drafted)[0].id
    drafted.release(number, "2022-06-08 15:00", **first)

    with pytest.raises(AlreadyDecided, match=f"letter {number} is no draft that waits for release: {said}"):
        drafted.release(number, "2022-06-08 15:10", **second)

    (approval,) = drafted.ledger.approvals(CAMPAIGN)
    assert (approval.is_released, approval.by) == (first["is_released"], "周示例")


@pytest.mark.parametrize("is_released", [True, False], ids=["released", "withheld"])
def test_the_same_decision_by_the_same_person_changes_nothing(drafted, is_released):
    number = drafts(drafted)[0].id
    drafted.release(number, "2022-06-08 15:00", is_released=is_released)

    drafted.release(number, "2022-06-08 15:10", is_released=is_released)

    (approval,) = drafted.ledger.approvals(CAMPAIGN)
    assert approval.at == at("2022-06-08 15:00")


def test_a_letter_that_needs_no_release_cannot_be_released(drafted):
    (receipt, *_) = [record for record in drafted.ledger.letters() if record.letter.kind is LetterKind.OVERDUE]

    with pytest.raises(NoSuchDraft, match=f"letter {receipt.id} is no draft that waits for release: it is sent"):
        drafted.release(receipt.id, "2022-06-08 15:00")


def test_a_letter_that_there_is_not_cannot_be_released(drafted):
    with pytest.raises(UnknownLetter, match="no letter 999"):
        drafted.release(999, "2022-06-08 15:00")


def test_only_the_text_that_was_shown_is_released(drafted):
    draft = drafts(drafted)[0]

    with pytest.raises(AnotherText, match="its text is not the one that was shown"):
        drafted.release(draft.id, "2022-06-08 15:00", shown="0" * 64)
    assert len(drafts(drafted)) == 2

    drafted.release(draft.id, "2022-06-08 15:00", shown=draft.letter.raw_sha256)
    assert len(drafts(drafted)) == 1


def test_a_draft_that_a_file_took_back_is_not_released(drafted):
    (of_suzhou,) = [draft for draft in drafts(drafted) if draft.letter.unit == SUZHOU]
    drafted.receive("2022-06-08 14:00", SUZHOU, ("联系人.xlsx", contact_form()))

    with pytest.raises(NoSuchDraft, match="a file has arrived meanwhile, or it was written anew"):
        drafted.release(of_suzhou.id, "2022-06-08 15:00")


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

    with pytest.raises(AlreadyDecided, match="released by 吴示例"):
        office.release(drafts(office)[0].id, "2022-06-08 15:00")
