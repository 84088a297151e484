"""Calendar entries on letters (日程): one a unit, milestone and period, that follows its obligations."""

from dataclasses import replace
from datetime import date
from functools import partial

import icalendar
import pytest

from phaseout.adapters.invitations import IcalInvitations
from phaseout.domain.deadline import deadlines_of, sharing
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.obligation import plan_obligations
from phaseout.usecases.extend import extend as grant
from phaseout.usecases.tell_decision import extension_letter
from phaseout.usecases.write_calendar import write_calendar
from tests.ical_rules import read
from tests.unit.usecases.office import Office, at, calendar, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, survey, survey_of

HOST = "phaseout.example"
CONTACT = f"{CAMPAIGN}-{SUZHOU}-contact_list@{HOST}"
SUMMARY = f"{CAMPAIGN}-{SUZHOU}-summary@{HOST}"
EVERY_STATE = tuple(LetterState)


def entries(office, letter):
    """Return method, UID, sequence and day of each entry on a letter, held to the standards."""
    return [_entry(raw) for raw in calendars(office, letter)]


def calendars(office, letter):
    """Return the calendar files of a letter, byte for byte."""
    parts = office.message(letter).walk()
    return [part.get_content() for part in parts if part.get_content_type() == "application/ics"]


def _entry(raw):
    read(raw)
    calendar = icalendar.Calendar.from_ical(raw)
    (event,) = calendar.events
    return str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"], event["DTSTART"].dt.isoformat()


def story(office):
    """Return kind and entries of every letter to Suzhou that carries one, oldest first."""
    told = [letter for letter in office.letters(*EVERY_STATE) if letter.unit == SUZHOU]
    return [(letter.kind, one) for letter in told for one in entries(office, letter)]


def send(office, moment):
    office.remind(moment)
    office.deliver(moment)


def extend(office, obligation, due, moment):
    writes = partial(
        extension_letter,
        definitions=office.definitions,
        ledger=office.ledger,
        desk=office.desk,
        as_of=at(moment),
    )
    whole = f"{CAMPAIGN}/{SUZHOU}/{obligation}"
    grant(whole, due, by="周示例", reason="台风", as_of=at(moment), ledger=office.ledger, letter=writes)


def through_the_contact_list(office):
    """Let Suzhou be asked, get an extension, file with a fault, and mend it."""
    send(office, "2022-05-20 09:00")
    extend(office, "contact_list/contact", date(2022, 6, 10), "2022-05-24 10:00")
    send(office, "2022-06-01 09:00")
    send(office, "2022-06-07 09:00")
    office.receive(
        "2022-06-08 10:00", SUZHOU, ("联系人.xlsx", contact_form(filled_on=date(2022, 6, 8), contact_name=None))
    )
    send(office, "2022-06-10 09:00")
    office.receive("2022-06-10 10:00", SUZHOU, ("联系人.xlsx", contact_form(filled_on=date(2022, 6, 10))))


def test_an_entry_keeps_its_id_and_its_sequence_rises_from_request_to_cancellation(small_office):
    through_the_contact_list(small_office)

    assert [one for one in story(small_office) if one[1][1] == CONTACT] == [
        (LetterKind.REQUEST, ("REQUEST", CONTACT, 0, "2022-06-03")),
        (LetterKind.EXTENSION, ("REQUEST", CONTACT, 2, "2022-06-10")),
        (LetterKind.REMINDER, ("REQUEST", CONTACT, 2, "2022-06-10")),
        (LetterKind.RECEIPT, ("CANCEL", CONTACT, 3, "2022-06-10")),
    ]


def test_the_same_story_is_the_same_bytes():
    def files():
        office = Office(definitions=two_cities())
        office.open()
        through_the_contact_list(office)
        return [raw for letter in office.letters(*EVERY_STATE) for raw in calendars(office, letter)]

    assert files() == files() != []


def test_the_entry_that_mail_programs_show_lies_ahead(small_office):
    send(small_office, "2022-06-06 09:00")  # the first letter, when the contact list is late already

    (letter,) = [one for one in small_office.letters(*EVERY_STATE) if one.unit == SUZHOU]

    assert [day for _, _, _, day in entries(small_office, letter)] == ["2022-07-30", "2022-06-03"]


def test_the_part_says_as_what_it_comes_and_is_not_a_text_to_read(small_office):
    office = small_office
    through_the_contact_list(office)

    methods = {}
    for letter in (one for one in office.letters(*EVERY_STATE) if one.unit == SUZHOU):
        for part in office.message(letter).walk():
            if part.get_content_type() == "text/calendar":
                assert part.get_param("charset") == "utf-8"
                assert part["Content-Transfer-Encoding"] == "base64"
                assert part.get_content().encode() in [
                    file.get_content() for file in office.message(letter).iter_attachments()
                ]
                methods.setdefault(letter.kind, part.get_param("method"))
                name = {"REQUEST": "日程提醒", "CANCEL": "取消日程"}[str(part.get_param("method"))]
                assert f"随函附日历文件“{name}”" in office.text(letter)
    assert methods[LetterKind.REQUEST] == "REQUEST"
    assert methods[LetterKind.RECEIPT] == "CANCEL"


