"""Loading (入库) and rebuilding (重建): the warehouse can always be made again from archive and ledger."""

from contextlib import nullcontext
from datetime import date

import pytest

from phaseout.usecases.publish import mirror
from phaseout.usecases.rebuild import Rebuilt, rebuild
from tests.unit.usecases.office import at, calendar, new_warehouse
from tests.unit.usecases.papers import (
    CAMPAIGN,
    DISMANTLED,
    FURNACE,
    SUZHOU,
    WUXI,
    completed_list,
    contact_form,
    inspection,
    progress,
    survey,
)

OTHER = {**FURNACE, "equip_model": "HTK-B"}


@pytest.fixture
def year(small_office):
    """Return an office to which every form came, some of them twice."""
    office = small_office
    office.mail("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.mail("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({}, OTHER)))
    office.mail("2022-08-09 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    office.mail("2022-08-09 11:00", WUXI, ("造纸.xlsx", survey(unit=WUXI, industry="造纸")))
    office.mail("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress({"uscc": None})))
    november = progress(DISMANTLED, as_of=date(2022, 11, 30), filled_on=date(2022, 11, 29))
    office.mail("2022-11-29 10:00", SUZHOU, ("表3.xlsx", november))
    office.mail("2022-12-09 10:00", SUZHOU, ("表5.xlsx", completed_list({})), ("表4.xlsx", inspection()))
    office.collect("2022-12-09 10:05")
    office.assess("2022-12-09 10:05")
    return office


def test_loading_brings_in_what_was_accepted_and_nothing_twice(year):
    fresh = new_warehouse()

    assert year.fill(fresh) == 7  # August's 表3 was returned
    assert year.fill(fresh) == 0


def test_a_rebuilt_warehouse_has_the_same_content(year):
    fresh = new_warehouse()

    rebuilt = rebuild(nullcontext((year.warehouse, fresh)), fill=year.fill)

    assert rebuilt == Rebuilt(7, year.warehouse.content_hash(), year.warehouse.content_hash())
    assert rebuilt.is_identical


def test_a_rebuilt_warehouse_has_the_same_content_with_the_mirror_of_the_ledger(year):
    def fill(warehouse):
        loaded = year.fill(warehouse)
        campaign = year.definitions.campaign(CAMPAIGN)
        mirror(campaign, as_of=at("2022-12-10 09:00"), calendar=calendar(), ledger=year.ledger, warehouse=warehouse)
        return loaded

    assert rebuild(nullcontext((year.warehouse, new_warehouse())), fill=fill).is_identical


def test_a_rebuild_without_a_warehouse_compares_with_nothing(year):
    rebuilt = rebuild(nullcontext((None, new_warehouse())), fill=year.fill)

    assert (rebuilt.submissions, rebuilt.before, rebuilt.is_identical) == (7, None, True)


def test_a_rebuild_tells_when_the_warehouse_held_something_else(year):
    with year.warehouse.batch():
        year.warehouse.refresh({"unit": []}, campaign=CAMPAIGN)
        year.warehouse.commit()

    rebuilt = rebuild(nullcontext((year.warehouse, new_warehouse())), fill=lambda _: 0)

    assert not rebuilt.is_identical


def test_the_live_warehouse_is_caught_up_before_it_is_compared(year):
    emptied = new_warehouse()

    assert rebuild(nullcontext((emptied, new_warehouse())), fill=year.fill).is_identical


def test_a_warehouse_that_was_rebuilt_gives_the_same_findings(year):
    year.warehouse = new_warehouse()
    year.catch_up()
    later = survey({"remark": "再次核对"}, filled_on=date(2022, 8, 9))

    # Of the two accepted versions the newer one counts: the second furnace left the survey with it.
    year.receive("2022-08-10 10:00", SUZHOU, ("铁合金.xlsx", later))

    assert year.findings() == []
