"""The contract of what writes documents (公文): same edition, same bytes; files stay where they are."""

from pathlib import Path

import pytest

from phaseout.adapters.memory.documents import MemoryDocuments
from phaseout.adapters.pages.documents import FileDocuments
from phaseout.settings import PROJECT
from tests.document_facts import edition


@pytest.fixture(params=["memory", "files"])
def documents(request, tmp_path):
    if request.param == "memory":
        return MemoryDocuments()
    return FileDocuments(tmp_path, templates=PROJECT / "data" / "documents", own=tmp_path / "own")


def test_the_same_edition_gives_the_same_files(documents):
    assert documents.make(edition()) == documents.make(edition())


def test_another_version_has_files_of_its_own(documents):
    first, second = documents.make(edition()).files, documents.make(edition(version=2)).files

    assert not set(first) & set(second)


def test_what_is_made_lies_nowhere_until_it_is_kept(documents):
    made = documents.make(edition()).files
    names = list(made)

    assert list(documents.missing(names)) == names
    assert documents.keep(made) == documents.paths(names)
    assert list(documents.missing([*names, "bulletins/other.docx"])) == ["bulletins/other.docx"]
    assert all(isinstance(path, Path) for path in documents.paths(names))
