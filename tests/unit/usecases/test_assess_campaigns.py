"""Assessing (批次审核) while two campaigns are open: which of them a workbook answers."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.submission import Outcome
from phaseout.settings import PROJECT
from tests.unit.usecases.office import Office, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, progress, survey

SPECIAL = "taihu-2022"
OLD_MAILBOX, NEW_MAILBOX = "gxj@suzhou.example", "taihu@suzhou.example"


class TwoCampaigns(FileDefinitions):
    """Jiangsu's campaign, and a later one that asks the same cities for contacts and the papermakers' survey alone."""

    mailbox = OLD_MAILBOX  # of Suzhou in the later campaign

    def campaigns(self):
        return (CAMPAIGN, SPECIAL)

    def campaign(self, campaign):
        first = two_cities().campaign(CAMPAIGN)
        if campaign == CAMPAIGN:
            return first
        asked = tuple(milestone for milestone in first.milestones if milestone.id in {"contact_list", "summary"})
        units = [
            replace(unit, industries=("paper",), mailbox=self.mailbox if unit.code == SUZHOU else unit.mailbox)
            for unit in first.units
        ]
        paper = tuple(industry for industry in first.industries if industry.key == "paper")
        return replace(first, id=SPECIAL, title="太湖专项排查", units=tuple(units), industries=paper, milestones=asked)


class WithNewMailbox(TwoCampaigns):
    mailbox = NEW_MAILBOX


def opened(definitions):
    office = Office(definitions=definitions(PROJECT))
    office.open()
    office.open("2022-07-01 08:00", campaign=SPECIAL)
    return office


@pytest.fixture
def both():
    return opened(TwoCampaigns)


def submissions(office):
    return [one.id for campaign in (CAMPAIGN, SPECIAL) for one in office.ledger.submissions(campaign)]


@pytest.mark.parametrize(
    ("file", "submission"),
    [
        pytest.param(
            survey(industry="造纸"),
            f"{SPECIAL}/{SUZHOU}/summary/survey_summary/paper#1",
            id="the newest that asks for it",
        ),
        pytest.param(
            survey({}), f"{CAMPAIGN}/{SUZHOU}/summary/survey_summary/ferroalloy#1", id="the one that has its industry"
        ),
        pytest.param(
            progress(), f"{CAMPAIGN}/{SUZHOU}/monthly_progress/progress/2022-08#1", id="the one that owes its month"
        ),
    ],
)
def test_a_workbook_answers_the_newest_campaign_that_is_owed_it(both, file, submission):
    both.receive("2022-08-29 10:00", SUZHOU, ("表.xlsx", file))

    assert submissions(both) == [submission]


def test_one_mail_may_answer_both_and_gets_one_answer(both):
    both.receive("2022-08-08 10:00", SUZHOU, ("联系人.xlsx", contact_form()), ("铁合金.xlsx", survey({})))

    assert submissions(both) == [
        f"{CAMPAIGN}/{SUZHOU}/summary/survey_summary/ferroalloy#1",
        f"{SPECIAL}/{SUZHOU}/contact_list/contact#1",
    ]
    (answer,) = both.answers()
    assert "铁合金，第1版" in both.text(answer)


def test_what_no_campaign_asks_for_is_refused_in_the_words_of_the_newest(both):
    both.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(industry="水泥")))
    both.receive("2022-08-08 11:00", SUZHOU, ("表3.xlsx", progress(as_of=date(2022, 6, 30))))

    assert [outcome for outcome, _ in both.outcomes()] == [Outcome.REFUSED, Outcome.REFUSED]
    assert both.answers()[0].campaign == SPECIAL


def test_a_duplicate_is_named_in_whichever_campaign_it_came_first(both):
    form = ("铁合金.xlsx", survey({}))
    both.receive("2022-08-08 10:00", SUZHOU, form)
    both.receive("2022-08-09 10:00", SUZHOU, form)

    assert "铁合金表2第1版" in both.text(both.answers()[1])


def test_a_duplicate_from_a_mailbox_that_the_first_campaign_does_not_know_is_named_without_its_title():
    office = opened(WithNewMailbox)
    form = ("铁合金.xlsx", survey({}))
    office.receive("2022-08-08 10:00", OLD_MAILBOX, form)
    office.receive("2022-08-09 10:00", NEW_MAILBOX, form)

    assert office.outcomes()[1][0] is Outcome.DUPLICATE
    assert "此前来件" in office.text(office.answers()[1])
