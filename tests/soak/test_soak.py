"""A fixed part of the mass proofs of reading; the whole of each is run by its module."""

import pytest

from tests.soak import cells, workbooks

pytestmark = pytest.mark.slow


def test_no_valid_workbook_is_called_wrong_whoever_wrote_it(tmp_path):
    told = workbooks.run(40, seed=3, folder=tmp_path)

    assert told.workbooks >= 40
    assert set(told.forms) == set(cells.FORMS)
    assert told.changed == []
    assert [(finding.file, finding.rule, finding.message) for finding in told.false] == []


def test_no_cell_changes_in_silence_on_its_way_to_the_office_tables(tmp_path):
    told = cells.run(10_000, seed=7, folder=tmp_path)

    assert told.cells >= 10_000
    assert set(told.forms) == set(cells.FORMS)
    assert told.silent == []
    assert told.told_again["core table"] > 5000
    assert told.told_again["marked copy"] > 5000
