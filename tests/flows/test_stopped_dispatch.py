"""While dispatch is stopped (停发) a run says so, and what waits goes on waiting."""

from datetime import datetime

import pytest

from flows.deliver import deliver
from phaseout.bootstrap import open_app
from phaseout.domain.calendar import CHINA
from phaseout.domain.dispatch_stop import DispatchStop
from phaseout.domain.letter import LetterState
from tests.ledger_samples import CAMPAIGN, letter

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]

MORNING = datetime(2022, 8, 12, 9, tzinfo=CHINA)


def test_a_run_says_that_dispatch_is_stopped_and_sends_nothing(home):
    with open_app() as app:
        app.ledger.queue([letter("waits", day=MORNING.date())])
        app.stops.stop(DispatchStop(MORNING, "周示例", "邮箱更换"))

    state = deliver(as_of=MORNING, return_state=True)

    assert (state.name, "恢复发件须由经办人决定" in state.message) == ("停发中", True)
    with open_app() as app:
        assert [one.letter.state for one in app.ledger.letters(CAMPAIGN.id)] == [LetterState.QUEUED]
    assert not (home / "outgoing").exists()
