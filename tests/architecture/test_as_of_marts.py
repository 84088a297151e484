"""The marts as of an instant are those of today, over what was known then."""

import pytest

from tools import as_of_marts


@pytest.mark.parametrize("name", as_of_marts.TWINS)
def test_a_mart_as_of_an_instant_is_the_same_statement_as_that_of_today(name):
    assert (as_of_marts.MARTS / f"{name}_as_of.sql").read_text("utf-8") == as_of_marts.twin(name)


def test_every_as_of_mart_is_written_from_another():
    names = {path.stem.removesuffix("_as_of") for path in as_of_marts.MARTS.glob("*_as_of.sql")}

    assert names == set(as_of_marts.TWINS)


def test_a_twin_reads_nothing_of_today_that_is_told_as_of_an_instant():
    known = as_of_marts.told_as_of()

    assert known >= {"obligation", "submission", "progress_current", "judged_version"}
    assert "core.current_submission_as_of(as_of) AS loaded" in as_of_marts.twin("progress_monthly")
