"""Re-planning (重新编排): a campaign is opened again after its data or the holidays have changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.outbox import ROUTINE
from phaseout.settings import PROJECT
from phaseout.usecases.extend import extend
from phaseout.usecases.open_campaign import (
    NobodyReplans,
    NotOpen,
    PlanDiffers,
    differences,
    open_campaign,
    replan,
)
from phaseout.usecases.tell_replanning import replanning_letters
from tests.unit.usecases.office import Office, TwoCities, at, calendar
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, progress, survey

SURVEY = f"{CAMPAIGN}/{SUZHOU}/summary/survey_summary/ferroalloy"
LATER = "2022-07-01 09:00"


class Changing(TwoCities):
    """The two cities' campaign, as somebody changes its data."""

    def __init__(self):
        super().__init__(PROJECT)
        self.change = lambda campaign: campaign

    def campaign(self, campaign):
        return self.change(super().campaign(campaign))


def due_later(campaign, *, milestone="summary", days=7):
    def later(one):
        terms = [replace(term, nominal_due=term.nominal_due + timedelta(days=days)) for term in one.terms]
        return replace(one, terms=tuple(terms))

    changed = [later(one) if one.id == milestone else one for one in campaign.milestones]
    return replace(campaign, milestones=tuple(changed))


def without_paper_industry(campaign):
    return replace(campaign, units=tuple(replace(unit, industries=("ferroalloy",)) for unit in campaign.units))


def with_leather(campaign):
    units = tuple(replace(unit, industries=("ferroalloy", "paper", "leather")) for unit in campaign.units)
    return replace(campaign, units=units)


@pytest.fixture
def office():
    own = Office(definitions=Changing())
    own.open()
    return own


def ports(office, days=None):
    return {"definitions": office.definitions, "calendar": days or calendar(), "ledger": office.ledger}


def rows(office, days=None):
    return list(differences(CAMPAIGN, as_of=at(LATER), **ports(office, days)).rows())


def plan_anew(office, *, by="周示例", reason="省厅通知改期", moment=LATER, days=None):
    return replan(CAMPAIGN, by=by, reason=reason, as_of=at(moment), **ports(office, days))


def of(office, obligation):
    return next((one for one in office.ledger.obligations(CAMPAIGN) if one.id == obligation), None)


def test_the_same_data_differs_in_nothing(office):
    assert rows(office) == []
    assert not plan_anew(office)


def test_a_moved_day_is_shown_field_by_field(office):
    office.definitions.change = due_later

    shown = [(row["field"], row["from"], row["to"]) for row in rows(office) if row["obligation"] == SURVEY]
    assert shown == [
        ("nominal_due", date(2022, 8, 12), date(2022, 8, 19)),
        ("due", date(2022, 8, 12), date(2022, 8, 19)),
        ("reminder_date", date(2022, 8, 11), date(2022, 8, 18)),
    ]
    assert {row["difference"] for row in rows(office)} == {"moved"}


def test_for_people_a_moved_day_is_one_line_for_all_units(office):
    office.definitions.change = due_later
    found = differences(CAMPAIGN, as_of=at(LATER), **ports(office))

    assert found.summed_up()[1] == {
        "difference": "moved",
        "milestone": "summary",
        "period": None,
        "field": "due",
        "from": date(2022, 8, 12),
        "to": date(2022, 8, 19),
        "units": 2,
    }
    assert [row["field"] for row in found.summed_up()] == ["nominal_due", "due", "reminder_date"]


def test_looking_at_the_difference_changes_nothing(office):
    office.definitions.change = due_later
    before = office.ledger.revision()
    rows(office)

    assert office.ledger.revision() == before


def test_opening_again_with_differences_needs_a_person(office):
    office.definitions.change = due_later
    before = office.ledger.revision()

    with pytest.raises(PlanDiffers, match=r"8 points: .*--by NAME --reason TEXT"):
        open_campaign(CAMPAIGN, as_of=at(LATER), **ports(office))
    assert office.ledger.revision() == before


