"""Invented years of campaigns that are smaller, or other, than Jiangsu's."""

from dataclasses import replace

import pytest

from phaseout.domain.invented import invent_year
from phaseout.domain.invented.trades import trade_of


@pytest.mark.parametrize(("months", "stale"), [(4, 1), (1, 0)], ids=["four months", "one month"])
def test_last_months_file_comes_again_only_where_there_is_a_last_month(campaign, forms, calendar, months, stale):
    milestones = [
        replace(milestone, terms=milestone.terms[:months]) if milestone.kind == "monthly_progress" else milestone
        for milestone in campaign.milestones
    ]
    year = invent_year(replace(campaign, milestones=tuple(milestones)), forms, calendar=calendar, seed=3)

    errands = [errand for plan in year.plans for errand in plan.errands]
    again = [one for one in errands if {paper.obligation.id for paper in one.papers}.isdisjoint(one.answers)]
    assert len(again) == stale


def test_an_industry_that_a_place_adds_gets_plain_products():
    trade = trade_of("水泥")

    assert (trade.word, trade.products, trade.process) == ("水泥", ("水泥产品",), "水泥常规工艺")
