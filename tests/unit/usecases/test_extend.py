"""Extending (延期): a named person grants one unit a later due date, within the window."""

from datetime import date
from functools import partial

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.obligation import UnknownObligation
from phaseout.usecases.exempt import exempt
from phaseout.usecases.extend import DayGoneBy, NobodyGrants, NoExtension, NothingToExtend, extend
from phaseout.usecases.tell_decision import extension_letter
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, survey

SURVEY = f"{CAMPAIGN}/{SUZHOU}/summary/survey_summary/ferroalloy"


def grant(office, due, *, obligation=SURVEY, by="周示例", reason="台风", moment="2022-08-10 09:00"):
    extend(obligation, due, by=by, reason=reason, as_of=at(moment), ledger=office.ledger)


def due_of(office):
    return next(one.due for one in office.ledger.obligations(CAMPAIGN) if one.id == SURVEY)


@pytest.mark.parametrize(
    "due", [pytest.param(date(2022, 8, 13), id="next day"), pytest.param(date(2022, 12, 31), id="the close date")]
)
def test_a_later_due_date_within_the_window_is_granted(small_office, due):
    grant(small_office, due)

    assert due_of(small_office) == due


@pytest.mark.parametrize(
    "due",
    [
        pytest.param(date(2022, 8, 11), id="earlier"),
        pytest.param(date(2022, 8, 12), id="the same"),
        pytest.param(date(2023, 1, 1), id="after the close date"),
    ],
)
def test_any_other_day_is_refused_and_both_limits_are_named(small_office, due):
    with pytest.raises(NoExtension, match=f"extended to {due}: it is due on 2022-08-12 and closes on 2022-12-31"):
        grant(small_office, due)

    assert due_of(small_office) == date(2022, 8, 12)


def test_a_second_extension_counts_from_the_first(small_office):
    grant(small_office, date(2022, 8, 22))

    with pytest.raises(NoExtension, match="due on 2022-08-22"):
        grant(small_office, date(2022, 8, 19), moment="2022-08-11 09:00")
    grant(small_office, date(2022, 8, 26), moment="2022-08-11 10:00")

    assert due_of(small_office) == date(2022, 8, 26)


@pytest.mark.parametrize("name", ["", "  "], ids=["no name", "blanks"])
def test_nobody_is_not_a_person(small_office, name):
    with pytest.raises(NobodyGrants, match="--by NAME"):
        grant(small_office, date(2022, 8, 22), by=name)

    assert due_of(small_office) == date(2022, 8, 12)


@pytest.mark.parametrize("reason", ["", "  "], ids=["no reason", "blanks"])
def test_without_a_reason_nothing_is_granted(small_office, reason):
    with pytest.raises(NobodyGrants, match="--reason TEXT"):
        grant(small_office, date(2022, 8, 22), reason=reason)

    assert due_of(small_office) == date(2022, 8, 12)


def test_what_nobody_owes_cannot_be_extended(small_office):
    with pytest.raises(UnknownObligation, match="nobody"):
        grant(small_office, date(2022, 8, 22), obligation="nobody")


def told(office, due, *, moment="2022-08-10 20:30"):
    """Grant an extension and return the letter about it."""
    extend(
        SURVEY,
        due,
        by="周示例",
        reason="台风",
        as_of=at(moment),
        ledger=office.ledger,
        letter=partial(
            extension_letter,
            definitions=office.definitions,
            ledger=office.ledger,
            desk=office.desk,
            as_of=at(moment),
        ),
    )
    return office.letters()[-1]


def test_the_contact_is_told_of_the_old_day_and_the_new_one(small_office):
    small_office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))

    letter = told(small_office, date(2022, 8, 22))

    assert (letter.kind, letter.recipient, letter.unit) == (LetterKind.EXTENSION, "sunsl@suzhou.example", SUZHOU)
    assert letter.subject.endswith("企业生产工艺装备情况调查汇总（表2）铁合金，截止日期延至2022年8月22日")
    text = small_office.text(letter)
    assert "原截止日期：2022年8月12日（星期五）" in text
    assert "现截止日期：2022年8月22日（星期一）" in text
    assert "此前函件所列截止日期与本函不一致的，以本函为准" in text
    assert "台风" not in text  # the reason is the office's own


def test_the_letter_brings_the_calendar_entry_of_the_new_day(small_office):
    letter = told(small_office, date(2022, 8, 22))

    (entry,) = [part for part in small_office.message(letter).walk() if part.get_content_type() == "text/calendar"]
    assert "2022年8月22日截止：铁合金" in entry.get_content().replace("\r\n ", "")


