"""`phaseout campaign …` on campaigns as data: their days, the years not yet published, forms still to come."""

import json
import sys

import pytest

from phaseout.cli import main

NOTICE = [
    "2027-01-01,day_off,元旦",
    "2027-04-30,day_off,劳动节",
    "2027-05-01,day_off,劳动节",
    "2027-10-01,day_off,国庆节",
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def call(home, monkeypatch, capsys):
    """Return what runs a command and returns exit code, output and complaint."""

    def run_and_read(*arguments):
        monkeypatch.setattr(sys, "argv", ["phaseout", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return run_and_read


@pytest.fixture
def days_of(call):
    def read(*arguments):
        code, out, complaint = call("campaign", "calendar", *arguments, "--json")
        assert (code, complaint) == (0, "")
        return {(row["milestone"], row["period"]): row for row in json.loads(out)}

    return read


@pytest.fixture
def office_table(home):
    path = home / "calendar" / "overrides.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(["date,kind,reason", *NOTICE, ""]), "utf-8")
    return path


def test_the_calendar_shows_the_written_date_and_the_date_in_fact(days_of):
    days = days_of("jiangsu-2022")

    contact = days["contact_list", None]
    assert (contact["nominal_due_date"], contact["due_date"]) == ("2022-06-03", "2022-06-03")
    assert (contact["day_off"], contact["policy"], contact["reminder_date"]) == (
        "statutory_holiday",
        "keep",
        "2022-06-02",
    )
    assert days["monthly_progress", "2022-10"]["day_off"] == "weekend"
    assert days["monthly_progress", "2022-12"]["condition"] == "open_items"
    assert not any(row["is_provisional"] for row in days.values())


def test_a_ten_day_period_has_its_warning_date(days_of):
    row = days_of("chaisang-2022")["self_survey", None]

    assert (row["warning_date"], row["due_date"]) == ("2022-06-10", "2022-06-20")


def test_a_year_that_is_not_published_is_planned_on_weekdays_and_said_to_be(call, days_of):
    days = days_of("jiangyin-2022")

    provisional = {key for key, row in days.items() if row["is_provisional"]}
    assert provisional == {
        ("closure_plan", "2027"),
        ("closure_inspection", "2027"),
        ("reward_work", "2027"),
        ("reward_work", "2028"),
    }
    for command in ("validate", "calendar"):
        assert (
            "2027: the holidays are not published yet; planned on weekdays\n"
            in call("campaign", command, "jiangyin-2022")[1]
        )


@pytest.mark.usefixtures("office_table")
def test_the_office_enters_the_notice_in_its_own_copy_and_the_days_are_planned_by_it(call, days_of):
    row = days_of("jiangyin-2022")["closure_plan", "2027"]

    assert (row["is_provisional"], row["day_off"], row["reminder_date"]) == (False, "statutory_holiday", "2027-04-29")
    said = call("campaign", "validate", "jiangyin-2022")[1]
    assert "2027: the holidays are not published yet" not in said
    assert "2028: the holidays are not published yet" in said


def test_a_day_off_that_no_notice_has_is_not_called_a_holiday_and_moves_a_date_like_one(home, days_of):
    path = home / "calendar" / "overrides.csv"
    path.parent.mkdir(parents=True)
    path.write_text("date,kind,reason\n2022-08-12,day_off,台风停工\n", "utf-8")

    row = days_of("jiangsu-2022")["summary", None]

    assert (row["nominal_due_date"], row["is_working_day"], row["day_off"]) == ("2022-08-12", False, "day_off")
    assert row["policy"] == days_of("jiangsu-2022")["contact_list", None]["policy"]


def test_a_wrong_line_of_the_office_s_table_is_named(call, office_table):
    office_table.write_text("date,kind,reason\n2027-13-01,day_off,元旦\n", "utf-8")

    code, _, complaint = call("campaign", "validate", "jiangyin-2022")

    assert code == 2
    assert f"{office_table}, line 2" in complaint


def test_one_unit_s_calendar_is_what_it_owes(days_of):
    assert set(days_of("luojiang-2023", "--unit", "350504")) == {("district_summary", None)}
    assert ("district_summary", None) not in days_of("luojiang-2023", "--unit", "350504001")


@pytest.mark.parametrize("campaign", ["chaisang-2022", "jiangmen-2021", "jiangyin-2022", "luojiang-2023"])
def test_a_campaign_whose_forms_are_to_come_is_right_and_cannot_be_opened(call, campaign):
    code, out, _ = call("campaign", "validate", campaign)
    assert (code, out.startswith(f"{campaign}: right.")) == (0, True)
    assert "forms to come: " in out

    code, _, complaint = call("campaign", "open", campaign)
    assert code == 2
    assert f"{campaign} cannot be opened yet" in complaint


def test_acts_without_a_date_are_shown_and_have_no_day(call, days_of):
    rows = json.loads(call("campaign", "show", "jiangsu-2022", "--json")[1])
    acts = {row["milestone"]: row for row in rows if row["hardness"] == "open"}

    assert set(acts) == {"registration", "site_check", "closure_order", "site_inspection", "supervision"}
    assert {row["due"] for row in acts.values()} == {None}
    assert acts["registration"]["within"] == "inventory"
    assert not set(acts) & {milestone for milestone, _ in days_of("jiangsu-2022")}


def test_the_list_names_all_five_campaigns_and_what_keeps_them_closed(call):
    rows = {row["campaign"]: row for row in json.loads(call("campaign", "list", "--json")[1])}

    assert {name: row["units"] for name, row in rows.items() if row["forms_to_come"] == 0} == {"jiangsu-2022": 13}
    assert len(rows) == 5
