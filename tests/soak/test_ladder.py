"""A fixed part of the ladder's simulation; `python -m tests.soak.ladder` lives through all seeds."""

import pytest

from tests.soak.ladder import Run, live, report
from tests.soak.ladder_breaks import BREAKS

pytestmark = pytest.mark.slow

IN_MEMORY = [Run(seed, days=days) for seed, days in ((3, 250), *((seed, 110) for seed in range(20, 29)))]
IN_A_RACE = [Run(seed, days=110, race=True) for seed in (29, 30)]
ON_SQLITE = [Run(seed, ledger="sqlite", days=45) for seed in (5, 12, 30)]
# Of these at least one notices each break, most of them the first.
NOTICING = (1, 5, 22, 20, 26, 0, 2, 3)
LARGE = [Run(4, units=300, days=30)]


@pytest.mark.parametrize(
    "run", [*IN_MEMORY, *IN_A_RACE, *ON_SQLITE, *LARGE], ids=lambda run: f"{run.ledger}-{run.units}-{run.seed}"
)
def test_every_letter_that_was_due_is_written_once_and_nothing_else_is(run):
    told = live(run)

    assert told.counts["letters"] > 0
    assert told.wrong == [], "\n".join(report([told]))


@pytest.mark.parametrize("fault", BREAKS)
def test_a_product_that_is_broken_on_purpose_does_not_pass(fault):
    assert any(live(Run(seed, race=seed == 5, fault=fault)).wrong for seed in NOTICING)
