"""Assessing (批次审核): in what order the workbooks of a batch are held against each other."""

from datetime import date

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.submission import Outcome
from tests.unit.usecases.papers import (
    CAMPAIGN,
    DISMANTLED,
    FURNACE,
    SUZHOU,
    completed_list,
    inspection,
    progress,
    survey,
)

KILN = {"equip_name": "回转窑", "equip_model": "HZ-1", "equip_params": "φ2.5m"}
OTHER_FURNACE = {**FURNACE, "equip_model": "HTK-B"}
NOVEMBER = {"as_of": date(2022, 11, 30), "filled_on": date(2022, 11, 29)}


def rules_of(office, form):
    """Return decision and broken rules of the newest submission of a form."""
    submission = next(one for one in reversed(office.ledger.submissions(CAMPAIGN)) if one.form == form)
    return submission.decision, [finding.rule for finding in submission.findings]


@pytest.mark.parametrize(
    ("reported", "decision", "rules"),
    [
        pytest.param([{}], Decision.ACCEPTED, [], id="what the survey names"),
        pytest.param([{}, KILN], Decision.RETURNED, ["PROG-311"], id="an item more"),
        pytest.param([KILN], Decision.RETURNED, ["PROG-311", "PROG-312"], id="another item"),
    ],
)
def test_a_progress_form_is_checked_against_the_survey_that_came_in_the_same_batch(office, reported, decision, rules):
    # Filed in the wrong order: the later form first.
    office.mail("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress(*reported)))
    office.mail("2022-08-29 11:00", SUZHOU, ("表2.xlsx", survey({})))
    office.collect("2022-08-29 12:00")
    office.assess("2022-08-29 12:00")

    assert rules_of(office, "survey_summary") == (Decision.ACCEPTED, [])
    assert rules_of(office, "progress") == (decision, rules)


def test_a_progress_form_is_not_checked_against_a_survey_that_is_returned(office):
    office.receive("2022-08-29 10:00", SUZHOU, ("表3.xlsx", progress({})), ("表2.xlsx", survey({"measure": "改造"})))

    assert rules_of(office, "survey_summary")[0] is Decision.RETURNED
    assert rules_of(office, "progress") == (Decision.ACCEPTED, ["PROG-315"])  # a warning: nothing to compare with yet


@pytest.mark.parametrize(
    ("listed", "decision", "rules"),
    [
        pytest.param([{}], Decision.ACCEPTED, [], id="the item that passed"),
        pytest.param([{}, OTHER_FURNACE], Decision.RETURNED, ["FIN-311"], id="an item that nobody inspected"),
        pytest.param([{"equip_count": 3}], Decision.RETURNED, ["FIN-312"], id="more sets than were inspected"),
    ],
)
def test_a_completed_list_is_checked_against_the_inspection_that_came_with_it(office, listed, decision, rules):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    office.receive("2022-11-29 10:00", SUZHOU, ("表3.xlsx", progress(DISMANTLED, **NOVEMBER)))
    office.receive("2022-12-09 10:00", SUZHOU, ("表5.xlsx", completed_list(*listed)), ("表4.xlsx", inspection()))

    assert rules_of(office, "inspection") == (Decision.ACCEPTED, [])
    assert rules_of(office, "completed_list") == (decision, rules)


def test_of_two_versions_in_one_batch_the_older_is_judged_first(office):
    office.mail("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({}, {**OTHER_FURNACE})))
    office.mail("2022-08-08 11:00", SUZHOU, ("表2更正.xlsx", survey({})))
    office.collect("2022-08-08 12:00")
    office.assess("2022-08-08 12:00")

    assert office.submissions() == [
        ("320500/summary/survey_summary/ferroalloy#1", Decision.ACCEPTED),
        ("320500/summary/survey_summary/ferroalloy#2", Decision.ACCEPTED),
    ]
    # The second knows what the first said: an outdated item has gone without a word.
    assert rules_of(office, "survey_summary") == (Decision.ACCEPTED, ["SUM-311"])


def test_of_two_months_in_one_batch_the_earlier_is_judged_first(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    stopped = {"closure_status": "已停产", "stopped_on": date(2022, 8, 20)}
    office.mail(
        "2022-09-21 10:00", SUZHOU, ("九月.xlsx", progress({}, as_of=date(2022, 9, 30), filled_on=date(2022, 9, 21)))
    )
    office.mail("2022-09-21 11:00", SUZHOU, ("八月.xlsx", progress(stopped, as_of=date(2022, 8, 30))))
    office.collect("2022-09-21 12:00")
    office.assess("2022-09-21 12:00")

    # September falls behind August, although September came first.
    assert rules_of(office, "progress") == (Decision.RETURNED, ["PROG-321"])


def test_workbooks_of_a_form_are_checked_together_but_each_for_itself(office):
    office.receive(
        "2022-08-08 10:00",
        SUZHOU,
        ("铁合金.xlsx", survey({"uscc": None}, {"equip_count": 0})),
        ("造纸.xlsx", survey({**KILN}, industry="造纸")),
    )

    broken = {one.industry: [finding.rule for finding in one.findings] for one in office.ledger.submissions(CAMPAIGN)}
    assert broken == {"ferroalloy": ["SUM-109", "SUM-121"], "paper": []}


def test_deliveries_beyond_a_batchs_rows_are_settled_by_the_batches_that_follow(office, monkeypatch):
    monkeypatch.setattr("phaseout.usecases.assess.BATCH_ROWS", 2)
    office.mail("2022-08-09 10:00", SUZHOU, ("表2.xlsx", survey({}, OTHER_FURNACE)))
    office.mail("2022-08-09 10:30", SUZHOU, ("扫描件.pdf", b"%PDF-1.7"))
    office.mail("2022-08-09 11:00", SUZHOU, ("表2更正.xlsx", survey({})))
    office.collect("2022-08-09 12:00")
    office.assess("2022-08-09 12:00")

    assert [record.outcome for record in office.ledger.deliveries()] == [
        Outcome.ACCEPTED,
        Outcome.REFUSED,
        Outcome.ACCEPTED,
    ]
    assert [submission.version for submission in office.ledger.submissions(CAMPAIGN)] == [1, 2]
    assert len(office.answers()) == 3  # one a delivery