def test_an_entry_stays_until_the_last_industry_is_in_and_moves_to_the_day_of_what_is_left(small_office):
    office = small_office
    send(office, "2022-07-25 09:00")
    extend(office, "summary/survey_summary/ferroalloy", date(2022, 8, 22), "2022-08-01 10:00")

    office.receive("2022-08-08 10:00", SUZHOU, ("造纸.xlsx", survey(industry="造纸")))
    office.receive("2022-08-15 10:00", SUZHOU, ("铁合金.xlsx", survey({}, filled_on=date(2022, 8, 12))))

    assert [one for _, one in story(office) if one[1] == SUMMARY] == [
        ("REQUEST", SUMMARY, 1, "2022-08-12"),
        ("REQUEST", SUMMARY, 3, "2022-08-12"),  # with the extension of one industry: the other is due as before
        ("REQUEST", SUMMARY, 4, "2022-08-22"),  # with the receipt of the one
        ("CANCEL", SUMMARY, 5, "2022-08-22"),  # and of the other
    ]


def test_all_industries_in_one_mail_cancel_once(small_office):
    office = small_office
    send(office, "2022-07-25 09:00")

    office.receive("2022-08-08 10:00", SUZHOU, ("汇总.xlsx", survey_of({"铁合金": [{}], "造纸": []})))

    assert [one for _, one in story(office) if one[1] == SUMMARY][1:] == [("CANCEL", SUMMARY, 3, "2022-08-12")]


def test_one_industry_of_two_changes_nothing_in_the_calendar(small_office):
    office = small_office
    send(office, "2022-07-25 09:00")

    office.receive("2022-08-08 10:00", SUZHOU, ("造纸.xlsx", survey(industry="造纸")))

    assert entries(office, office.answers()[-1]) == []


def test_what_nobody_asked_for_is_not_cancelled(small_office):
    office = small_office

    office.receive("2022-05-20 08:30", SUZHOU, ("联系人.xlsx", contact_form(filled_on=date(2022, 5, 20))))

    assert entries(office, office.answers()[-1]) == []


# What the number is made of


def owed(milestone, **changes):
    """Return Suzhou's obligations of a milestone, with *changes* to one by its industry."""
    campaign = two_cities().campaign(CAMPAIGN)
    own = [
        one
        for one in plan_obligations(campaign, calendar=calendar())
        if (one.unit, one.milestone) == (SUZHOU, milestone)
    ]
    return [
        one.extended_to(changes[one.industry], times=1, calendar=calendar()) if one.industry in changes else one
        for one in own
    ]


def entry_of(obligations, *settled):
    done = {one.id for one in obligations if one.industry in settled}
    (entry,) = deadlines_of(two_cities().campaign(CAMPAIGN), obligations, settled=done, host=HOST)
    return entry


def test_every_change_of_an_entry_has_a_higher_number():
    asked = owed("summary")
    extended = owed("summary", ferroalloy=date(2022, 8, 22))
    again = owed("summary", ferroalloy=date(2022, 8, 22), paper=date(2022, 9, 2))
    course = [
        entry_of(asked),
        entry_of(extended),
        entry_of(extended, "paper"),
        entry_of(extended, "paper", "ferroalloy"),
        entry_of(again, "ferroalloy"),  # open again after all was met, by a new date
        entry_of(again, "paper", "ferroalloy"),
    ]

    numbers = [entry.sequence for entry in course]
    assert numbers == sorted(set(numbers))
    assert {entry.uid for entry in course} == {SUMMARY}
    assert [entry.is_cancelled for entry in course] == [False, False, False, True, False, True]


def test_an_extension_for_one_industry_does_not_hide_the_day_of_the_others():
    entry = entry_of(owed("summary", ferroalloy=date(2022, 8, 22)))

    assert entry.day == date(2022, 8, 12)
    assert "2022年8月12日截止：造纸" in entry.detail
    assert "2022年8月22日截止：铁合金" in entry.detail


def test_a_letter_about_one_industry_carries_the_entry_of_all():
    asked = owed("summary")
    file = next(one for one in asked if one.industry == "paper")

    assert [one.industry for one in sharing(asked, [file])] == ["ferroalloy", "paper"]


# Years whose holidays are not published yet

PROVISIONAL = "该年度放假安排尚未公布，日期暂按周末推算，公布后另行调整"