def test_a_person_moves_the_day_and_reminders_start_anew(office):
    office.definitions.change = due_later
    plan_anew(office)

    assert (of(office, SURVEY).due, of(office, SURVEY).moves) == (date(2022, 8, 19), 1)
    assert rows(office) == []


def test_planned_twice_is_planned_once(office):
    office.definitions.change = due_later
    plan_anew(office)
    before = office.ledger.revision()

    assert not plan_anew(office, moment="2022-07-02 09:00")
    assert office.ledger.revision() == before


def test_an_industry_that_the_data_drops_is_owed_no_longer_nor_its_paper(office):
    office.definitions.change = without_paper_industry

    assert {(row["difference"], row["obligation"].partition("survey_summary/")[2]) for row in rows(office)} == {
        ("gone", "paper"),
        ("gone", "paper/paper"),
    }
    plan_anew(office)
    assert of(office, SURVEY.replace("ferroalloy", "paper")) is None
    assert rows(office) == []


def test_an_industry_that_the_data_takes_back_is_owed_again(office):
    office.definitions.change = without_paper_industry
    plan_anew(office)
    office.definitions.change = lambda campaign: campaign

    assert {row["difference"] for row in rows(office)} == {"new"}
    plan_anew(office, moment="2022-07-02 09:00")
    assert of(office, SURVEY.replace("ferroalloy", "paper")) is not None


def test_a_new_industry_is_owed_by_both_cities_with_its_paper(office):
    office.definitions.change = with_leather
    found = plan_anew(office)

    assert len(found.change.new) == 4
    assert of(office, SURVEY.replace("ferroalloy", "leather")) is not None


def test_a_later_day_that_a_person_has_granted_survives(office):
    extend(SURVEY, date(2022, 8, 26), by="周示例", reason="台风", as_of=at("2022-06-15 09:00"), ledger=office.ledger)
    office.definitions.change = due_later
    plan_anew(office)

    assert of(office, SURVEY).due == date(2022, 8, 26)
    assert rows(office) == []


def test_a_month_owed_for_open_items_is_neither_new_nor_gone(office):
    office.receive("2022-09-30 09:00", SUZHOU, ("表3.xlsx", progress(as_of=date(2022, 9, 30))))
    office.owe("2022-12-23 09:00")

    assert rows(office) == []


def test_holidays_that_are_published_later_move_what_they_move(office):
    published = calendar()
    eve = date(2022, 8, 11)
    days = WorkCalendar(years=published.years, working_days=tuple(day for day in published.working_days if day != eve))

    found = {(row["obligation"], row["field"], row["to"]) for row in rows(office, days)}
    assert (SURVEY, "reminder_date", date(2022, 8, 10)) in found
    plan_anew(office, days=days)
    assert of(office, SURVEY).moves == 0  # the day itself stayed


def test_a_changed_mailbox_is_a_difference(office):
    def moved(campaign):
        units = [
            replace(unit, mailbox="new@suzhou.example") if unit.code == SUZHOU else unit for unit in campaign.units
        ]
        return replace(campaign, units=tuple(units))

    office.definitions.change = moved

    assert [(row["difference"], row["field"], row["to"]) for row in rows(office)] == [
        ("contact", "unit_mailbox", "new@suzhou.example")
    ]
    plan_anew(office)
    known = {one.address for one in office.ledger.contacts(CAMPAIGN, as_of=at(LATER)) if one.role == "unit_mailbox"}
    assert "new@suzhou.example" in known
    assert rows(office) == []


def test_a_letter_that_names_the_old_day_is_withdrawn(office):
    office.remind("2022-08-03 09:00")  # seven working days before
    assert office.unprompted()
    office.definitions.change = due_later
    plan_anew(office, moment="2022-08-03 10:00")

    digests = [letter for letter in office.unprompted(states=()) if letter.kind in ROUTINE]
    assert [letter.state for letter in digests] == [LetterState.WITHDRAWN]


@pytest.mark.parametrize(("by", "reason"), [("", "改期"), ("周示例", " ")], ids=["nobody", "no reason"])
def test_a_plan_is_changed_by_a_person_with_a_reason(office, by, reason):
    with pytest.raises(NobodyReplans, match="--by NAME --reason TEXT"):
        plan_anew(office, by=by, reason=reason)


