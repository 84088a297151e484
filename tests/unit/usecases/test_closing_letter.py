"""The closing letter (致谢及办结函) of a unit that has met all it owed: what was filed, and how its closures stand."""

from datetime import date

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from phaseout.usecases.exempt import exempt
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, DISMANTLED, SUZHOU, contact_form, progress, survey


@pytest.fixture
def done(small_office):
    """Return an office in which Suzhou filed some of what it owed and need not file the rest."""
    office = small_office
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    november = progress(DISMANTLED, as_of=date(2022, 11, 30), filled_on=date(2022, 11, 29))
    office.receive("2022-11-29 10:00", SUZHOU, ("十一月.xlsx", november))
    for owed in office.ledger.obligations(CAMPAIGN):
        is_owed = owed.unit == SUZHOU and owed.form is not None and owed.exempt is None
        if is_owed and not any(one.decision for one in office.ledger.submitted(CAMPAIGN).get(owed.id, ())):
            exempt(owed.id, by="王某", reason="已由省厅核定", as_of=at("2022-12-01 10:00"), ledger=office.ledger)
    return office


def closing(office):
    return [letter for letter in office.letters() if letter.kind is LetterKind.THANKS]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        pytest.param("2022-12-15", 0, id="on the last due date"),
        pytest.param("2022-12-16", 1, id="the day after"),
        pytest.param("2022-12-17", 0, id="a Saturday"),
        pytest.param("2022-12-19", 1, id="the Monday after"),
    ],
)
def test_the_letter_is_written_once_the_last_due_date_has_passed(done, day, count):
    done.remind(f"{day} 09:00")

    assert len(closing(done)) == count


def test_it_lists_what_was_filed_and_when_and_the_figures_of_closures(done):
    done.remind("2022-12-16 09:00")

    (letter,) = closing(done)
    text = done.text(letter)
    assert (letter.unit, letter.recipient) == (SUZHOU, "sunsl@suzhou.example")
    assert "工作联系人信息：《工作联系人信息》。2022年5月31日报送，当日审核通过。" in text
    assert "报告期2022年11月。2022年11月29日报送，当日审核通过。" in text
    assert "造纸。经同意免予报送。" in text
    assert "（报告期2022年11月），列入关停淘汰的装备共1项、2台（套），已全部完成关停淘汰。" in text
    assert "截止日期2022年12月15日" in letter.subject


def test_it_is_the_units_letter_of_the_day_and_written_once(done):
    done.remind("2022-12-16 09:00")
    done.deliver("2022-12-16 09:05")
    for day in ("2022-12-16 15:00", "2022-12-19 09:00", "2023-01-12 09:00"):
        done.remind(day)

    (letter,) = closing(done)
    assert letter.key == f"{CAMPAIGN}/{SUZHOU}/2022-12-16"
    assert done.unprompted(states=[LetterState.QUEUED, LetterState.DRAFT]) == []


def test_one_that_did_not_leave_on_its_day_is_written_anew(done):
    done.remind("2022-12-16 09:00")
    done.remind("2022-12-19 09:00")

    withdrawn, letter = closing(done)
    assert (withdrawn.state, letter.state, letter.day) == (
        LetterState.WITHDRAWN,
        LetterState.QUEUED,
        date(2022, 12, 19),
    )
