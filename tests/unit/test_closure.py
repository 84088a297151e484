"""How much a unit has still to close (关停), from the figures of what it filed."""

from datetime import datetime

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.closure import open_items
from phaseout.domain.decision import Decision
from phaseout.domain.obligation import Submitted, plan_obligations
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
SUZHOU = {
    obligation.id.removeprefix("jiangsu-2022/320500/"): obligation
    for obligation in plan_obligations(FileDefinitions(PROJECT).campaign("jiangsu-2022"), calendar=CALENDAR)
    if obligation.unit == "320500"
}
CONTACT, INSPECTION = "contact_list/contact", "final_list/inspection"
FERROALLOY, PAPER = "summary/survey_summary/ferroalloy", "summary/survey_summary/paper"
AUGUST, SEPTEMBER = "monthly_progress/progress/2022-08", "monthly_progress/progress/2022-09"
NOON = datetime(2022, 9, 29, 12, tzinfo=CHINA)


def filed(*submissions):
    """Return submissions by obligation; each is (obligation, version, figures) or that with a decision."""
    by_obligation = {}
    for name, version, figures, *decision in submissions:
        by_obligation.setdefault(SUZHOU[name].id, []).append(
            Submitted(SUZHOU[name].id, version, NOON, NOON, *(decision or [Decision.ACCEPTED]), 0, figures)
        )
    return by_obligation


def progress(items, closed):
    return {"items": items, "sets": 2 * items, "closed": closed}


@pytest.mark.parametrize(
    ("submissions", "items"),
    [
        pytest.param([], 0, id="nothing was filed"),
        pytest.param([(CONTACT, 1, {"contacts": 1})], 0, id="a form that tells nothing of equipment"),
        pytest.param([(FERROALLOY, 1, {"outdated": 3}), (PAPER, 1, {"outdated": 2})], 5, id="the surveys add up"),
        pytest.param(
            [(FERROALLOY, 2, {"outdated": 1}), (FERROALLOY, 1, {"outdated": 3})], 1, id="a survey's newest version"
        ),
        pytest.param(
            [(FERROALLOY, 1, {"outdated": 3}), (FERROALLOY, 2, {"outdated": 9}, Decision.RETURNED)],
            3,
            id="a returned version tells nothing",
        ),
        pytest.param(
            [(FERROALLOY, 1, {"outdated": 3}), (AUGUST, 1, progress(3, 1))], 2, id="a progress form tells better"
        ),
        pytest.param(
            [(SEPTEMBER, 1, progress(3, 3)), (AUGUST, 2, progress(3, 1))],
            0,
            id="the newest month, though August was corrected after it",
        ),
        pytest.param([(AUGUST, 2, progress(3, 2)), (AUGUST, 1, progress(3, 0))], 1, id="a month's newest version"),
        pytest.param(
            [(FERROALLOY, 1, {"outdated": 3}), (INSPECTION, 1, {"items": 3, "passed": 3})],
            3,
            id="an inspection is no progress form",
        ),
    ],
)
def test_the_newest_accepted_forms_tell_what_is_open(submissions, items):
    obligations = {obligation.id: obligation for obligation in SUZHOU.values()}

    assert open_items(obligations, filed(*submissions)) == items