def test_it_leaves_at_once_and_is_not_the_days_letter(small_office):
    told(small_office, date(2022, 8, 22), moment="2022-08-11 08:00")
    small_office.deliver("2022-08-11 08:01")
    small_office.remind("2022-08-11 09:00")

    assert [letter.kind for letter in small_office.letters(LetterState.SENT)] == [LetterKind.EXTENSION]
    assert [letter.kind for letter in small_office.unprompted()] == [LetterKind.OVERDUE]


def test_each_extension_is_told_once(small_office):
    told(small_office, date(2022, 8, 22))
    told(small_office, date(2022, 8, 26), moment="2022-08-11 10:00")

    keys = [letter.key for letter in small_office.letters()]
    assert keys == [f"extension/{SURVEY}/2022-08-22", f"extension/{SURVEY}/2022-08-26"]


@pytest.mark.parametrize(
    ("days", "before"),
    [
        pytest.param((date(2022, 8, 22),), "2022年8月12日", id="the first extension"),
        pytest.param((date(2022, 8, 19), date(2022, 8, 22)), "2022年8月19日", id="the second one"),
    ],
)
def test_granted_again_after_a_crash_before_the_letter_the_unit_is_told_after_all(small_office, days, before):
    for day in days:
        grant(small_office, day)  # the process died before it wrote
    assert small_office.letters() == []

    letter = told(small_office, date(2022, 8, 22))

    assert f"原截止日期：{before}" in small_office.text(letter)
    assert due_of(small_office) == date(2022, 8, 22)


def test_a_day_gone_by_is_no_extension(small_office):
    with pytest.raises(DayGoneBy, match=r"2022-08-16: .* gone by; name one from 2022-08-17 on"):
        grant(small_office, date(2022, 8, 16), moment="2022-08-17 09:00")

    assert due_of(small_office) == date(2022, 8, 12)


def test_after_the_due_date_a_day_to_come_is_granted(small_office):
    grant(small_office, date(2022, 8, 17), moment="2022-08-17 09:00")

    assert due_of(small_office) == date(2022, 8, 17)


def test_paper_is_due_no_earlier_than_its_file(small_office):
    grant(small_office, date(2022, 8, 22))

    dues = {one.id: one.due for one in small_office.ledger.obligations(CAMPAIGN)}
    assert dues[f"{SURVEY}/paper"] == date(2022, 8, 22)


def test_a_later_day_that_was_granted_for_the_paper_stays(small_office):
    grant(small_office, date(2022, 8, 26), obligation=f"{SURVEY}/paper")
    grant(small_office, date(2022, 8, 22), moment="2022-08-11 09:00")

    dues = {one.id: one.due for one in small_office.ledger.obligations(CAMPAIGN)}
    assert (dues[SURVEY], dues[f"{SURVEY}/paper"]) == (date(2022, 8, 22), date(2022, 8, 26))


# What nobody waits for


def test_a_goal_is_moved_with_the_plan_alone(small_office):
    with pytest.raises(NothingToExtend, match=rf"nothing is filed for it; .*`phaseout campaign open {CAMPAIGN} --by"):
        grant(small_office, date(2022, 12, 20), obligation=f"{CAMPAIGN}/{SUZHOU}/closure")


def test_what_is_accepted_cannot_come_later_but_its_paper_can(small_office):
    small_office.receive("2022-08-09 10:00", SUZHOU, ("表2.xlsx", survey()))

    with pytest.raises(NothingToExtend, match=f"it is met: .* extend {SURVEY}/paper$"):
        grant(small_office, date(2022, 8, 22))
    grant(small_office, date(2022, 8, 22), obligation=f"{SURVEY}/paper")
    due = {one.id: one.due for one in small_office.ledger.obligations(CAMPAIGN)}
    assert (due[SURVEY], due[f"{SURVEY}/paper"]) == (date(2022, 8, 12), date(2022, 8, 22))


def test_what_a_unit_is_exempt_from_is_owed_again_first(small_office):
    exempt(SURVEY, by="周示例", reason="无此行业", as_of=at("2022-08-09 09:00"), ledger=small_office.ledger)

    with pytest.raises(NothingToExtend, match=f"exempt from it; `phaseout waive --withdraw {SURVEY}"):
        grant(small_office, date(2022, 8, 22))


def test_the_same_extension_is_granted_and_told_once(small_office):
    told(small_office, date(2022, 8, 22))
    before = small_office.ledger.revision()
    again = "2022-08-11 10:00"

    assert not extend(
        SURVEY, date(2022, 8, 22), by="李示例", reason="台风", as_of=at(again), ledger=small_office.ledger
    )
    assert small_office.ledger.revision() == before
    assert len(small_office.letters()) == 1
