"""The documents (公文) of a replayed year: every figure derived again from the snapshot, by other statements."""

import shutil

import pytest

from phaseout.bootstrap import App
from phaseout.bootstrap.documents import write
from phaseout.cli.common import instant
from phaseout.domain.document import DocumentKind
from phaseout.settings import Settings
from tests.soak.documents import Snapshot, check_bulletin, check_closing, check_workbook, newest

CAMPAIGN = "jiangsu-2022"
END = "2023-01-14T23:50"
KEPT = ("ledger.sqlite", "warehouse.duckdb", "replay.json", "published/phaseout.duckdb")


@pytest.fixture(scope="module")
def written(year, tmp_path_factory):
    """Return a copy of the year, as far as documents need it, with those of its end."""
    home = tmp_path_factory.mktemp("documents")
    (home / "published").mkdir()
    for name in KEPT:
        shutil.copy(year.path / name, home / name)
    app = App(Settings(home=home))
    wanted = [(DocumentKind.BULLETIN, "2022-09"), (DocumentKind.SUMMARY, None), (DocumentKind.CLOSING, None)]
    versions = {kind: write(app, CAMPAIGN, kind, period=period, as_of=instant(END)).version for kind, period in wanted}
    app.close()
    return home, versions


def test_the_steps_of_the_year_wrote_their_documents(year):
    folder = year.path / "published"

    assert [
        len(list((folder / "bulletins").glob(f"*-2022-{month:02d}-第1版.docx"))) for month in (8, 9, 10, 11, 12)
    ] == [1] * 5
    assert newest(folder / "reports", f"{CAMPAIGN}-工作总结").exists()
    assert list((folder / "final").glob("*完成淘汰清单-第1版.xlsx"))
    assert list((folder / "summary").glob("*汇总表-第1版.xlsx"))


def test_every_figure_can_be_derived_again(written):
    home, _ = written
    snapshot = Snapshot(home)

    assert check_bulletin(snapshot, home / "published", "2022-09") > 150
    assert check_closing(snapshot, home / "published") > 150
    assert check_workbook(snapshot, home / "published") > 100


def test_what_changed_after_the_closing_report_is_its_next_version(year, written):
    _, versions = written

    assert versions[DocumentKind.CLOSING] == 2
    app = year.app()
    (first,) = [one for one in app.ledger.documents(CAMPAIGN) if one.kind is DocumentKind.CLOSING]
    app.close()
    assert first.version == 1
