"""The site (工作看板) when the year is over: every figure as the published snapshot has it."""

from contextlib import closing

import pytest

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
