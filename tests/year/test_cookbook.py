"""The cookbook's answers are those of the replayed year, and a good part of them is found again another way."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import duckdb
import pytest

from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.submission import Decision
from phaseout.settings import PROJECT
from tools.cookbook_page import PAGE, recipes, section

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]

CAMPAIGN = "jiangsu-2022"
HOW_TO = PROJECT / "docs" / "how-to" / "ask-the-warehouse.md"
RECIPES = {recipe.file.partition("_")[2].removesuffix(".sql"): recipe for recipe in recipes()}


@pytest.fixture(scope="module")
def snapshot(year):
    with duckdb.connect(str(year.path / "published" / "phaseout.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def app(year):
    app = year.app()
    yield app
    app.close()


@pytest.fixture(scope="module")
def submissions(app):
    return app.ledger.submissions(CAMPAIGN)


@pytest.fixture(scope="module")
def expected(app):
    """What was owed as files: the denominator of every rate."""
    return [one for one in app.ledger.obligations(CAMPAIGN) if one.is_expected and one.form]


@pytest.fixture(scope="module")
def names(snapshot):
    return dict(snapshot.execute("SELECT unit_code, unit_name FROM mart.unit").fetchall())


def answer(snapshot, name):
    cursor = snapshot.execute(RECIPES[name].query)
    head = [column[0] for column in cursor.description]
    return [dict(zip(head, row, strict=True)) for row in cursor.fetchall()]


def wall(instant):
    return instant.astimezone(CHINA).replace(tzinfo=None)


@pytest.mark.parametrize("name", RECIPES)
def test_the_answer_on_the_page_is_the_answer_of_the_year(name, snapshot):
    assert section(RECIPES[name], snapshot) in PAGE.read_text("utf-8")


def test_the_first_steps_of_the_how_to_can_be_walked(snapshot):
    blocks = re.findall(r"```sql\n(.*?)```", HOW_TO.read_text("utf-8"), flags=re.DOTALL)
    asked = [query for block in blocks for query in re.sub(r"--.*", "", block).split(";") if query.strip()]

    assert len(asked) == 3
    for query in asked:
        assert snapshot.execute(query).fetchall()


def test_the_how_to_leads_to_questions_that_exist():
    numbers = {int(number) for number in re.findall(r"cookbook\.md#q(\d+)", HOW_TO.read_text("utf-8"))}

    assert numbers <= {recipe.number for recipe in RECIPES.values()}
    assert RECIPES["burn_down"].number == 15  # the page says so in words


def test_every_key_tells_the_rows_of_its_mart_apart(snapshot):
    marts = snapshot.execute(
        "SELECT asked_as, key_columns FROM mart.data_dictionary WHERE column_name IS NULL ORDER BY table_name"
    ).fetchall()
    doubled = []
    for asked_as, key in marts:
        source = asked_as.replace("(as_of)", "(DATE '2022-11-15')")
        counted = f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {key} FROM {source})) FROM {source}"  # noqa: S608
        ((rows, keys),) = snapshot.execute(counted).fetchall()
        doubled += [(asked_as, rows, keys)] if rows != keys else []

    assert len(marts) > 15
    assert doubled == []


def test_who_never_filed_is_who_has_no_submission_in_the_ledger(snapshot, submissions, expected, names):
    filed = {one.obligation for one in submissions}
    silent = {(names[one.unit], one.milestone, one.period) for one in expected if one.id not in filed}

    told = [row for row in answer(snapshot, "never_filed") if not row["is_paper"]]
    assert {(row["unit_name"], row["milestone"], row["period"]) for row in told} == silent
    assert len(told) == 2


def test_the_on_time_rate_is_that_of_arrivals_by_the_due_day_with_silence_in_the_denominator(
    snapshot, submissions, expected, names
):
    first = {one.obligation: wall(one.arrived_at).date() for one in submissions if one.version == 1}
    owed, punctual = Counter(), Counter()
    for one in expected:
        owed[names[one.unit]] += 1
        punctual[names[one.unit]] += first.get(one.id, date.max) <= one.due

    told = {row["unit_name"]: row["on_time_rate"] for row in answer(snapshot, "on_time_by_city")}
    # a form due on a day off is on time until the next working day begins; nothing arrived in between here
    assert told == {unit: round(punctual[unit] / owed[unit], 4) for unit in owed}
    assert told["南京市"] == pytest.approx(0.1053)


def test_the_late_forms_are_those_that_arrived_after_their_due_day(snapshot, submissions, expected):
    due = {one.id: one.due for one in expected}
    late = [one for one in submissions if one.version == 1 and wall(one.arrived_at).date() > due[one.obligation]]

    assert {(row["industry"], row["period"], row["arrived_at"]) for row in answer(snapshot, "late_forms")} == {
        (one.industry, one.period, wall(one.arrived_at)) for one in late
    }
    assert len(answer(snapshot, "late_forms")) == len(late)


def test_letters_per_form_are_the_ledgers_letters_by_their_items(snapshot, app, submissions, expected, names):
    of_unit = {one.id: names[one.unit] for one in expected}
    unprompted = {LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.SUPERVISION}
    unprompted |= {LetterKind.CRITICISM, LetterKind.COORDINATION}
    letters = Counter(
        of_unit[obligation]
        for record in app.ledger.letters(CAMPAIGN)
        if record.letter.kind in unprompted and record.letter.state is LetterState.SENT
        for obligation in {item.obligation for item in record.letter.items}
        if obligation in of_unit
    )
    accepted = Counter(
        of_unit[obligation]
        for obligation in {one.obligation for one in submissions if one.decision is Decision.ACCEPTED}
    )

    told = {row["unit_name"]: row["letters_per_form"] for row in answer(snapshot, "letters_per_form")}
    assert told == {unit: round(letters[unit] / accepted[unit], 3) for unit in names.values()}


def test_the_standing_of_that_evening_follows_from_what_had_arrived_and_been_decided(snapshot, submissions, expected):
    then = datetime(2022, 8, 12, 18, 0, tzinfo=CHINA)
    newest = {}
    for one in sorted(submissions, key=lambda one: one.version):
        if one.arrived_at <= then:
            newest[one.obligation] = one.decision if one.decided_at <= then else "received"
    standings = Counter(
        (one.milestone, str(newest.get(one.id, "nothing"))) for one in expected if one.milestone == "summary"
    )

    told = {
        row["standing"]: row["obligation_count"]
        for row in answer(snapshot, "standing_as_of")
        if row["milestone"] == "summary"
    }
    assert told["accepted"] == standings["summary", "accepted"] == 85
    assert told["returned"] == standings["summary", "returned"] == 1
    assert told["open"] == standings["summary", "nothing"] == 17


def test_the_returned_forms_are_the_ledgers_with_their_errors(snapshot, submissions, names):
    returned = {
        (names[one.unit], wall(one.decided_at)): {f.rule for f in one.findings if f.severity in {"blocking", "error"}}
        for one in submissions
        if one.decision is Decision.RETURNED
    }

    assert {
        (row["unit_name"], row["decided_at"]): {words.partition(" ")[0] for words in row["broken_rules"].split("；")}
        for row in answer(snapshot, "returned_forms")
    } == returned


def test_the_top_rules_are_the_ledgers_findings_counted(snapshot, submissions):
    places = Counter(finding.rule for one in submissions for finding in one.findings)

    assert {row["rule"]: row["finding_count"] for row in answer(snapshot, "top_rules")} == places


def test_the_burn_down_is_the_sum_of_each_citys_last_filed_month(snapshot):
    filed = defaultdict(lambda: defaultdict(list))
    items = "SELECT unit_code, period, equip_count, is_closed FROM mart.progress_item"
    for unit, period, count, is_closed in snapshot.execute(items).fetchall():
        filed[unit][period].append((count, is_closed))
    periods = sorted({period for months in filed.values() for period in months})
    still_open = {
        period: sum(
            count
            for months in filed.values()
            for count, is_closed in months[max(known for known in months if known <= period)]
            if not is_closed
        )
        for period in periods
    }

    assert {row["period"]: row["open_sets"] for row in answer(snapshot, "burn_down")} == still_open
    assert still_open["2022-12"] == 7


def test_capacity_is_added_up_within_its_unit_of_measure_only(snapshot):
    by_unit = defaultdict(Decimal)
    for unit, industry, capacity in snapshot.execute(
        "SELECT capacity_unit, industry_name, capacity FROM mart.completed_list"
    ).fetchall():
        by_unit[unit, industry] += capacity

    told = answer(snapshot, "capacity_closed")
    assert {(row["capacity_unit"], row["industry_name"]): row["capacity"] for row in told} == by_unit
    assert len({row["capacity_unit"] for row in told}) == 6


def test_judgement_and_self_judgement_are_those_of_the_items(snapshot):
    items = snapshot.execute("SELECT judgement, is_outdated FROM mart.equipment").fetchall()

    told = {(row["judgement"], row["is_outdated"]): row["items"] for row in answer(snapshot, "judgement")}
    assert told == Counter(items)


def test_no_item_was_seen_to_go_back(snapshot):
    order = ["未启动", "已停产", "已断水断电", "已拆动力", "已封存", "拆除中", "已拆除", "已验收"]
    months = defaultdict(list)
    for unit, item, status in snapshot.execute(
        "SELECT unit_code, item_id, closure_status FROM mart.progress_item ORDER BY period"
    ).fetchall():
        months[unit, item].append(order.index(status))
    steps = Counter(
        "forward" if after > before else "back" if after < before else "same"
        for places in months.values()
        for before, after in pairwise(places)
    )

    told = {row["direction"]: row["step_count"] for row in answer(snapshot, "status_steps")}
    assert told == {way: steps[way] for way in ("forward", "same", "back")}


def test_the_letters_of_a_month_are_those_that_the_ledger_sent(snapshot, app):
    months = Counter(
        record.letter.day.strftime("%Y-%m")
        for record in app.ledger.letters(CAMPAIGN)
        if record.letter.state is LetterState.SENT
    )

    assert {row["month"]: row["letter_count"] for row in answer(snapshot, "letters_by_month")} == months


def test_drafts_that_nobody_decided_wait(snapshot, app):
    states = Counter(
        (str(record.letter.kind), str(record.letter.state))
        for record in app.ledger.letters(CAMPAIGN)
        if record.letter.kind in {LetterKind.SUPERVISION, LetterKind.CRITICISM, LetterKind.COORDINATION}
    )

    for row in answer(snapshot, "drafts"):
        assert row["waiting_count"] == states[row["kind"], "draft"]
        assert row["withdrawn_count"] == states[row["kind"], "withdrawn"]
        assert row["draft_count"] == sum(count for (kind, _), count in states.items() if kind == row["kind"])


def test_the_history_of_the_item_holds_what_its_forms_say_of_it(snapshot):
    item = re.search(r"item_id = '(\w+)'", RECIPES["history_of_item"].query)[1]
    ((checked, planned),) = snapshot.execute(
        "SELECT checked_date, plan_date FROM mart.equipment WHERE item_id = $item", {"item": item}
    ).fetchall()
    ((completed, inspected),) = snapshot.execute(
        "SELECT completed_date, inspected_date FROM mart.completed_list WHERE item_id = $item", {"item": item}
    ).fetchall()
    statuses = snapshot.execute(
        "SELECT period, closure_status FROM mart.progress_item WHERE item_id = $item ORDER BY period", {"item": item}
    ).fetchall()

    told = answer(snapshot, "history_of_item")
    days = {row["event"]: row["event_date"] for row in told if row["event"] != "status_changed"}
    assert (days["checked"], days["planned"], days["completed"], days["inspected"]) == (
        checked,
        planned,
        completed,
        inspected,
    )
    assert [(row["period"], row["detail"]) for row in told if row["event"] == "status_changed"] == statuses
