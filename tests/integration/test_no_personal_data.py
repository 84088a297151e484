"""What analysts receive names nobody: names, phones, mailboxes and free words, sown into all that the office keeps."""

import shutil
import sys

import duckdb
import pytest

from phaseout.adapters.duckdb_warehouse.extracts import BOOK
from phaseout.bootstrap import open_app
from phaseout.domain.letter import LetterState
from tests.filled_forms import CAMPAIGN, put_into_inbox
from tests.integration.conftest import run
from tests.personal_words import (
    MAILBOX,
    NAME,
    PHONE,
    found_in_book,
    found_in_bytes,
    found_in_database,
    found_in_parquet,
    told_by_people,
)
from tests.unit.usecases import papers
from tests.unit.usecases.office import mail_of

SIGNED = ("--by", f"{NAME}处长", "--reason", f"{NAME}电话告知")
SURVEY = f"{CAMPAIGN}/320500/summary/survey_summary/ferroalloy"
NOT_OWED = f"{CAMPAIGN}/320500/inventory/inventory_statement"
FORMS = ("contact", "survey_summary", "progress", "inspection", "completed_list")

pytestmark = pytest.mark.xdist_group("people")


def collect(home, day, **files):
    for name, content in files.items():
        put_into_inbox(home, content, name=f"{name}-{day}.xlsx")
    assert run("collect", "--as-of", f"{day}T10:00") == 0


def receive_mail(home, sender):
    folder = home / "mailbox" / "new"
    folder.mkdir(parents=True, exist_ok=True)
    raw = mail_of(sender, (f"{NAME}.xlsx", papers.contact_form()), subject=f"{NAME}报送")
    (folder / "1660000000.1.city").write_bytes(raw)


def file_forms(home):
    """Let Suzhou file every form, one of them first with what no rule lets pass; and let a stranger write."""
    receive_mail(home, f"{NAME} <{MAILBOX}>")
    wrong = papers.survey({"capacity": None, "uscc": f"{NAME}{PHONE}"})
    contact = papers.contact_form(email="sunsl@suzhou.example")
    collect(home, "2022-08-08", contact=contact, card=papers.card({}), survey=wrong)
    collect(home, "2022-08-30", survey=papers.survey({}), progress=papers.progress({}))
    collect(home, "2022-12-09", inspection=papers.inspection(), completed=papers.completed_list({}))


def act():
    """Let the office act wherever it asks who acts and why."""
    june = (*SIGNED, "--as-of", "2022-06-03")
    person = ("--role", "联系人", "--name", NAME, "--phone", PHONE, "--address", MAILBOX)
    visit = ("--day", "2022-05-31", "--place", "昆山市", "--finding", f"{NAME}台账不全", "--visited-by", NAME)
    receipt = ("--form", "survey_summary", "--industry", "ferroalloy", "--received", "2022-05-31", "--copies", "2")
    for words in (
        ("contacts", "set", "320500", *person, *june),
        ("extend", SURVEY, "--due", "2022-08-22", *june),
        ("waive", "--obligation", NOT_OWED, *june),
        ("waive", "320500", "--rule", "SUM-301", *june),
        ("visit", "320500", *visit, *june),
        ("paper", "320500", *receipt, "--sealed", "--check-figure", "7777-7777", *june),
        ("remind", "--as-of", "2022-06-10"),
    ):
        assert run(*words) == 0, words
    with open_app() as app:
        drafts = [record.id for record in app.ledger.letters() if record.letter.state is LetterState.DRAFT]
    assert run("letters", "release", str(drafts[0]), *SIGNED, "--as-of", "2022-06-10T10:00") == 0
    assert run("letters", "withhold", str(drafts[1]), *SIGNED, "--as-of", "2022-06-10T10:00") == 0


@pytest.fixture(scope="module")
def home(opened, tmp_path_factory):
    """Return the home of a year in which everybody left a name."""
    home = tmp_path_factory.mktemp("people") / "home"
    shutil.copytree(opened, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHASEOUT_HOME", str(home))
        patch.setattr(sys, "argv", [])
        patch.setattr(papers, "workbook", told_by_people)
        act()
        file_forms(home)
        assert run("publish", "--as-of", "2022-12-10") == 0
    return home


@pytest.fixture(scope="module")
def published(home):
    return home / "published"


def test_the_names_were_sown(home):
    ledger = (home / "ledger.sqlite").read_bytes()

    assert found_in_bytes(ledger, "ledger") == ["ledger"]
    assert ledger.count(f"{NAME}处长".encode()) > 6


def test_the_rows_of_every_form_are_in_the_snapshot(published):
    with duckdb.connect(str(published / "phaseout.duckdb"), read_only=True) as connection:
        loaded = connection.execute("SELECT DISTINCT form FROM core.submission_loaded ORDER BY form").fetchall()
        (findings,) = connection.execute("SELECT count(*) FROM mart.finding").fetchone()

    assert {form for (form,) in loaded} == set(FORMS)
    assert findings > 1


def test_no_column_of_the_snapshot_names_anybody(published):
    columns, found = found_in_database(published / "phaseout.duckdb")

    assert columns > 300
    assert found == []


def test_no_parquet_file_names_anybody(published):
    files = sorted((published / "parquet").rglob("*.parquet"))

    assert len(files) > 15
    assert [hit for path in files for hit in found_in_parquet(path)] == []


def test_no_part_of_the_workbook_names_anybody(published):
    assert found_in_book(published / BOOK) == []


def test_the_search_finds_what_is_there(published, tmp_path):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("CREATE TABLE core AS SELECT range AS row_no, $name AS note FROM range(3)", {"name": NAME})

    assert "main.core" in found_in_database(tmp_path / "a.duckdb")[1]
    assert found_in_bytes(NAME.encode("utf-16-le"), "x") == ["x"]
