"""The campaign year as a city, the office and an analyst see it when it is over."""

import hashlib
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date

import duckdb
import openpyxl
import pytest

from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import ANSWERS, LetterKind, LetterState
from tests.year.conftest import replayed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]

UNPROMPTED = {LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE}


@pytest.fixture(scope="module")
def app(year):
    app = year.app()
    yield app
    app.close()


@pytest.fixture(scope="module")
def letters(app):
    return app.ledger.letters("jiangsu-2022")


@pytest.fixture(scope="module")
def obligations(year):
    return year.sql("select * from mart.obligation")


@pytest.fixture(scope="module")
def files(obligations):
    """What is filed by mail; what is owed on paper is registered by the office."""
    return [one for one in obligations if not one["is_paper"]]


@pytest.fixture(scope="module")
def submissions(app):
    return app.ledger.submissions("jiangsu-2022")


def test_every_obligation_of_the_year_has_a_standing_with_a_reason(obligations, files):
    # 13 contact forms, 13 statements, 103 表2, 13 x 4 表3, 13 goals, 13 表4, 13 表5;
    # and the 表3 of December where items were open
    assert len(files) == 220 + sum(one["period"] == "2022-12" for one in files)
    assert all(one["standing"] and one["reason"] for one in obligations)


def test_nothing_is_left_in_between_when_the_year_is_over(obligations):
    standings = Counter(one["standing"] for one in obligations if one["form"])

    assert set(standings) == {"accepted", "never_filed"}


def test_the_city_that_never_sends_its_contacts_shows_never_filed(obligations):
    never = [one for one in obligations if one["standing"] == "never_filed" and one["milestone"] == "contact_list"]

    assert len(never) == 1
    assert never[0]["reason"] == "报送关闭日前始终未报"


def test_the_sealed_copies_of_all_cities_but_one_come_in_after_acceptance(obligations):
    papers = [one for one in obligations if one["is_paper"]]
    never = [one for one in papers if one["standing"] == "never_filed"]
    accepted_on = {one["obligation_id"]: one["accepted_at"][:10] for one in obligations if one["accepted_at"]}

    assert len(papers) == 103
    assert len({one["unit_code"] for one in never}) == 1
    for one in papers:
        if one["standing"] == "accepted":
            assert one["arrived_at"][:10] > accepted_on[one["obligation_id"].removesuffix("/paper")]


def test_the_city_that_is_silent_in_october_never_files_that_month(files):
    never = [one for one in files if one["standing"] == "never_filed" and one["milestone"] != "contact_list"]

    assert [one["period"] for one in never] == ["2022-10"]


def test_each_late_standing_was_reminded_before_and_told_after_its_due_date(files, letters):
    written = defaultdict(set)
    for record in letters:
        for item in record.letter.items:
            written[item.obligation].add(item.rung)
    late = [one for one in files if one["form"] and one["days_late"] > 0]

    assert late
    for one in late:
        assert 3 in written[one["obligation_id"]], f"no reminder on the day before: {one}"
        assert 4 in written[one["obligation_id"]] or one["milestone"] == "inventory", f"no overdue notice: {one}"


def test_each_wrong_workbook_was_returned_with_its_findings_and_accepted_later(submissions, letters):
    returned = [one for one in submissions if one.decision == "returned"]
    answered = {record.letter.delivery for record in letters if record.letter.kind is LetterKind.RETURN}

    rules = {finding.rule for one in returned for finding in one.findings}
    assert rules >= {"SUM-101", "SUM-145"}
    assert "SUM-302" not in rules  # its wrong total waits until the cells it adds up are right
    for one in returned:
        later = [other for other in submissions if other.obligation == one.obligation and other.version > one.version]
        assert one.delivery in answered
        assert [other.decision for other in later] == ["accepted"]


def test_one_city_corrects_only_after_its_correction_date(submissions, app):
    days = [
        app.calendar.count(one.decided_at.astimezone(CHINA).date(), later.arrived_at.astimezone(CHINA).date())
        for one in submissions
        if one.decision == "returned"
        for later in submissions
        if later.obligation == one.obligation and later.version > one.version
    ]

    assert min(days) <= 3 < max(days)


def test_last_months_file_is_recognised_and_told(app):
    duplicates = [record for record in app.ledger.deliveries() if record.outcome == "duplicate"]

    assert len(duplicates) == 1
    assert duplicates[0].reason == "与此前来件相同"


def test_two_industries_of_one_city_are_zero_reports_and_not_silence(submissions):
    zero = Counter(one.unit for one in submissions if one.is_zero and one.form == "survey_summary")

    assert 2 in zero.values()


