"""Exempting (免报): a named person decides that one unit need not file one thing."""

from datetime import date
from functools import partial

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.obligation import Standing, UnknownObligation
from phaseout.domain.outbox import ROUTINE
from phaseout.usecases.exempt import AcceptedAlready, NobodyExempts, exempt, withdraw
from phaseout.usecases.tell_decision import exemption_letter
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, survey

SURVEY = "320500/summary/survey_summary/ferroalloy"
LATE = "2022-09-01 09:00"


def grant(office, *, obligation=f"{CAMPAIGN}/{SURVEY}", by="周示例", reason="全市无此行业", moment="2022-08-10 09:00"):
    return exempt(obligation, by=by, reason=reason, as_of=at(moment), ledger=office.ledger)


def take_back(office, *, by="李示例", reason="有误", moment="2022-08-11 09:00"):
    return withdraw(f"{CAMPAIGN}/{SURVEY}", by=by, reason=reason, as_of=at(moment), ledger=office.ledger)


def told(office, act, *, moment):
    """Exempt or take it back with a letter, and return the letter."""
    letter = partial(
        exemption_letter, definitions=office.definitions, ledger=office.ledger, desk=office.desk, as_of=at(moment)
    )
    act(
        f"{CAMPAIGN}/{SURVEY}",
        by="周示例",
        reason="全市无此行业",
        as_of=at(moment),
        ledger=office.ledger,
        letter=letter,
    )
    return office.letters()[-1]


def entry_in(office, letter):
    (part,) = [part for part in office.message(letter).walk() if part.get_content_type() == "text/calendar"]
    return part.get_param("method"), part.get_content().replace("\r\n ", "")


def test_the_unit_is_told_at_once_that_it_need_not_file_and_later_that_it_must_again(small_office):
    small_office.remind("2022-08-03 09:00")

    letter = told(small_office, exempt, moment="2022-08-06 10:00")  # a Saturday: it leaves like an answer
    small_office.deliver("2022-08-06 10:05")
    assert (letter.kind, letter.unit, letter.subject[:6]) == (LetterKind.EXEMPTION, SUZHOU, "【免报通知】")
    assert "全市无此行业" not in small_office.text(letter)  # the reason is the office's own
    assert LetterKind.EXEMPTION in [one.kind for one in small_office.letters(LetterState.SENT)]

    again = told(small_office, withdraw, moment="2022-08-08 10:00")
    assert again.subject.startswith("【恢复报送通知】")
    assert "截止日期：2022年8月12日" in small_office.text(again)


def test_the_unit_is_told_after_all_when_the_run_that_took_it_back_died_before(small_office):
    told(small_office, exempt, moment="2022-08-06 10:00")
    take_back(small_office, moment="2022-08-08 10:00")  # without a letter

    again = told(small_office, withdraw, moment="2022-08-08 11:00")

    assert again.subject.startswith("【恢复报送通知】")
    assert len([one for one in small_office.letters() if one.kind is LetterKind.EXEMPTION]) == 2


def test_its_calendar_entry_changes_with_a_number_that_only_rises(small_office):
    small_office.remind("2022-08-03 09:00")
    numbers = []
    for act, moment in ((exempt, "2022-08-06 10:00"), (withdraw, "2022-08-08 10:00"), (exempt, "2022-08-09 10:00")):
        _, text = entry_in(small_office, told(small_office, act, moment=moment))
        numbers.append(int(text.partition("SEQUENCE:")[2].split()[0]))

    assert numbers == sorted(set(numbers))


def test_owed_again_it_is_reminded_again(small_office):
    small_office.remind("2022-08-11 09:00")
    small_office.deliver("2022-08-11 09:05")
    told(small_office, exempt, moment="2022-08-11 10:00")
    told(small_office, withdraw, moment="2022-08-11 11:00")

    small_office.remind("2022-08-12 09:00")
    (letter,) = [one for one in small_office.unprompted() if one.day == date(2022, 8, 12) and one.unit == SUZHOU]
    assert [item.version for item in letter.items if item.obligation == f"{CAMPAIGN}/{SURVEY}"] == [1]