@pytest.mark.parametrize(("years", "said"), [((2022,), True), ((2023,), False)], ids=["of that year", "of another"])
def test_an_entry_on_a_letter_says_when_its_year_is_planned_on_weekdays_alone(years, said):
    office = Office(definitions=two_cities(), provisional_years=years)
    office.open()
    office.remind("2022-05-20 09:00")

    (letter,) = office.unprompted()
    (raw,) = calendars(office, letter)
    (event,) = icalendar.Calendar.from_ical(raw).events

    assert (PROVISIONAL in event["DESCRIPTION"]) is said


@pytest.mark.parametrize("unit", [None, SUZHOU], ids=["of the office", "of a unit"])
@pytest.mark.parametrize(("year", "said"), [(2022, {True}), (2023, {False})], ids=["that year", "another"])
def test_a_calendar_file_says_which_days_are_planned_on_weekdays_alone(unit, year, said):
    raw = write_calendar(
        two_cities().campaign(CAMPAIGN),
        unit=unit,
        as_of=at("2022-08-10 09:00"),
        calendar=replace(calendar(), provisional_years=frozenset({year})),
        ledger=Office(definitions=two_cities()).ledger,
        invitations=IcalInvitations(),
        host=HOST,
    )
    read(raw)

    assert {PROVISIONAL in event["DESCRIPTION"] for event in icalendar.Calendar.from_ical(raw).events} == said


# Calendars as files


def written(office, unit=None, *, campaign=CAMPAIGN, moment="2022-08-10 09:00"):
    """Return day, title and state of every entry of a calendar file."""
    raw = write_calendar(
        office.definitions.campaign(campaign),
        unit=unit,
        as_of=at(moment),
        calendar=calendar(),
        ledger=office.ledger,
        invitations=IcalInvitations(),
        host=HOST,
    )
    read(raw)
    events = icalendar.Calendar.from_ical(raw).events
    return [(event["DTSTART"].dt.isoformat(), str(event["SUMMARY"]), str(event["STATUS"])) for event in events]


def titles(rows, *days):
    return [(day, title) for day, title, _ in rows if not days or day in days]


def test_the_office_sees_windows_open_due_days_and_close_dates_of_all_milestones():
    rows = written(Office(definitions=two_cities()))

    assert titles(rows, "2022-07-25", "2022-08-12", "2022-12-31") == [
        ("2022-07-25", "开始报送：企业生产工艺装备情况调查汇总"),
        ("2022-08-12", "报送截止：企业生产工艺装备情况调查汇总"),
        ("2022-12-31", "报送关闭：企业生产工艺装备情况调查汇总"),
    ]
    assert ("2022-11-30", "完成期限：落后生产工艺装备关停淘汰到期", "CONFIRMED") in rows
    assert len([title for _, title, _ in rows if "关停淘汰进展月报" in title]) == 3 * 5
    assert [day for day, _, _ in rows] == sorted(day for day, _, _ in rows)


def test_the_office_sees_where_a_unit_has_a_day_of_its_own(small_office):
    extend(small_office, "summary/survey_summary/ferroalloy", date(2022, 8, 22), "2022-08-01 10:00")

    rows = written(small_office)

    assert titles(rows, "2022-08-12", "2022-08-22") == [
        ("2022-08-12", "报送截止：企业生产工艺装备情况调查汇总"),
        ("2022-08-22", "苏州市另定报送截止：企业生产工艺装备情况调查汇总"),
    ]


def test_the_office_sees_what_it_owes_itself():
    rows = written(Office(), campaign="jiangmen-2021", moment="2021-04-01 09:00")

    assert titles(rows, "2021-04-30", "2022-01-05") == [
        ("2021-04-30", "本处室办结期限：市工作方案"),
        ("2022-01-05", "本处室办结期限：全市年度工作总结"),
    ]


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "planned"])
def test_a_unit_sees_its_own_due_days(is_open):
    office = Office(definitions=two_cities())
    if is_open:
        office.open()

    rows = written(office, SUZHOU)

    assert titles(rows, "2022-08-12") == [("2022-08-12", "报送截止：企业生产工艺装备情况调查汇总")]
    assert ("2022-08-30", "报送截止：关停淘汰进展月报（2022年8月）", "CONFIRMED") in rows


def test_a_unit_sees_its_extension_and_what_is_done(small_office):
    office = small_office
    extend(office, "contact_list/contact", date(2022, 6, 10), "2022-05-24 10:00")
    extend(office, "inventory/inventory_statement", date(2022, 8, 5), "2022-07-25 10:00")
    office.receive("2022-06-08 10:00", SUZHOU, ("联系人.xlsx", contact_form(filled_on=date(2022, 6, 8))))

    rows = written(office, SUZHOU)

    assert rows[:2] == [
        ("2022-06-10", "报送截止：工作联系人信息", "CANCELLED"),
        ("2022-08-05", "报送截止（原则上）：企业排查完成情况", "CONFIRMED"),
    ]
