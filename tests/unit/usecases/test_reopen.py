"""Reopening (重新开放): what came after the close date counts once a named person opens the obligation again."""

import re

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing, UnknownObligation
from phaseout.domain.submission import Outcome
from phaseout.usecases import AssessIsRunning
from phaseout.usecases.assess.reopen import NobodyReopens, NotClosed, NoWindow, reopen
from tests.unit.usecases.office import at, new_warehouse
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, survey

SURVEY = "320500/summary/survey_summary/ferroalloy"
RIGHT = ("表2.xlsx", survey({}))
SPOILED = ("表2.xlsx", survey({"uscc": "91320281MA1TE5T1XX"}))
LATE, THEN = "2023-01-04 10:00", "2023-01-05 09:00"


def reopened(office, *, moment=THEN, unit=SUZHOU, industry="ferroalloy", by="周示例", reason="经研究同意补报", **how):
    what = {"form": "survey_summary", "industry": industry, **how}
    return reopen(CAMPAIGN, unit, **what, by=by, reason=reason, as_of=at(moment), tools=office.tools)


@pytest.fixture
def closed(small_office):
    """Return an office to which Suzhou sent its 表2 after the close date of 2022-12-31."""
    small_office.receive(LATE, SUZHOU, RIGHT)
    return small_office


def test_what_was_held_for_coming_too_late_is_decided_and_counts(closed):
    assert closed.submissions() == [(f"{SURVEY}#1", Decision.HELD)]
    assert closed.view(SURVEY, THEN).standing is Standing.NEVER_FILED

    done = reopened(closed)

    assert [(one.id.removeprefix(f"{CAMPAIGN}/"), one.decision) for one in done.decided] == [
        (f"{SURVEY}#1", Decision.ACCEPTED)
    ]
    assert closed.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED)]
    view = closed.view(SURVEY, THEN)
    assert (view.standing, view.versions, view.arrived_at) == (Standing.ACCEPTED, 1, at(LATE))
    assert closed.outcomes() == [(Outcome.ACCEPTED, "重新开放后办理：审核通过")]


def test_its_sender_is_answered_again_and_told_why(closed):
    reopened(closed)

    first, second = closed.answers()
    assert (first.kind, second.kind) == (LetterKind.RECEIPT, LetterKind.RECEIPT)
    assert second.key == f"{first.key}/2"
    assert second.delivery == first.delivery
    said = closed.text(second)
    assert "你局报送材料收悉。经研究，有关事项已重新开放报送，该来件按原到达时间重新办理，" in said
    assert re.search("结果：审核通过（报送逾期[0-9]+个工作日，截止日期为2022年8月12日）", said)
    assert f"校验码{closed.ledger.submissions(CAMPAIGN)[0].check_figure}" in said
    assert closed.message(second)["In-Reply-To"]


def test_a_held_file_with_faults_is_returned_with_a_marked_copy_and_may_be_corrected(small_office):
    office = small_office
    office.receive(LATE, SUZHOU, SPOILED)

    reopened(office)

    assert office.submissions() == [(f"{SURVEY}#1", Decision.RETURNED)]
    assert office.findings() == ["SUM-101"]
    assert office.files(office.answers()[-1]) == ["批注件-表2.xlsx"]
    assert office.view(SURVEY, THEN).standing is Standing.RETURNED
    office.receive("2023-01-06 10:00", SUZHOU, RIGHT)
    assert office.submissions()[-1] == (f"{SURVEY}#2", Decision.ACCEPTED)


def test_its_paper_is_open_as_long(closed):
    done = reopened(closed)

    closes = {one.id: one.closes for one in closed.ledger.obligations(CAMPAIGN)}
    assert closes[f"{CAMPAIGN}/{SURVEY}/paper"] == done.until


def test_reopening_twice_changes_nothing(closed):
    reopened(closed)
    revision, content = closed.ledger.revision(), closed.warehouse.content_hash()

    again = reopened(closed, moment="2023-01-06 09:00")

    assert (again.is_new, again.decided) == (False, ())
    assert (closed.ledger.revision(), closed.warehouse.content_hash()) == (revision, content)


def test_a_later_day_opens_a_reopened_obligation_for_longer(closed):
    first = reopened(closed)

    second = reopened(closed, until=at("2023-02-10 00:00").date())

    assert [str(first.until), str(second.until), second.is_new] == ["2023-01-19", "2023-02-10", True]


def test_a_crash_before_the_decision_is_made_good_by_repeating_the_act(closed, monkeypatch):
    class PowerCut(Exception):
        """The machine went off."""

    def fails(*_, **__):
        raise PowerCut

    with monkeypatch.context() as power:
        power.setattr(closed.ledger, "record", fails)
        with pytest.raises(PowerCut):
            reopened(closed)
    assert closed.submissions() == [(f"{SURVEY}#1", Decision.HELD)]

    assert [one.decision for one in reopened(closed).decided] == [Decision.ACCEPTED]


def test_an_older_version_that_was_held_too_stays_as_it_is(closed):
    closed.receive("2023-01-04 15:00", SUZHOU, ("表2.xlsx", survey({"output": 4})))

    reopened(closed)

    assert closed.submissions() == [(f"{SURVEY}#1", Decision.HELD), (f"{SURVEY}#2", Decision.ACCEPTED)]
    assert len(closed.answers()) == 3


def test_the_warehouse_is_the_same_after_a_rebuild(closed):
    reopened(closed)
    fresh = new_warehouse()
    closed.fill(fresh)

    assert fresh.content_hash() == closed.warehouse.content_hash()
    assert len(fresh.query("stock/consolidate_survey_summary", parameters={"campaign_id": CAMPAIGN})) == 1


def test_what_was_never_filed_is_late_until_the_new_day_and_may_come(small_office):
    office = small_office
    reopened(office)

    assert office.view(SURVEY, THEN).standing is Standing.LATE
    assert office.view(SURVEY, "2023-01-19 23:00").standing is Standing.LATE
    assert office.view(SURVEY, "2023-01-20 00:00").standing is Standing.NEVER_FILED
    office.receive("2023-01-19 10:00", SUZHOU, RIGHT)
    assert office.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED)]


def test_other_industries_and_units_stay_closed(closed):
    reopened(closed)
    closed.receive("2023-01-06 10:00", SUZHOU, ("表2造纸.xlsx", survey({}, industry="造纸")))

    assert closed.submissions()[-1] == ("320500/summary/survey_summary/paper#1", Decision.HELD)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param({"by": " "}, NobodyReopens, id="nobody"),
        pytest.param({"reason": ""}, NobodyReopens, id="no reason"),
        pytest.param({"industry": "coking"}, UnknownObligation, id="not owed"),
        pytest.param({"unit": "999999"}, UnknownObligation, id="no such unit"),
        pytest.param({"moment": "2022-12-31 23:00"}, NotClosed, id="still open"),
        pytest.param({"until": at("2023-01-01 00:00").date()}, NoWindow, id="a day gone by"),
    ],
)
def test_a_reopening_that_cannot_be_is_refused(closed, how, error):
    with pytest.raises(error):
        reopened(closed, **how)

    assert closed.submissions() == [(f"{SURVEY}#1", Decision.HELD)]


def test_nothing_is_reopened_while_deliveries_are_assessed(closed):
    with closed.ledger.lease("assess", as_of=at(THEN)), pytest.raises(AssessIsRunning):
        reopened(closed)