def test_a_unit_is_exempt_from_the_file_and_its_paper(small_office):
    assert grant(small_office) == [f"{CAMPAIGN}/{SURVEY}", f"{CAMPAIGN}/{SURVEY}/paper"]

    for obligation in (SURVEY, f"{SURVEY}/paper"):
        view = small_office.view(obligation, LATE)
        assert (view.standing, view.days_late, view.is_owed) == (Standing.OPEN, 0, False)
        assert view.reason == "经周示例批准免报：全市无此行业"
        assert (view.exempt.by, view.exempt.since) == ("周示例", date(2022, 8, 10))


def test_before_it_was_granted_it_was_owed(small_office):
    grant(small_office, moment="2022-08-16 09:00")

    assert small_office.view(SURVEY, "2022-08-15 09:00").standing is Standing.LATE


def test_what_one_is_exempt_from_is_never_never_filed(small_office):
    grant(small_office)

    assert small_office.view(SURVEY, "2023-01-10 09:00").standing is Standing.OPEN


def test_it_is_not_written_about_any_more(small_office):
    small_office.remind("2022-08-03 09:00")
    grant(small_office, moment="2022-08-03 09:30")
    digests = [letter for letter in small_office.unprompted(states=()) if letter.kind in ROUTINE]
    assert [letter.state for letter in digests] == [LetterState.WITHDRAWN]

    small_office.remind("2022-08-04 09:00")
    (letter,) = small_office.unprompted()
    assert all(SURVEY not in item.obligation for item in letter.items)


def test_it_is_not_expected_where_filings_are_counted(small_office):
    before = {row.unit: row.expected for row in small_office.take_stock("summary", "2022-08-10 08:00").rows}
    grant(small_office)

    after = {row.unit: row.expected for row in small_office.take_stock("summary", "2022-08-10 09:00").rows}
    assert (before[SUZHOU], after[SUZHOU]) == (2, 1)


def test_exempt_twice_is_exempt_once(small_office):
    grant(small_office)
    revision = small_office.ledger.revision()

    assert grant(small_office, moment="2022-08-11 09:00") == []
    assert small_office.ledger.revision() == revision


def test_an_exemption_that_is_taken_back_leaves_it_owed(small_office):
    grant(small_office)

    assert take_back(small_office)
    assert not take_back(small_office, moment="2022-08-12 09:00")
    assert small_office.view(SURVEY, LATE).standing is Standing.LATE


def test_a_file_that_comes_all_the_same_is_taken(small_office):
    grant(small_office)
    small_office.receive("2022-08-11 09:00", SUZHOU, ("表2.xlsx", survey()))

    view = small_office.view(SURVEY, LATE)
    assert (view.standing, view.is_owed) == (Standing.ACCEPTED, False)


def test_nobody_needs_leave_not_to_file_what_is_accepted(small_office):
    small_office.receive("2022-08-08 09:00", SUZHOU, ("表2.xlsx", survey()))

    with pytest.raises(AcceptedAlready, match="is met"):
        grant(small_office)


def test_an_industry_called_paper_is_no_paper(small_office):
    # The industry 造纸 has the key paper: its file is not the paper of another one.
    grant(small_office, obligation=f"{CAMPAIGN}/320500/summary/survey_summary/paper")

    assert small_office.view(SURVEY, LATE).exempt is None


def test_nobody_is_exempt_from_what_nobody_owes(small_office):
    with pytest.raises(UnknownObligation, match="320999"):
        grant(small_office, obligation=f"{CAMPAIGN}/320999/inventory")


@pytest.mark.parametrize(("by", "reason"), [("", "无此行业"), ("周示例", " ")], ids=["nobody", "no reason"])
def test_an_exemption_needs_a_person_and_a_reason(small_office, by, reason):
    with pytest.raises(NobodyExempts):
        grant(small_office, by=by, reason=reason)
    with pytest.raises(NobodyExempts):
        take_back(small_office, by=by, reason=reason)
