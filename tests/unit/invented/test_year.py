from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.domain.calendar import CHINA, day_in_china
from phaseout.domain.invented import InventedYear, Part, invent_year
from phaseout.domain.obligation import Standing, StandingView

SEEDS = range(21)


def test_the_same_seed_gives_the_same_mails(live_through, campaign, forms, calendar):
    year = invent_year(campaign, forms, calendar=calendar, seed=7)
    first = live_through(7)
    assert year == first.year
    again = [
        mail
        for day in sorted(year.days())
        for mail in year.mails_on(day, views={}, obligations=list(first.obligations.values()))
    ]
    assert [mail for mail in first.mails if "更正" not in mail.subject][:20] == again[:20]


def test_what_a_unit_writes_does_not_depend_on_who_else_writes(live_through, campaign, forms, calendar):
    alone = invent_year(campaign, forms, calendar=calendar, seed=7)
    (plan,) = [plan for plan in alone.plans if plan.unit.unit.code == "320500"]
    only = InventedYear(campaign=campaign, calendar=calendar, plans=(plan,))
    obligations = [one for one in live_through(7).obligations.values() if one.unit == "320500"]
    mails = [mail for day in sorted(only.days()) for mail in only.mails_on(day, views={}, obligations=obligations)]
    assert mails == [mail for mail in live_through(7).mails if mail.unit == "320500"]


def test_another_seed_lets_other_cities_misbehave(live_through):
    assert live_through(0).year.parts != live_through(1).year.parts
    assert len({next(iter(live_through(seed).part(Part.WRONG))) for seed in SEEDS}) > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_every_part_is_played_by_a_city_of_its_own(live_through, seed):
    parts = live_through(seed).year.parts
    assert set(parts.values()) == set(Part)
    assert list(parts.values()).count(Part.STAYS_OPEN) == 2


