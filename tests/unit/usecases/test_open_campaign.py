"""Opening a campaign (开启): what every unit owes from the first day on, and who is written to."""

from collections import Counter

import pytest

from phaseout.adapters.definitions import UnknownCampaign
from phaseout.domain.campaign import Hardness
from tests.unit.usecases.office import Office, at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU


def test_opening_writes_what_every_unit_owes():
    office = Office()

    written = office.open("2022-05-20 08:00")

    obligations = office.ledger.obligations(CAMPAIGN)
    owed = Counter(obligation.milestone for obligation in obligations if not obligation.is_paper)
    assert written == len(obligations)
    assert owed == {
        "contact_list": 13,
        "inventory": 13,
        "summary": 5 * 11 + 8 * 6,  # the five cities on the Taihu have eleven industries
        "monthly_progress": 13 * 4,
        "closure": 13,
        "final_list": 13 * 2,
    }


def test_paper_is_owed_beside_each_file_of_the_summary(office):
    papers = [obligation for obligation in office.ledger.obligations(CAMPAIGN) if obligation.is_paper]

    assert len(papers) == 5 * 11 + 8 * 6
    assert {(one.milestone, one.form, one.hardness) for one in papers} == {("summary", "survey_summary", Hardness.SOFT)}


def test_a_month_that_depends_on_open_items_is_not_owed_at_opening(office):
    periods = {obligation.period for obligation in office.ledger.obligations(CAMPAIGN)}

    assert periods == {None, "2022-08", "2022-09", "2022-10", "2022-11"}


def test_each_unit_is_known_by_the_mailboxes_of_the_campaign_data(office):
    known = {
        (contact.role, contact.address)
        for contact in office.ledger.contacts(CAMPAIGN, as_of=at("2022-05-20 08:00"))
        if contact.unit == SUZHOU
    }

    assert known == {("unit_mailbox", "gxj@suzhou.example"), ("leader", "lingdao@suzhou.example")}


def test_opening_again_adds_nothing(office):
    revision = office.ledger.revision()

    assert office.open("2022-05-23 08:00") == 0
    assert office.ledger.revision() == revision


def test_a_campaign_without_data_cannot_be_opened(office):
    with pytest.raises(UnknownCampaign, match=r"there is no campaign jiangsu-2031; known: .*jiangsu-2022"):
        office.open(campaign="jiangsu-2031")
