"""A part that fails is started again soon, then less soon; one that cannot be kept up is said to be so."""

import pytest

from phaseout.cli.service.patience import FAILURES, WHEN_FAILING, Patience

A_MINUTE = 60.0


@pytest.mark.parametrize(
    ("at", "waits"),
    [
        pytest.param([0], [1], id="the first failure is mended at once"),
        pytest.param([0, 5, 10], [1, 2, 4], id="each of a series waits twice as long"),
        pytest.param([0, 5, 10, 15, 20], [1, 2, 4, 8, WHEN_FAILING], id="the fifth within ten minutes is hopeless"),
        pytest.param(
            [0, 11 * A_MINUTE, 22 * A_MINUTE], [1, 1, 1], id="one every eleven minutes is each time the first"
        ),
    ],
)
def test_the_wait_grows_with_the_failures_of_the_last_ten_minutes(at, waits):
    patience = Patience()

    assert [patience.failed(float(second)) for second in at] == waits


def test_what_fails_five_times_in_a_row_cannot_be_kept_up_until_it_was_quiet():
    patience = Patience()
    for second in range(FAILURES):
        patience.failed(float(second))
    assert patience.is_exhausted

    patience.failed(20 * A_MINUTE)

    assert not patience.is_exhausted