def test_a_campaign_of_few_units_goes_without_the_last_parts(campaign, forms, calendar):
    small = replace(campaign, units=campaign.units[:3])
    assert set(invent_year(small, forms, calendar=calendar, seed=0).parts.values()) == {
        Part.WRONG,
        Part.VERY_LATE,
        Part.CORRECTS_TOO_LATE,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_owed_is_filed_but_what_is_left_out_on_purpose(live_through, seed):
    lived = live_through(seed)
    (silent,) = lived.part(Part.SILENT)
    (unknown,) = lived.part(Part.NO_CONTACTS)
    missing = {one.id for one in lived.obligations.values() if one.form and one.id not in lived.versions}
    assert missing == {
        f"jiangsu-2022/{silent}/monthly_progress/progress/2022-10",
        f"jiangsu-2022/{unknown}/contact_list/contact",
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_filed_is_right_in_the_end(live_through, seed):
    assert not [workbooks[-1].note for workbooks in live_through(seed).versions.values() if workbooks[-1].note]


@pytest.mark.parametrize("seed", SEEDS)
def test_cities_write_on_few_working_days_and_within_the_windows(live_through, calendar, seed):
    lived = live_through(seed)
    assert all(calendar.is_working_day(day) for day in lived.days)
    assert len(lived.days) <= 25
    assert lived.days <= lived.year.days() | {date(2022, 8, 11), date(2022, 8, 19)}
    assert sum(len(mail.workbooks) for mail in lived.mails) < 300
    assert len({(mail.unit, mail.at) for mail in lived.mails}) == len(lived.mails)


def test_a_city_sends_nothing_that_it_does_not_owe(live_through):
    year = live_through(0).year
    assert not any(year.mails_on(day, views={}, obligations=()) for day in year.days())


def view(standing, *, versions, arrived=date(2022, 8, 11)):
    return StandingView(
        standing=standing,
        reason="",
        arrived_at=datetime(arrived.year, arrived.month, arrived.day, 10, tzinfo=CHINA),
        accepted_at=None,
        days_late=0,
        versions=versions,
        open_findings=0,
        correction_due=None,
    )


def test_what_has_arrived_is_not_sent_again(live_through):
    lived = live_through(0)
    views = {one: view(Standing.ACCEPTED, versions=1) for one in lived.obligations}
    obligations = list(lived.obligations.values())
    assert not any(lived.year.mails_on(day, views=views, obligations=obligations) for day in lived.year.days())


@pytest.mark.parametrize(
    ("standing", "versions", "day", "corrects"),
    [
        (Standing.RETURNED, 1, date(2022, 8, 12), False),
        (Standing.RETURNED, 1, date(2022, 8, 15), True),
        (Standing.RETURNED, 1, date(2022, 8, 20), False),
        (Standing.RETURNED, 1, date(2022, 8, 22), True),
        (Standing.RETURNED, 2, date(2022, 8, 22), False),
        (Standing.RECEIVED, 1, date(2022, 8, 22), False),
        (Standing.HELD, 1, date(2022, 8, 22), False),
    ],
    ids=["too soon", "two working days later", "on a Saturday", "when it was missed", "only once", "undecided", "held"],
)
def test_a_city_corrects_what_is_returned_once_on_a_working_day(live_through, standing, versions, day, corrects):
    lived = live_through(0)
    (unit,) = lived.part(Part.ZERO)
    (obligation, *_) = [one for one in lived.obligations.values() if one.unit == unit and one.form == "survey_summary"]
    views = {obligation.id: view(standing, versions=versions)}
    mails = lived.year.mails_on(day, views=views, obligations=[obligation])
    assert [len(mail.workbooks) for mail in mails] == [1] * corrects
    assert all("更正" in mail.subject for mail in mails)


def test_a_city_owns_what_no_other_city_owns(live_through):
    lived = live_through(0)
    capacities = {
        tuple(row["capacity"] for workbook in lived.of(unit, "survey_summary") for row in workbook.sheets[0].rows[:2])
        for unit in lived.year.parts
    }
    openings = {some[:2] for some in capacities}
    assert len(openings) == 13


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wrong_city_corrects_when_asked(live_through, seed):
    lived = live_through(seed)
    (unit,) = lived.part(Part.WRONG)
    (obligation,) = [
        one for one, all_ in lived.versions.items() if len(all_) > 1 and lived.obligations[one].unit == unit
    ]
    assert lived.obligations[obligation].form == "survey_summary"
    assert [day_in_china(one.arrived_at) for one in lived.submitted[obligation]] == [
        date(2022, 8, 9),
        date(2022, 8, 11),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slow_corrector_comes_after_the_correction_date_and_before_the_close_date(live_through, seed):
    lived = live_through(seed)
    (unit,) = lived.part(Part.CORRECTS_TOO_LATE)
    (obligation,) = [
        one for one, all_ in lived.versions.items() if len(all_) > 1 and lived.obligations[one].unit == unit
    ]
    wrong, right = lived.versions[obligation]
    assert [row["is_outdated"] for row in wrong.sheets[0].rows].count(None) == 1
    assert None not in [row["is_outdated"] for row in right.sheets[0].rows]
    # Returned on 08-11, the correction was wanted by 08-16.
    assert [day_in_china(one.arrived_at) for one in lived.submitted[obligation]] == [
        date(2022, 8, 11),
        date(2022, 8, 19),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_city_sends_the_very_same_workbook_for_the_next_month_and_then_the_right_one(live_through, seed):
    lived = live_through(seed)
    (unit,) = lived.part(Part.RESENDS)
    ((mail, workbook),) = lived.duplicates
    assert (mail.unit, workbook.period, day_in_china(mail.at)) == (unit, "2022-08", date(2022, 9, 28))
    assert workbook == lived.versions[f"jiangsu-2022/{unit}/monthly_progress/progress/2022-08"][0]
    assert lived.arrivals(f"jiangsu-2022/{unit}/monthly_progress/progress/2022-09") == [date(2022, 10, 9)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("part", "days_late"), [(Part.LATE, 2), (Part.VERY_LATE, 5)])
def test_the_late_cities_file_their_summaries_late(live_through, calendar, seed, part, days_late):
    lived = live_through(seed)
    (unit,) = lived.part(part)
    summaries = [one for one in lived.obligations.values() if one.unit == unit and one.form == "survey_summary"]
    arrived = {lived.arrivals(one.id)[0] for one in summaries}
    assert {calendar.days_late(date(2022, 8, 12), day) for day in arrived} == {days_late}


@pytest.mark.parametrize("seed", SEEDS)
def test_most_cities_are_never_late(live_through, seed):
    lived = live_through(seed)
    late = {
        lived.obligations[one].unit for one in lived.submitted if lived.arrivals(one)[0] > lived.obligations[one].due
    }
    assert late == lived.part(Part.LATE) | lived.part(Part.VERY_LATE) | lived.part(Part.RESENDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_city_says_zero_for_two_industries(live_through, seed):
    lived = live_through(seed)
    (unit,) = lived.part(Part.ZERO)
    zero = [workbook for workbook in lived.of(unit, "survey_summary") if workbook.sheets[0].is_zero]
    assert len(zero) == 2
    assert not any(workbook.sheets[0].rows for workbook in zero)
    others = [code for code in lived.year.parts if code != unit]
    assert not any(one.sheets[0].is_zero for code in others for one in lived.of(code, "survey_summary"))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_city_has_nothing_outdated_and_says_zero_every_month(live_through, seed):
    lived = live_through(seed)
    (unit,) = lived.part(Part.NOTHING_OUTDATED)
    for form, count in (("progress", 4), ("inspection", 1), ("completed_list", 1)):
        assert [workbook.sheets[0].is_zero for workbook in lived.of(unit, form)] == [True] * count
    assert any(workbook.sheets[0].rows for workbook in lived.of(unit, "survey_summary"))


@pytest.mark.parametrize("seed", SEEDS)
def test_only_cities_with_open_items_write_in_december(live_through, seed):
    lived = live_through(seed)
    december = {mail.unit for mail in lived.mails if mail.workbooks[0].period == "2022-12"}
    assert december == lived.part(Part.STAYS_OPEN) | lived.part(Part.CLOSES_IN_DECEMBER)
    for unit in december:
        rows = lived.progress(unit)[-1].sheets[0].rows
        is_open = any(row["done_count"] < row["equip_count"] for row in rows)
        assert is_open == (unit in lived.part(Part.STAYS_OPEN))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mail_lists_what_is_attached(live_through, seed):
    for mail in live_through(seed).mails:
        assert mail.text.count("\n1. ") == 1
        assert f"{len(mail.workbooks)}. " in mail.text
        assert len({workbook.file_name for workbook in mail.workbooks}) == len(mail.workbooks)
