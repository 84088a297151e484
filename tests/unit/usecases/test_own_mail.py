"""Our own letters that come back (本系统发出的邮件): known by their ids, not by what a city may have copied."""

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.submission import Outcome
from tests.unit.usecases.office import MAILBOX, OFFICE
from tests.unit.usecases.papers import SUZHOU, survey

MORNING = "2022-08-08 10:00"
RIGHT = ("表2.xlsx", survey({}))
MARKS = (("X-Phaseout-Letter", "1"), ("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))
OUR_ID = f"<{'0123456789ab' * 2}@phaseout.example>"
CITYS_ID = "<202208080959123@city.example>"
IGNORED = [(Outcome.IGNORED, "自动回复、退信或群发邮件，不作为来件处理")]


def test_a_letter_of_ours_that_a_city_sends_again_as_new_is_the_citys_mail(office):
    office.receive(MORNING, SUZHOU, RIGHT, headers=MARKS, message_id=CITYS_ID)

    assert office.submissions() == [("320500/summary/survey_summary/ferroalloy#1", Decision.ACCEPTED)]


@pytest.mark.parametrize(
    ("sender", "how"),
    [
        pytest.param(SUZHOU, {"headers": MARKS, "message_id": OUR_ID}, id="a letter of ours, passed on whole"),
        pytest.param(SUZHOU, {"message_id": OUR_ID}, id="our id alone"),
        pytest.param(OFFICE, {"headers": MARKS, "message_id": CITYS_ID}, id="from our own address"),
        pytest.param(
            SUZHOU,
            {"headers": (MARKS[0], ("Auto-Submitted", "auto-replied")), "message_id": CITYS_ID},
            id="an automatic reply that quotes our head",
        ),
        pytest.param(
            SUZHOU,
            {"headers": (*MARKS, ("X-Loop", MAILBOX[SUZHOU])), "message_id": CITYS_ID},
            id="passed on by a machine",
        ),
    ],
)
def test_our_own_mail_and_what_machines_make_of_it_are_not_answered(office, sender, how):
    office.receive(MORNING, sender, RIGHT, **how)

    assert (office.outcomes(), office.letters()) == (IGNORED, [])
