"""Publishing (发布): snapshot and board as of an instant, and nothing when nothing changed."""

from pathlib import Path

import duckdb
import pytest

from phaseout.domain.document import DocumentKind
from phaseout.domain.letter import DispatchOutcome, LetterState
from phaseout.domain.signing import SigningTime
from phaseout.usecases.publish import Published
from tests.unit.usecases.office import Office, new_warehouse, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, contact_form, survey

BOARD = Path("site/index.html")


@pytest.fixture
def publishing(tmp_path):
    """Return an open office whose warehouse is a file, for only a file can be copied."""
    office = Office(definitions=two_cities(), warehouse=new_warehouse(tmp_path / "warehouse.duckdb"))
    office.open()
    return office


@pytest.fixture
def snapshot(tmp_path):
    return tmp_path / "phaseout.duckdb"


def site(office):
    return office.pages.sites[-1]


def rows(snapshot, query):
    with duckdb.connect(snapshot, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_snapshot_and_board_are_made_from_the_ledger(publishing, snapshot):
    publishing.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({"capacity": None})))
    publishing.receive("2022-08-09 10:00", SUZHOU, ("铁合金更正.xlsx", survey({})))

    published = publishing.publish("2022-08-09 22:00", snapshot)

    assert published == Published(publishing.warehouse.content_hash(), BOARD, is_new=True)
    assert rows(snapshot, "SELECT content_hash, cut_off_at::VARCHAR, submission_count FROM mart.snapshot") == [
        (published.content_hash, "2022-08-09 22:00:00", 2)
    ]
    standing = "SELECT standing, versions, accepted_at::VARCHAR FROM mart.obligation WHERE unit_code = '320500'"
    of_industry = f"{standing} AND industry = 'ferroalloy' ORDER BY is_paper"
    assert rows(snapshot, of_industry) == [("accepted", 2, "2022-08-09 10:00:00"), ("open", 0, None)]
    assert rows(snapshot, f"{standing} AND milestone = 'contact_list'") == [("late", 0, None)]
    assert rows(snapshot, "SELECT rule, severity, cell FROM mart.finding") == [("SUM-111", "error", "G7")]
    assert rows(snapshot, "SELECT decision FROM mart.submission ORDER BY version") == [("returned",), ("accepted",)]
    assert rows(snapshot, "SELECT kind, state FROM mart.letter ORDER BY letter_id") == [
        ("return", "queued"),
        ("receipt", "queued"),
    ]
    assert [row["unit_name"] for row in site(publishing).answers["units"]] == ["无锡市", "苏州市"]


def test_a_document_that_was_just_written_is_on_the_site_that_follows(publishing, snapshot):
    publishing.publish("2022-09-01 08:00", snapshot)
    publishing.take_stock("monthly_progress", "2022-09-01 09:00")
    publishing.publish("2022-09-01 09:00", snapshot)

    (bulletin,) = site(publishing).documents
    assert (bulletin.kind, bulletin.period, bulletin.version) == (DocumentKind.BULLETIN, "2022-08", 1)


def test_publishing_does_nothing_when_nothing_changed(publishing, snapshot):
    publishing.publish("2022-08-09 09:00", snapshot)
    publishing.pages.written.clear()

    assert publishing.publish("2022-08-09 22:00", snapshot) == Published(None, None, is_new=False)
    assert publishing.pages.written == {}


@pytest.mark.parametrize(
    "reason",
    ["a new day", "a new file", "a lost snapshot", "a lost site"],
)
def test_publishing_starts_again_with(publishing, snapshot, reason):
    publishing.publish("2022-08-09 09:00", snapshot)
    moment = "2022-08-10 00:10" if reason == "a new day" else "2022-08-09 12:00"
    if reason == "a new file":
        publishing.receive("2022-08-09 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    if reason == "a lost site":
        publishing.pages.sites.clear()
    if reason == "a lost snapshot":
        snapshot.unlink()

    assert publishing.publish(moment, snapshot).is_new
    assert snapshot.exists()


def test_publishing_does_not_make_itself_publish_again(publishing, snapshot):
    revision = publishing.ledger.revision()

    publishing.publish("2022-08-09 09:00", snapshot)

    assert publishing.ledger.published(CAMPAIGN)[0] == revision == publishing.ledger.revision()


def test_the_board_counts_the_letters_that_left_or_are_to_leave(publishing, snapshot):
    publishing.remind("2022-06-08 09:00")  # an overdue letter to each city, and a draft about it
    publishing.receive("2022-06-08 10:00", SUZHOU, ("联系人.xlsx", contact_form()))  # which withdraws Suzhou's two

    publishing.publish("2022-06-08 22:00", snapshot)

    assert [(row["kind"], row["letters"]) for row in site(publishing).answers["letter_counts"]] == [
        ("overdue", 1),
        ("receipt", 1),
    ]


def test_the_board_lists_what_waits_for_a_person(publishing, snapshot):
    publishing.remind("2022-06-08 09:00")
    publishing.sender.answer("gxj@suzhou.example", DispatchOutcome.UNCERTAIN)
    publishing.sender.answer("gxj@wuxi.example", DispatchOutcome.PERMANENT)
    publishing.deliver("2022-06-08 09:05")
    publishing.receive("2022-06-08 10:00", "nobody@elsewhere.example", ("联系人.xlsx", contact_form()))

    publishing.publish("2022-06-08 22:00", snapshot)

    todos = site(publishing).todos
    assert [(todo.title, todo.unit_name) for todo in todos] == [
        ("督办函待签发", "无锡市"),
        ("督办函待签发", "苏州市"),
        ("函件未能发出", "无锡市"),
        ("函件是否送达待查", "苏州市"),
        ("来件隔离待查", "—"),
    ]
    assert todos[-1].detail == "发件人不在联系人名册内"
    assert all(todo.since.isoformat() == "2022-06-08" for todo in todos)


def test_a_draft_about_what_has_closed_is_nobodys_task_any_more(publishing, snapshot):
    publishing.remind("2022-06-08 09:00")

    publishing.publish("2023-01-14 22:00", snapshot)

    assert site(publishing).todos == ()


def test_the_board_says_how_long_a_draft_has_waited_and_how_long_a_decision_took(publishing, snapshot):
    publishing.remind("2022-06-08 09:00")
    first, _ = publishing.ledger.letters(states={LetterState.DRAFT})
    publishing.release(first.id, "2022-06-10 16:00")

    publishing.publish("2022-06-13 22:00", snapshot)

    decisions = "SELECT is_released, decided_at::VARCHAR FROM mart.letter WHERE kind = 'supervision' ORDER BY letter_id"
    assert rows(snapshot, decisions) == [(True, "2022-06-10 16:00:00"), (None, None)]
    facts = site(publishing)
    assert facts.signing == SigningTime(decided=1, mean=2.0, longest=2, waiting=1, oldest=3)
    (todo,) = [todo for todo in facts.todos if todo.title == "督办函待签发"]
    assert todo.detail.endswith("，已等待3个工作日")


def test_what_a_crash_had_kept_from_the_warehouse_is_in_the_snapshot(publishing, snapshot, tmp_path):
    publishing.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    publishing.warehouse.close()
    (tmp_path / "warehouse.duckdb").unlink()

    publishing.publish("2022-08-08 22:00", snapshot)

    assert rows(snapshot, "SELECT count(*) FROM mart.equipment") == [(1,)]
