"""Loading (入库) and rebuilding (重建): the warehouse can always be made again from archive and ledger."""

from contextlib import nullcontext
from datetime import date

import pytest

from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.usecases.load import Loaded, load
from phaseout.usecases.publish import mirror
from phaseout.usecases.rebuild import Rebuilt, rebuild
from tests.unit.usecases.office import at, calendar, new_warehouse, workbook_reader
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

    rebuilt = rebuild(nullcontext((year.warehouse, fresh)), fill=year.fill, ledger=year.ledger)

    assert rebuilt == Rebuilt(7, year.warehouse.content_hash(), year.warehouse.content_hash())
    assert rebuilt.is_identical


def test_a_rebuilt_warehouse_has_the_same_content_with_the_mirror_of_the_ledger(year):
    def fill(warehouse):
        loaded = year.fill(warehouse)
        campaign = year.definitions.campaign(CAMPAIGN)
        mirror(campaign, as_of=at("2022-12-10 09:00"), calendar=calendar(), ledger=year.ledger, warehouse=warehouse)
        return loaded

    assert rebuild(nullcontext((year.warehouse, new_warehouse())), fill=fill, ledger=year.ledger).is_identical


def test_a_rebuild_without_a_warehouse_compares_with_nothing(year):
    rebuilt = rebuild(nullcontext((None, new_warehouse())), fill=year.fill, ledger=year.ledger)

    assert (rebuilt.submissions, rebuilt.before, rebuilt.is_identical) == (7, None, True)


def test_a_rebuild_tells_when_the_warehouse_held_something_else(year):
    with year.warehouse.batch():
        year.warehouse.refresh({"unit": []}, campaign=CAMPAIGN)
        year.warehouse.commit()

    rebuilt = rebuild(nullcontext((year.warehouse, new_warehouse())), fill=lambda _: 0, ledger=year.ledger)

    assert not rebuilt.is_identical


def test_the_live_warehouse_is_caught_up_before_it_is_compared(year):
    emptied = new_warehouse()

    assert rebuild(nullcontext((emptied, new_warehouse())), fill=year.fill, ledger=year.ledger).is_identical


def test_a_warehouse_that_was_rebuilt_gives_the_same_findings(year):
    year.warehouse = new_warehouse()
    year.catch_up()
    later = survey({"remark": "再次核对"}, filled_on=date(2022, 8, 9))

    # Of the two accepted versions the newer one counts: the second furnace left the survey with it.
    year.receive("2022-08-10 10:00", SUZHOU, ("铁合金.xlsx", later))

    assert year.findings() == []


def without(office, submission):
    """Return an archive in which the workbook of a submission is missing, and its id."""
    lost = office.ledger.submissions(CAMPAIGN)[submission]
    archive = MemoryArchive()
    for one in office.ledger.submissions(CAMPAIGN):
        if one.sha256 != lost.sha256:
            archive.put(office.archive.get(one.sha256))
    return archive, lost.id


def filled_from(office, archive, warehouse, **how):
    return load(
        definitions=office.definitions,
        ledger=office.ledger,
        archive=archive,
        workbooks=workbook_reader(),
        warehouse=warehouse,
        **how,
    )


def test_what_the_archive_has_lost_is_named_and_the_others_are_loaded(year):
    fresh = new_warehouse()
    archive, lost = without(year, submission=0)

    loaded = filled_from(year, archive, fresh)

    assert (loaded.submissions, list(loaded.unreadable)) == (6, [lost])
    assert fresh.missing(year.ledger.accepted()) == [lost]
    assert filled_from(year, year.archive, fresh).submissions == 1  # it came back
    assert fresh.content_hash() == year.warehouse.content_hash()


def test_a_rebuild_without_all_originals_is_not_identical(year):
    archive, _ = without(year, submission=0)

    rebuilt = rebuild(
        nullcontext((None, new_warehouse())),
        fill=lambda it: filled_from(year, archive, it).submissions,
        ledger=year.ledger,
    )

    assert (rebuilt.submissions, rebuilt.missing, rebuilt.is_identical) == (6, 1, False)


def change(warehouse, statement):
    with warehouse._database.guarded() as connection:  # noqa: SLF001  behind our back
        connection.execute(statement)


# What is done behind our back, what a look at each start makes of it, and what reading every row does.
CHANGES = {
    "UPDATE core.progress SET equip_count = 9": (None, "changed_rows"),
    "UPDATE core.progress SET wording_id = 'x'": (None, "changed_rows"),
    "UPDATE core.submission_loaded SET content_hash = 'x' WHERE load_no = 1": (None, "changed_rows"),
    "DELETE FROM core.required_industry": (None, "changed_rows"),
    "DROP TABLE core.letter CASCADE": (None, "unreadable"),
    "DELETE FROM core.progress": ("lost_rows", "lost_rows"),
    "INSERT INTO core.progress FROM core.progress": ("lost_rows", "lost_rows"),
    "UPDATE core.progress SET load_no = 99": ("lost_rows", "lost_rows"),
    "DROP TABLE core.progress CASCADE": ("unreadable", "unreadable"),
    "UPDATE core.submission_loaded SET sha256 = 'x'": ("other_ledger", "other_ledger"),
    "UPDATE core.submission_loaded SET submission_id = 'x/y#1' WHERE load_no = 1": ("other_ledger", "other_ledger"),
    "UPDATE core.obligation SET standing = 'late'": (None, None),  # which it may become by itself
}


def noticed(office, statement):
    """Return what kinds of damage are found after a change, which is rolled back."""
    with office.warehouse.batch():
        change(office.warehouse, statement)
        office.warehouse._counted = None  # noqa: SLF001  as when it is opened the next time
        accepted = office.ledger.accepted_workbooks()
        found = [office.warehouse.damage(accepted, is_thorough=is_thorough) for is_thorough in (False, True)]
    return tuple(one and one.kind for one in found)


def test_what_was_changed_behind_our_back_is_noticed(year):
    assert {statement: noticed(year, statement) for statement in CHANGES} == CHANGES


def test_after_a_change_behind_our_back_all_is_built_anew(year):
    before = year.warehouse.content_hash()
    change(year.warehouse, "UPDATE core.progress SET equip_count = 9")

    assert filled_from(year, year.archive, year.warehouse) == Loaded(0)
    loaded = filled_from(year, year.archive, year.warehouse, is_thorough=True)

    assert (loaded.damage.kind, loaded.submissions) == ("changed_rows", 7)
    assert year.warehouse.content_hash() == before
    assert filled_from(year, year.archive, year.warehouse, is_thorough=True) == Loaded(0)


def test_a_rebuild_says_that_the_live_warehouse_was_damaged(year):
    change(year.warehouse, "UPDATE core.progress SET equip_count = 9")

    rebuilt = rebuild(nullcontext((year.warehouse, new_warehouse())), fill=year.fill, ledger=year.ledger)

    assert (rebuilt.damage.kind, rebuilt.damage.count, rebuilt.is_identical) == ("changed_rows", 1, False)
