"""The contract of the extracts (数据文件): renewed when the snapshot says something else; the twin and the files."""

import pytest

from phaseout.adapters.duckdb_warehouse.extracts import FileExtracts
from phaseout.adapters.memory.extracts import MemoryExtracts
from phaseout.adapters.pages.dictionary import read_words
from phaseout.settings import PROJECT
from phaseout.usecases.extract import is_extract_due
from tests.extracts import CAMPAIGN, NEXT_NIGHT, NIGHT, snapshots

WORDS = read_words(PROJECT / "data" / "pages" / "dictionary.yaml")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(params=["memory", "files"])
def extracts(request, tmp_path):
    if request.param == "memory":
        return MemoryExtracts()
    return FileExtracts(tmp_path / "published", sql_folder=PROJECT / "data" / "sql", words=WORDS)


def test_extracts_are_due_once_a_day_and_renewed_when_the_snapshot_says_something_else(extracts, published):
    first, later = published
    assert extracts.renewed_on() is None
    assert is_extract_due(as_of=NIGHT, extracts=extracts)

    assert extracts.renew(first, campaign=CAMPAIGN, day=NIGHT.date())
    assert not is_extract_due(as_of=NIGHT, extracts=extracts)

    assert is_extract_due(as_of=NEXT_NIGHT, extracts=extracts)
    # Looked at and found to be the same: that is enough for the day.
    assert not extracts.renew(first, campaign=CAMPAIGN, day=NEXT_NIGHT.date())
    assert not is_extract_due(as_of=NEXT_NIGHT, extracts=extracts)

    assert extracts.renew(later, campaign=CAMPAIGN, day=NEXT_NIGHT.date())
