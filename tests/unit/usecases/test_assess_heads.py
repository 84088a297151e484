from datetime import date

from phaseout.domain.decision import Decision
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, survey


def test_a_form_filled_in_after_it_arrived_is_taken_with_a_warning(office):
    office.receive("2022-08-04 10:00", SUZHOU, ("表2.xlsx", survey({}, filled_on=date(2022, 8, 5))))

    (submission,) = office.ledger.submissions(CAMPAIGN)
    (finding,) = [finding for finding in submission.findings if finding.rule == "SUM-313"]
    assert submission.decision is Decision.ACCEPTED
    assert finding.message == "填报日期2022年8月5日晚于收到报表的日期2022年8月4日"


def test_the_day_of_arrival_is_that_of_china(office):
    office.receive("2022-08-05 00:10", SUZHOU, ("表2.xlsx", survey({}, filled_on=date(2022, 8, 5))))

    assert "SUM-313" not in office.findings()


def test_a_wrong_head_is_found_once_however_many_rows_it_stands_over(office):
    several = [{"equip_model": f"HTK-{number}"} for number in range(3)]
    office.receive("2022-08-04 10:00", SUZHOU, ("表2.xlsx", survey(*several, filled_on=None)))

    assert office.findings().count("SUM-103") == 1


def test_the_contact_form_takes_a_telephone_number_of_several_parts(office):
    office.receive(
        "2022-06-01 10:00", SUZHOU, ("联系人.xlsx", contact_form(office_phone="0512-60000001；60000002（传真）"))
    )

    (submission,) = office.ledger.submissions(CAMPAIGN)
    assert submission.decision is Decision.ACCEPTED
