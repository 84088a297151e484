"""Reminding (催报): each unit's one letter of the day, from where everything stands this morning."""

from datetime import date

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from phaseout.usecases.remind import Reminded, letters_due
from tests.unit.usecases.office import at, calendar
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, contact_form, survey

FERROALLOY, PAPER = (("铁合金.xlsx", survey({})), ("造纸.xlsx", survey(industry="造纸")))


def headlines(letters):
    return [(letter.kind, letter.day.isoformat(), letter.recipient) for letter in letters]


def test_the_request_goes_out_on_the_day_the_window_opens_with_form_and_calendar_entry(small_office):
    office = small_office

    assert office.remind("2022-05-20 09:00") == Reminded(letters=2, drafts=0)

    (letter,) = office.unprompted()
    assert headlines([letter]) == [(LetterKind.REQUEST, "2022-05-20", "gxj@suzhou.example")]
    assert office.files(letter) == ["苏州市-工作联系人信息.xlsx", "日程提醒.ics"]
    assert "截止日期：2022年6月3日（星期五）" in office.text(letter)
    (calendar,) = [part for part in office.message(letter).walk() if part.get_content_type() == "text/calendar"]
    assert "DTSTART;VALUE=DATE:20220603" in calendar.get_content()


def test_a_second_run_on_the_same_day_adds_nothing(small_office):
    office = small_office
    office.remind("2022-05-20 09:00")

    assert office.remind("2022-05-20 15:00") == Reminded(letters=0, drafts=0)
    assert len(office.letters()) == 2


@pytest.mark.parametrize("day", ["2022-05-21", "2022-06-03", "2022-10-01"], ids=["Saturday", "Dragon Boat", "National"])
def test_nobody_is_written_to_on_a_day_off(small_office, day):
    assert small_office.remind(f"{day} 09:00") == Reminded(letters=0, drafts=0)


def test_all_that_a_unit_is_to_hear_on_a_day_stands_in_one_letter(small_office):
    office = small_office
    office.remind("2022-05-20 09:00")
    office.deliver("2022-05-20 09:05")

    office.remind("2022-06-06 09:00")  # the contact list is one day late; the inventory opens

    (letter,) = office.unprompted()
    text = office.text(letter)
    assert letter.kind is LetterKind.OVERDUE
    assert "《工作联系人信息》" in text
    assert "《排查完成情况表》" in text
    assert office.files(letter) == ["苏州市-工作联系人信息.xlsx", "苏州市-排查完成情况表.xlsx", "日程提醒.ics"]
    assert "请使用随函附件填报" in text


def test_an_overdue_letter_goes_to_the_contact_with_a_copy_to_the_units_mailbox(small_office):
    office = small_office
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))

    office.remind("2022-08-15 09:00")

    (letter,) = office.unprompted()
    assert letter.kind is LetterKind.OVERDUE
    assert (letter.recipient, letter.copy_to) == ("sunsl@suzhou.example", ("gxj@suzhou.example",))
    assert "铁合金、造纸" in office.text(letter)


def test_a_request_after_an_outage_says_at_once_how_late_it_is(small_office):
    office = small_office

    office.remind("2022-06-06 09:00")

    (letter,) = office.unprompted()
    assert letter.kind is LetterKind.OVERDUE
    assert office.files(letter) == [
        "苏州市-工作联系人信息.xlsx",
        "苏州市-排查完成情况表.xlsx",
        "日程提醒.ics",
        "日程提醒2.ics",
    ]


def test_nothing_is_written_about_what_lies_already_in(small_office):
    office = small_office
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))

    assert office.remind("2022-06-02 09:00").letters == 1
    assert office.unprompted(unit=SUZHOU) == []
    assert len(office.unprompted(unit=WUXI)) == 1


def test_a_file_that_comes_before_the_letter_left_withdraws_it(small_office):
    office = small_office
    office.remind("2022-05-20 09:00")

    office.receive("2022-05-20 09:02", SUZHOU, ("联系人.xlsx", contact_form(filled_on=date(2022, 5, 20))))

    assert office.unprompted(unit=SUZHOU) == []
    assert office.remind("2022-05-20 09:10").letters == 0


