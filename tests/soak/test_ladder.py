"""A fixed part of the ladder's simulation; `python -m tests.soak.ladder` lives through all seeds."""

import pytest

from tests.soak.ladder import Run, live, report

pytestmark = pytest.mark.slow

IN_MEMORY = [Run(seed, days=days) for seed, days in ((3, 250), *((seed, 110) for seed in range(20, 31)))]
ON_SQLITE = [Run(seed, ledger="sqlite", days=45) for seed in (5, 12, 30)]
LARGE = [Run(4, units=300, days=30)]


@pytest.mark.parametrize(
    "run", [*IN_MEMORY, *ON_SQLITE, *LARGE], ids=lambda run: f"{run.ledger}-{run.units}-{run.seed}"
)
def test_every_letter_that_was_due_is_written_once_and_nothing_else_is(run):
    told = live(run)

    assert told.counts["letters"] > 0
    assert told.wrong == [], "\n".join(report([told]))