def test_what_was_never_opened_differs_in_nothing_that_could_be_said():
    with pytest.raises(NotOpen, match="campaign open jiangsu-2022"):
        rows(Office(definitions=Changing()))


# Who is told

ASKED, CHANGED = "2022-07-25 09:00", "2022-08-06 10:00"  # the second is a Saturday


def plan_and_tell(office, *, moment=CHANGED, days=None):
    """Plan anew, tell the units, and return the letters about it."""

    def tell(campaign, before):
        known = {"definitions": office.definitions, "ledger": office.ledger, "desk": office.desk, "as_of": at(moment)}
        return replanning_letters(before, campaign=campaign, **known)

    found = replan(CAMPAIGN, by="周示例", reason="省厅通知改期", as_of=at(moment), tell=tell, **ports(office, days))
    letters = [one for one in office.letters() if one.kind is LetterKind.EXTENSION and one.day == at(moment).date()]
    assert found.told <= len(letters)
    return letters


@pytest.fixture
def asked(office):
    """Return the office after it has asked both cities for their surveys."""
    office.remind(ASKED)
    office.deliver("2022-07-25 09:05")
    return office


def test_each_unit_that_was_asked_hears_of_the_new_day_in_one_letter_at_once(asked):
    asked.definitions.change = due_later
    letters = plan_and_tell(asked)

    keys = {letter.key for letter in letters}
    assert keys == {f"replanned/{CAMPAIGN}/{SUZHOU}/2022-08-06", f"replanned/{CAMPAIGN}/{WUXI}/2022-08-06"}
    (letter,) = [letter for letter in letters if letter.unit == SUZHOU]
    text = asked.text(letter)
    assert "原截止日期：2022年8月12日（星期五）" in text
    assert "现截止日期：2022年8月19日（星期五）" in text
    assert "行业：铁合金、造纸" in text
    assert "省厅通知改期" not in text  # the reason is the office's own
    asked.deliver("2022-08-06 10:05")
    assert letter.key in {one.key for one in asked.letters(LetterState.SENT)}


def test_its_calendar_entry_moves(asked):
    asked.definitions.change = due_later
    letter = plan_and_tell(asked)[0]

    (entry,) = [part for part in asked.message(letter).walk() if part.get_content_type() == "text/calendar"]
    assert "DTSTART;VALUE=DATE:20220819" in entry.get_content()


def test_who_was_not_asked_yet_hears_of_no_change(office):
    office.definitions.change = due_later

    assert plan_and_tell(office, moment=LATER) == []


def test_who_has_filed_hears_only_of_what_he_still_owes(asked):
    asked.receive("2022-08-05 10:00", SUZHOU, ("表2.xlsx", survey()))
    asked.definitions.change = due_later

    (letter,) = [letter for letter in plan_and_tell(asked) if letter.unit == SUZHOU]
    assert "行业：造纸" in asked.text(letter)


def test_a_plan_that_leaves_the_days_where_they_are_is_no_news(asked):
    extend(SURVEY, date(2022, 8, 26), by="周示例", reason="台风", as_of=at("2022-08-01 09:00"), ledger=asked.ledger)
    asked.definitions.change = due_later

    (letter,) = [letter for letter in plan_and_tell(asked) if letter.unit == SUZHOU]
    assert "铁合金" not in asked.text(letter)  # what a person granted is later still


def test_planned_anew_twice_a_day_the_second_day_is_told_too(asked):
    asked.definitions.change = due_later
    plan_and_tell(asked)
    asked.definitions.change = lambda campaign: due_later(campaign, days=14)

    letters = [letter for letter in plan_and_tell(asked, moment="2022-08-06 15:00") if letter.unit == SUZHOU]
    assert [letter.key.rpartition("/")[2] for letter in letters] == ["2022-08-06", "2"]
    assert "原截止日期：2022年8月19日" in asked.text(letters[1])
    assert "现截止日期：2022年8月26日" in asked.text(letters[1])