def test_what_a_withdrawn_letter_said_besides_is_said_again_the_same_day(small_office):
    office = small_office
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.remind("2022-08-15 09:00")
    office.receive("2022-08-15 09:02", SUZHOU, FERROALLOY)

    office.remind("2022-08-15 09:10")

    (letter,) = office.unprompted()
    assert "铁合金" not in office.text(letter)
    assert "造纸" in office.text(letter)


def test_a_file_that_is_taken_in_while_letters_are_written_takes_back_what_they_say_of_it(small_office):
    office = small_office
    right = office.ledger.queue

    def queue_just_after_a_file(letters):
        office.ledger.queue = right
        office.receive("2022-06-06 09:00", SUZHOU, ("联系人.xlsx", contact_form()))
        return right(letters)

    office.ledger.queue = queue_just_after_a_file
    office.remind("2022-06-06 09:00")  # the contact list is one day late; the inventory opens

    (letter,) = office.unprompted()
    assert letter.kind is LetterKind.REQUEST
    assert "《工作联系人信息》" not in office.text(letter)
    assert "《排查完成情况表》" in office.text(letter)


def test_what_was_taken_in_counts_also_when_the_clock_is_put_back(small_office):
    office = small_office
    office.receive("2022-06-01 15:00", SUZHOU, ("联系人.xlsx", contact_form()))

    office.remind("2022-05-31 09:00")

    assert office.unprompted() == []
    assert len(office.unprompted(unit=WUXI)) == 1


def test_a_unit_that_had_its_letter_of_the_day_waits_for_the_next(small_office):
    office = small_office
    office.receive("2022-08-08 10:00", SUZHOU, FERROALLOY)
    office.remind("2022-12-23 09:00")
    office.deliver("2022-12-23 09:05")
    office.owe("2022-12-23 10:00")  # a new line, but not another letter today

    assert due(office, "2022-12-23 15:00") == []
    assert office.remind("2022-12-23 15:00").letters == 0

    office.remind("2022-12-26 09:00")
    assert "2022年12月" in office.text(office.unprompted()[0])


def due(office, moment):
    """Return the units to which a letter would be written now."""
    campaign = office.definitions.campaign(CAMPAIGN)
    planned = letters_due(campaign, as_of=at(moment), calendar=calendar(), ledger=office.ledger)
    return [plan.unit for plan in planned]


def test_whether_a_letter_is_due_can_be_asked_without_writing_it(small_office):
    assert due(small_office, "2022-05-20 09:00") == [WUXI, SUZHOU]
    assert small_office.letters() == []


def test_a_file_that_is_returned_in_the_afternoon_is_no_reason_for_a_second_letter(small_office):
    office = small_office
    office.receive("2022-08-15 08:00", SUZHOU, ("铁合金.xlsx", survey({"uscc": None}, filled_on=date(2022, 8, 12))))
    office.remind("2022-08-15 09:00")
    office.deliver("2022-08-15 09:05")
    assert len(office.unprompted(states=[LetterState.SENT])) == 1

    office.receive("2022-08-15 14:00", SUZHOU, ("造纸.xlsx", survey({"uscc": None}, industry="造纸")))
    office.remind("2022-08-15 15:00")

    assert office.unprompted() == []


def test_a_letter_of_yesterday_that_never_left_is_withdrawn_and_todays_is_written(small_office):
    office = small_office
    office.remind("2022-08-09 09:00")  # the mail server is down all day

    assert office.remind("2022-08-10 09:00") == Reminded(letters=2, drafts=0)

    (letter,) = office.unprompted()
    assert letter.day == date(2022, 8, 10)
    assert "2022年8月10日" in office.text(letter)
    assert len(office.unprompted(states=[LetterState.WITHDRAWN])) == 1


def test_after_an_outage_a_unit_gets_the_highest_rung_reached_once(small_office):
    office = small_office

    written = office.remind("2022-08-24 09:00")

    # The summary is eight working days late, the contact list fifty-eight; the inventory is soft.
    assert written == Reminded(letters=2, drafts=2)
    assert [(letter.kind, letter.state) for letter in office.letters() if letter.unit == SUZHOU] == [
        (LetterKind.OVERDUE, LetterState.QUEUED),
        (LetterKind.CRITICISM, LetterState.DRAFT),
    ]


