"""Assessing (批次审核): run twice, beside another, or after a crash, it decides once and loses nothing."""

from dataclasses import replace
from itertools import count

import pytest

from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.domain.decision import Decision
from phaseout.ports import LeaseLost, RuleDidNotRun
from phaseout.usecases.assess import Assessed, assess
from tests.unit.usecases.office import OFFICE, PROVIDER, Office, at, new_warehouse
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, progress, survey

SURVEY = ("表2.xlsx", survey({}))
ACCEPTED = [("320500/summary/survey_summary/ferroalloy#1", Decision.ACCEPTED)]


def rows_in(warehouse):
    return len(warehouse.query("stock/consolidate_survey_summary", parameters={"campaign_id": CAMPAIGN}))


class PowerCut(Exception):
    """The machine went off."""


class FailsOnce(DuckDbWarehouse):
    """A warehouse whose machine goes off at the first commit of a batch."""

    has_failed = False

    def commit(self):
        if not self.has_failed:
            self.has_failed = True
            raise PowerCut
        super().commit()


@pytest.fixture
def interrupted():
    """Return an office whose machine went off between the ledger's transaction and the warehouse's commit."""
    office = Office(warehouse=new_warehouse(kind=FailsOnce))
    office.open()
    with pytest.raises(PowerCut):
        office.receive("2022-08-08 10:00", SUZHOU, SURVEY)
    return office


def test_with_nothing_to_do_the_warehouse_is_not_even_opened(office):
    office.warehouse.close()

    assert office.assess("2022-08-08 10:00") == Assessed()


def test_assessing_twice_changes_nothing(office):
    office.receive("2022-08-08 10:00", SUZHOU, SURVEY)
    revision, content = office.ledger.revision(), office.warehouse.content_hash()

    assert office.assess("2022-08-08 10:05") == Assessed()
    assert (office.ledger.revision(), office.warehouse.content_hash()) == (revision, content)
    assert len(office.answers()) == 1


def test_a_crash_after_the_ledgers_transaction_leaves_the_decision_standing(interrupted):
    assert interrupted.submissions() == ACCEPTED
    assert len(interrupted.answers()) == 1
    assert rows_in(interrupted.warehouse) == 0


def test_what_a_crash_kept_from_the_warehouse_is_caught_up_at_the_next_start(interrupted):
    office = interrupted

    office.receive("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress({})))

    assert rows_in(office.warehouse) == 1
    assert office.submissions()[0] == ACCEPTED[0]
    assert office.findings() == []  # the 表3 was held against the 表2 of before the crash
    assert len(office.answers()) == 2


def test_a_lease_held_elsewhere_stops_assessing(office):
    office.mail("2022-08-08 10:00", SUZHOU, SURVEY)
    office.collect("2022-08-08 10:00")

    with office.ledger.lease("assess", as_of=at("2022-08-08 10:00")):
        assert office.assess("2022-08-08 10:01") == Assessed()
        assert office.submissions() == []

    assert office.assess("2022-08-08 10:02") == Assessed(deliveries=1, accepted=1)


def test_who_was_overtaken_by_another_machine_decides_nothing(office):
    office.mail("2022-08-08 10:00", SUZHOU, SURVEY)
    office.collect("2022-08-08 10:00")
    elsewhere = office.ledger.lease("assess", as_of=at("2022-08-08 10:10"))

    def slowly():
        assert elsewhere.__enter__()

    with pytest.raises(LeaseLost):
        assess(as_of=at("2022-08-08 10:00"), tools=replace(office.tools, catch_up=slowly))

    assert office.submissions() == office.letters() == []
    assert office.outcomes() == [(None, "")]
    assert rows_in(office.warehouse) == 0
    elsewhere.__exit__(None, None, None)
    assert office.assess("2022-08-08 10:11") == Assessed(deliveries=1, accepted=1)


def test_a_batch_that_lasts_is_not_taken_over(office):
    office.mail("2022-08-08 10:00", SUZHOU, SURVEY)
    office.collect("2022-08-08 10:00")
    nine_minutes_a_look = count(step=540).__next__
    tried = []

    class Watched(StrangersMail):
        """Reads mail, and lets another machine try whether it could take over."""

        def read(self, raw, *, arrived_at=None):
            with office.ledger.lease("assess", as_of=at("2022-08-08 10:18")) as lease:
                tried.append(lease)
            return super().read(raw, arrived_at=arrived_at)

    tools = replace(office.tools, messages=Watched(PROVIDER, office_address=OFFICE))
    done = assess(as_of=at("2022-08-08 10:00"), tools=tools, clock=nine_minutes_a_look)

    assert done == Assessed(deliveries=1, accepted=1)
    assert set(tried) == {None}


class BadRule(DuckDbWarehouse):
    """A warehouse with a rule that the office broke."""

    def check(self, form, *, parameters):  # noqa: ARG002 - the port's
        raise RuleDidNotRun("SUM-301", reason="no such column")


def test_a_rule_that_cannot_run_stops_us_and_no_unit_hears_of_it():
    office = Office(warehouse=new_warehouse(kind=BadRule))
    office.open()

    with pytest.raises(RuleDidNotRun, match="SUM-301"):
        office.receive("2022-08-08 10:00", SUZHOU, SURVEY)

    assert office.outcomes() == [(None, "")]  # it waits for the next start
    assert office.letters() == []
    assert office.submissions() == []


def test_the_same_bytes_and_the_same_history_give_the_same_findings_and_the_same_answer():
    offices = [Office(), Office()]
    for office in offices:
        office.open()
        office.drop(SUZHOU, "表2.xlsx", survey({"uscc": "91320281MA1TE5T1XX"}))
        office.collect("2022-08-08 10:00")
        office.assess("2022-08-08 10:00")

    first, second = offices
    assert first.findings() == second.findings() == ["SUM-101"]
    assert first.answers() == second.answers()
    assert first.warehouse.content_hash() == second.warehouse.content_hash()