def test_no_unit_gets_two_unprompted_letters_on_one_day(letters):
    days = Counter(
        (record.letter.unit, record.letter.day)
        for record in letters
        if record.letter.kind not in ANSWERS and record.letter.state is LetterState.SENT
    )

    assert set(days.values()) == {1}


def test_no_letter_speaks_of_a_form_that_had_already_arrived(letters, submissions):
    arrivals = defaultdict(list)
    for one in submissions:
        arrivals[one.obligation].append(one)
    for record in letters:
        if record.letter.kind in UNPROMPTED and record.letter.state is LetterState.SENT:
            for item in record.letter.items:
                before = [one for one in arrivals[item.obligation] if one.arrived_at <= record.letter.created_at]
                assert all(one.decision == "returned" for one in before), (record.letter.subject, item)
                assert len(before) == item.version


def test_no_unprompted_letter_is_written_on_a_day_off(letters, app):
    unprompted = [record.letter for record in letters if record.letter.kind not in ANSWERS]

    assert all(app.calendar.is_working_day(letter.day) for letter in unprompted)


def test_notices_that_need_a_person_never_left(letters):
    notices = [record for record in letters if record.letter.kind in {LetterKind.SUPERVISION, LetterKind.CRITICISM}]

    assert {record.letter.state for record in notices} == {LetterState.DRAFT, LetterState.WITHDRAWN}


def test_every_letter_left_through_the_mail_server_and_is_kept(year, letters):
    sent = [record for record in letters if record.letter.state is LetterState.SENT]
    delivered = list((year.path / "cities").glob("*/new/*"))
    copies = list((year.path / "outgoing").glob("*.eml"))

    assert len(copies) == len(sent)
    assert len(delivered) == sum(1 + len(record.letter.copy_to) for record in sent)


def test_every_delivery_has_an_outcome_and_its_bytes_are_in_the_archive(app):
    for record in app.ledger.deliveries():
        assert record.outcome is not None
        assert hashlib.sha256(app.archive.get(record.delivery.sha256)).hexdigest() == record.delivery.sha256


def test_a_rebuild_makes_the_same_warehouse(year):
    done = year.run("rebuild", "--verify", "--as-of", "2023-01-14T23:50")

    assert "content hash" in done.stdout


def test_the_same_seed_gives_the_same_letters_and_the_same_submissions(year, letters, tmp_path):
    until = date(2022, 9, 6)  # requests, returns, reminders, drafts and a bulletin lie behind it
    again = replayed(tmp_path, "--seed", "1", "--until", until.isoformat())
    with closing(again.app()) as app:
        second = app.ledger.letters("jiangsu-2022")

    assert lines(second) == lines(record for record in letters if record.letter.day <= until)
    assert filed(again, until=until) == filed(year, until=until)


def test_with_another_seed_other_cities_misbehave_and_all_still_adds_up(obligations, tmp_path):
    other = replayed(tmp_path, "--seed", "7")
    theirs = other.sql("select * from mart.obligation")

    assert {one["standing"] for one in theirs if one["form"]} == {"accepted", "never_filed"}
    assert misbehaving(theirs) != misbehaving(obligations)
    assert other.sql("select count(*) as n from mart.reconciliation where difference = 'count_differs'") == [{"n": 0}]
    assert "content hash" in other.run("rebuild", "--verify", "--as-of", "2023-01-14T23:50").stdout


def lines(records):
    return sorted((r.letter.kind, r.letter.recipient, r.letter.day, r.letter.raw_sha256) for r in records)


def misbehaving(obligations):
    return {(one["unit_code"], one["milestone"], one["period"]) for one in obligations if one["days_late"] > 0}


def filed(home, *, until):
    """Return what was filed by the end of a day, version by version."""
    rows = home.sql(
        "select submission_id, sha256, decision, finding_count, arrived_at from mart.submission order by submission_id"
    )
    return [row for row in rows if row["arrived_at"][:10] <= until.isoformat()]


def test_parquet_and_workbook_end_with_what_the_snapshot_says(year, obligations):
    published = year.path / "published"
    told = duckdb.sql(f"SELECT * FROM '{published}/parquet/obligation/**/*.parquet'")  # noqa: S608  our own folder
    book = openpyxl.load_workbook(published / "分析数据.xlsx", read_only=True)

    assert len(told) == book["报送义务"].max_row - 1 == len(obligations)
    assert book["说明"]["A3"].value == "演练数据：本工作簿中的单位来件、企业和装备均为虚构。"