def test_a_supervision_letter_is_a_draft_to_the_units_leader(small_office):
    office = small_office

    assert office.remind("2022-06-08 09:00").drafts == 2

    (draft,) = office.unprompted(states=[LetterState.DRAFT])
    assert (draft.kind, draft.recipient, draft.copy_to) == (LetterKind.SUPERVISION, "lingdao@suzhou.example", ())
    assert "工作联系人信息" in office.text(draft)


def test_a_draft_of_public_criticism_would_go_to_all_units(small_office):
    office = small_office

    office.remind("2022-06-14 09:00")

    (draft,) = office.unprompted(states=[LetterState.DRAFT])
    assert (draft.kind, draft.recipient) == (LetterKind.CRITICISM, "chanye@gxt-jiangsu.example")
    assert draft.copy_to == ("gxj@wuxi.example", "gxj@suzhou.example")
    assert "苏州市" in office.text(draft)


def test_a_draft_is_written_once(small_office):
    office = small_office
    office.remind("2022-06-08 09:00")

    assert office.remind("2022-06-09 09:00").drafts == 0


def test_a_returned_form_is_asked_for_again_by_its_correction_date(small_office):
    office = small_office
    office.receive("2022-08-15 10:00", SUZHOU, ("铁合金.xlsx", survey({"uscc": None}, filled_on=date(2022, 8, 12))))

    office.remind("2022-08-17 09:00")  # the day before the correction date

    (letter,) = office.unprompted()
    assert "更正期限：2022年8月18日（星期四）；前次报送已退回，待更正后重新报送" in office.text(letter)


def test_forms_that_are_wanted_on_one_day_stand_apart_when_one_is_a_correction(small_office):
    office = small_office
    office.remind("2022-07-25 09:00")
    office.deliver("2022-07-25 09:05")
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({"uscc": None})))

    office.remind("2022-08-11 09:00")

    (letter,) = office.unprompted()
    lines = [line for line in office.text(letter).splitlines() if "调查汇总表" in line]
    assert [("铁合金" in line, "造纸" in line, "前次报送已退回" in line) for line in lines] == [
        (True, False, True),
        (False, True, False),
    ]


def test_an_overdue_letter_encloses_the_forms_that_never_came_and_says_for_what(small_office):
    office = small_office
    office.remind("2022-07-25 09:00")
    office.deliver("2022-07-25 09:05")
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({"uscc": None})))

    office.remind("2022-08-15 09:00")

    (letter,) = office.unprompted()
    forms = [name for name in office.files(letter) if name.endswith(".xlsx")]
    assert "苏州市-表2-造纸.xlsx" in forms
    assert "苏州市-表2-铁合金.xlsx" not in forms
    assert "随函附有报表的事项，请使用所附报表填报" in office.text(letter)


def test_the_forms_of_a_request_are_prefilled_with_what_was_accepted(small_office):
    office = small_office
    office.receive("2022-08-08 10:00", SUZHOU, FERROALLOY, PAPER)

    office.remind("2022-08-23 09:00")

    (letter,) = office.unprompted()
    (book,) = [
        part.get_content()
        for part in office.message(letter).iter_attachments()
        if part.get_filename() == "苏州市-表3-2022-08.xlsx"
    ]
    sheet = office.tools.workbooks.read(book).sheets[0]
    cells = [cell for row in sheet.rows for cell in row]
    assert "苏州示例合金有限公司" in cells
    assert "未启动" in cells
    assert date(2022, 8, 30) in [cell.date() if hasattr(cell, "date") else cell for cell in cells]


def test_a_prefilled_form_stays_in_its_month_when_its_due_date_moves_past_it(small_office):
    office = small_office
    september = next(o for o in office.ledger.obligations(CAMPAIGN) if o.unit == SUZHOU and o.period == "2022-09")
    office.ledger.extend(september.id, date(2022, 10, 12), by="周示例", reason="国庆假期", as_of=at("2022-09-20 09:00"))
    (moved,) = [o for o in office.ledger.obligations(CAMPAIGN) if o.id == september.id]

    file = office.form_files.file(office.definitions.campaign(CAMPAIGN), moved)
    office.receive("2022-10-10 10:00", SUZHOU, (file.name, file.content))

    (submission,) = office.ledger.submissions(CAMPAIGN)
    assert submission.period == "2022-09"
