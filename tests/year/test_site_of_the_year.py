"""The site (工作看板) when the year is over: every figure as the published snapshot has it, and every document."""

import zipfile
from contextlib import closing
from hashlib import sha256

import pytest

from phaseout.domain.document import DocumentKind
from tests.site_figures import FIGURES, Published

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]


@pytest.fixture(scope="module")
def published(year):
    with closing(year.app()) as app:
        _, today = app.ledger.published("jiangsu-2022")
    told = Published(year.path / "published", today)
    yield told
    told.snapshot.close()


@pytest.mark.parametrize("figure", FIGURES)
def test_the_pages_say_what_the_snapshot_says_of(published, figure):
    shown, asked = FIGURES[figure]

    assert shown(published) == asked(published)


def test_every_document_of_the_year_can_be_taken_from_the_site_and_names_nobody_of_the_register(year, published):
    with closing(year.app()) as app:
        documents = app.ledger.documents("jiangsu-2022")
        people = {told for one in app.ledger.all_contacts("jiangsu-2022") for told in (one.name, one.address) if told}
    copies = [path for path in (published.folder / "site" / "files").iterdir() if path.suffix != ".html"]

    assert {kind for kind in DocumentKind if kind is not DocumentKind.CORRECTIONS} <= {one.kind for one in documents}
    assert sorted(sha256(path.read_bytes()).hexdigest() for path in copies) == sorted(
        digest for one in documents for digest in one.files.values()
    )
    assert people
    for path in copies:
        with zipfile.ZipFile(path) as parts:
            words = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        assert not [person for person in people if person in words], path.name
