"""What counts as a trouble (运行问题): each fault that is observed, and what is said of it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.health import quoted
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.health import (
    Answer,
    BackupSeen,
    Books,
    Check,
    Grade,
    LedgerState,
    Observed,
    PassRecord,
    Published,
    RunSeen,
    RunsSeen,
    Space,
    Waiting,
    WarehouseSeen,
    WarehouseState,
)
from phaseout.domain.health_checks import reminder_due, troubles_of
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
WORDS = FileDefinitions(PROJECT).health_words()
CAMPAIGN = "jiangsu-2022"
MEBIBYTE = 1 << 20


def at(moment):
    """Return an instant on China's clocks, such as at("10-12 11:00"), in 2022 unless it says otherwise."""
    return datetime.fromisoformat(moment if len(moment) > 11 else f"2022-{moment}").replace(tzinfo=CHINA)


NOW = at("10-12 11:00")  # a Wednesday


def passed(name, moment, *, campaign=None):
    return PassRecord(name, at(moment), at(moment), campaign=campaign)


def failing(name, *, well, since, ended="10-12 10:55", failures=3, reason="WarehouseLost"):
    return PassRecord(name, at(ended), at(well), at(since), failures, reason)


def passes(**changes):
    """Return the passes of an office where all is well; None leaves one out."""
    usual = {
        "collect": passed("collect", "10-12 10:55"),
        "deliver": passed("deliver", "10-12 10:55"),
        "publish": passed("publish", "10-12 02:30", campaign=CAMPAIGN),
        "remind": passed("remind", "10-12 09:01", campaign=CAMPAIGN),
    }
    return tuple(one for one in (usual | changes).values() if one is not None)


BOOKS = Books(campaigns=(CAMPAIGN,), accepted=40, published=(Published(CAMPAIGN, date(2022, 10, 12), is_current=True),))
RUNS = RunsSeen(Answer.WELL, worker_seen_at=at("10-12 10:59"))
WELL = Observed(
    passes=passes(),
    watched_since=at("10-01 09:00"),
    spaces=(Space("home", 50_000 * MEBIBYTE), Space("temp", 50_000 * MEBIBYTE)),
    books=BOOKS,
    warehouse=WarehouseSeen(WarehouseState.WELL),
    runs=RUNS,
    mailbox=Answer.WELL,
    mail_server=Answer.WELL,
    backup=BackupSeen(at("10-12 03:00")),
    last_look=at("10-12 10:17"),
)


def seen(*, now=NOW, **changes):
    """Return code, subject and grade of what is found wrong."""
    found = troubles_of(replace(WELL, **changes), calendar=CALENDAR, as_of=now)
    return [(one.code, one.subject, str(one.grade)) for one in found]


def test_nothing_is_wrong_where_all_is_well():
    assert seen() == []


def books(**changes):
    return {"books": replace(BOOKS, **changes)}


def runs(**changes):
    return {"runs": replace(RUNS, **changes)}


def run(name, moment):
    return (RunSeen(name, at(moment)),)


FAULTS = [
    # Passes
    ("collect late", {"passes": passes(collect=passed("collect", "10-12 10:29"))}, ("pass_late", "collect", "failing")),
    ("deliver late", {"passes": passes(deliver=passed("deliver", "10-11 18:00"))}, ("pass_late", "deliver", "failing")),
    ("publish late", {"passes": passes(publish=passed("publish", "10-11 02:30"))}, ("pass_late", "publish", "failing")),
    ("remind late", {"passes": passes(remind=passed("remind", "10-11 09:01"))}, ("pass_late", "remind", "failing")),
    ("watch late", {"passes": (*passes(), passed("watch", "10-12 08:17"))}, ("pass_late", "watch", "warning")),
    ("collect never", {"passes": passes(collect=None)}, ("pass_never", "collect", "failing")),
    ("remind never", {"passes": passes(remind=None)}, ("pass_never", "remind", "failing")),
    (
        "publish fails",
        {"passes": passes(publish=failing("publish", well="10-11 02:30", since="10-12 02:30", failures=1))},
        ("pass_failing", "publish", "failing"),
    ),
    (
        "collect fails",
        {"passes": passes(collect=failing("collect", well="10-12 10:40", since="10-12 10:45"))},
        ("pass_failing", "collect", "failing"),
    ),
    (
        "collect failed once",
        {"passes": passes(collect=failing("collect", well="10-12 10:50", since="10-12 10:55", failures=1))},
        ("pass_failing", "collect", "note"),
    ),
    # Flow runs
    ("server away", {"runs": RunsSeen(Answer.AWAY)}, ("server_away", "", "failing")),
    ("server refuses", {"runs": RunsSeen(Answer.REFUSED)}, ("server_refuses", "", "failing")),
    ("pool missing", runs(is_pool_missing=True), ("pool_missing", "", "failing")),
    ("pool paused", runs(is_pool_paused=True), ("pool_paused", "", "failing")),
    ("worker silent", runs(worker_seen_at=at("10-12 10:56")), ("worker_away", "", "failing")),
    ("worker never", runs(worker_seen_at=None), ("worker_away", "", "failing")),
    ("deployment paused", runs(paused=("remind",)), ("deployment_paused", "remind", "warning")),
    ("deployment missing", runs(missing=("deliver",)), ("deployment_missing", "deliver", "failing")),
    ("run late", runs(late=run("collect", "10-12 10:40")), ("runs_late", "collect", "warning")),
    ("run failed", runs(failed=run("publish", "10-12 02:31")), ("runs_failed", "publish", "warning")),
    ("run stuck", runs(going=run("collect", "10-12 08:55")), ("runs_stuck", "collect", "warning")),
    # Mail
    (
        "mailbox away",
        {
            "passes": passes(
                collect=failing("collect", well="10-12 10:00", since="10-12 10:05", reason="MailboxUnavailable")
            )
        },
        ("mailbox_away", "", "failing"),
    ),
    (
        "mailbox refuses",
        {"passes": passes(collect=failing("collect", well="10-12 10:00", since="10-12 10:05", reason="LoginRefused"))},
        ("mailbox_refuses", "", "failing"),
    ),
    ("mailbox out of reach", {"mailbox": Answer.AWAY}, ("mailbox_away", "", "failing")),
    ("mail server out of reach", {"mail_server": Answer.AWAY}, ("mail_server_away", "", "failing")),
    ("mail server was away", books(unreachable_since=at("10-12 10:50")), ("mail_server_away", "", "failing")),
    ("mail refused", books(refused_since=at("10-12 10:50")), ("mail_refused", "", "failing")),
    ("no mail server", {"is_sending_set": False}, ("mail_server_unset", "", "note")),
    # Outbox, and what waits for people
    ("dispatch stopped", {"stopped_since": at("10-12 08:00")}, ("dispatch_stopped", "", "warning")),
    ("letters unsure", books(unsure=Waiting(2, at("10-12 10:00"))), ("letters_unsure", "", "warning")),
    ("letters waiting", books(queued=Waiting(3, at("10-11 10:59"))), ("letters_waiting", "", "warning")),
    ("unassessed", books(unassessed=Waiting(1, at("10-12 09:59"))), ("deliveries_unassessed", "", "warning")),
    ("quarantine", books(quarantined=Waiting(1, at("10-10 17:00"))), ("quarantine_waiting", "", "warning")),
    ("drafts", books(drafts=Waiting(6, at("09-26 09:00")), drafts_age=7), ("drafts_waiting", "", "warning")),
    # Ledger and archive
    ("ledger missing", {"ledger": LedgerState.MISSING, "books": None}, ("ledger_missing", "", "failing")),
    ("ledger locked", {"ledger": LedgerState.LOCKED, "books": None}, ("ledger_locked", "", "failing")),
    ("ledger away", {"ledger": LedgerState.AWAY, "books": None}, ("ledger_away", "", "failing")),
    ("ledger damaged", {"ledger": LedgerState.DAMAGED, "books": None}, ("ledger_damaged", "", "failing")),
    ("ledger newer", {"ledger": LedgerState.NEWER, "books": None}, ("ledger_newer", "", "failing")),
    ("ledger older", {"ledger": LedgerState.OLDER, "books": None}, ("ledger_older", "", "note")),
    ("ledger readable", {"is_ledger_open_to_others": True}, ("ledger_readable", "", "warning")),
    ("originals missing", {"archive_looked_at": 200, "archive_missing": 2}, ("archive_gap", "", "failing")),
    # Warehouse and snapshot
    ("no warehouse", {"warehouse": WarehouseSeen(WarehouseState.MISSING)}, ("warehouse_missing", "", "warning")),
    ("warehouse damaged", {"warehouse": WarehouseSeen(WarehouseState.DAMAGED)}, ("warehouse_damaged", "", "warning")),
    ("warehouse older", {"warehouse": WarehouseSeen(WarehouseState.OTHER_LAYOUT)}, ("warehouse_older", "", "note")),
    ("warehouse behind", {"warehouse": WarehouseSeen(WarehouseState.WELL, 1)}, ("warehouse_behind", "", "warning")),
    (
        "warehouse was set aside",
        {"warehouse": WarehouseSeen(WarehouseState.WELL, set_aside=1)},
        ("warehouse_set_aside", "", "note"),
    ),
    ("snapshot gone", {"has_snapshot": False}, ("snapshot_missing", "", "warning")),
    (
        "snapshot old",
        books(published=(Published(CAMPAIGN, date(2022, 10, 10), is_current=False),)),
        ("snapshot_old", CAMPAIGN, "warning"),
    ),
    # The machine
    ("disk low", {"spaces": (Space("home", 2047 * MEBIBYTE),)}, ("disk_low", "home", "warning")),
    ("disk full", {"spaces": (Space("temp", 511 * MEBIBYTE),)}, ("disk_full", "temp", "failing")),
    ("clock back", {"last_look": at("10-12 11:06")}, ("clock_back", "", "failing")),
    ("backup never", {"backup": BackupSeen(None)}, ("backup_never", "", "warning")),
    ("backup old", {"backup": BackupSeen(at("10-11 03:00"))}, ("backup_old", "", "warning")),
    ("backup lost", {"backup": BackupSeen(at("10-05 03:00"))}, ("backup_old", "", "failing")),
    ("backup failed", {"backup": BackupSeen(at("10-12 03:00"), at("10-12 04:00"))}, ("backup_failed", "", "failing")),
    (
        "backup found damage",
        {"backup": BackupSeen(at("10-12 03:00"), has_found_damage=True)},
        ("backup_damage", "", "failing"),
    ),
    # The installation
    ("password readable", {"unsafe": (("mailbox", "others may read it"),)}, ("setting_unusable", "mailbox", "failing")),
    ("no proof", {"has_no_proof": True}, ("proof_missing", "", "warning")),
    ("pins", {"broken_pins": ("fastapi 0.163.2",)}, ("pins_broken", "", "failing")),
    ("calendar broken", {"is_calendar_broken": True}, ("calendar_broken", "", "failing")),
    ("holidays missing", {"provisional_years": frozenset({2022})}, ("holidays_missing", "", "warning")),
    ("a check broke", {"broken_checks": (Check.DISK,)}, ("check_broken", "disk", "warning")),
]


@pytest.mark.parametrize(("changes", "trouble"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_one_trouble_and_no_other(changes, trouble):
    assert seen(**changes) == [trouble]


FINE = [
    ("collect just in time", {"passes": passes(collect=passed("collect", "10-12 10:30"))}),
    ("all is over", {**books(campaigns=()), "passes": passes(collect=passed("collect", "10-01 09:00"))}),
    ("no flow-run server here", {"runs": None}),
    ("a run about to begin", runs(late=run("collect", "10-12 10:50"))),
    ("a run at work", runs(going=run("collect", "10-12 09:05"))),
    ("letters of this morning", books(queued=Waiting(40, at("10-12 09:00")))),
    ("quarantined yesterday", books(quarantined=Waiting(1, at("10-11 17:00")))),
    ("a draft of last week", books(drafts=Waiting(1, at("10-10 09:00")), drafts_age=6)),
    ("nothing accepted, no warehouse", {**books(accepted=0), "warehouse": WarehouseSeen(WarehouseState.MISSING)}),
    ("another process holds the warehouse", {"warehouse": WarehouseSeen(WarehouseState.IN_USE)}),
    (
        "the ledger has changed since the night",
        books(published=(Published(CAMPAIGN, date(2022, 10, 11), is_current=False),)),
    ),
    ("a new ledger", {"ledger": LedgerState.NEW, "books": Books(), "passes": (), "watched_since": None}),
    ("next year's holidays are not expected yet", {"provisional_years": frozenset({2023})}),
]


@pytest.mark.parametrize("changes", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_what_is_as_it_should_be_is_no_trouble(changes):
    assert seen(**changes) == []


def test_letters_that_a_holiday_holds_back_are_no_trouble():
    october = {"passes": (), "last_look": None, **books(queued=Waiting(3, at("09-30 20:30")), campaigns=())}

    assert seen(now=at("10-07 11:00"), **october) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("10-12 09:30", "10-11 00:00", id="before ten, yesterday's"),
        pytest.param("10-12 10:00", "10-12 00:00", id="from ten, today's"),
        pytest.param("10-05 12:00", "09-30 00:00", id="in the holidays, the last working day's"),
        pytest.param("10-08 10:00", "10-08 00:00", id="on a Saturday that is worked, its own"),
        pytest.param("10-16 12:00", "10-14 00:00", id="on a Sunday, Friday's"),
    ],
)
def test_reminding_is_asked_of_working_days_alone(now, due):
    assert reminder_due(at(now), CALENDAR) == at(due)


def test_who_calls_remind_by_hand_without_a_campaign_has_reminded_the_one_opened_last():
    assert seen(passes=passes(remind=passed("remind", "10-12 09:01"))) == []


@pytest.mark.parametrize(
    ("now", "grade"),
    [
        pytest.param("2022-11-14 11:00", None, id="the notice is not expected"),
        pytest.param("2022-11-15 11:00", "note", id="it is"),
        pytest.param("2022-12-20 11:00", "warning", id="it is needed"),
    ],
)
def test_the_holidays_of_the_next_year_are_asked_for_in_time(now, grade):
    quiet = {"passes": (), "runs": None, "backup": None, **books(campaigns=())}

    found = seen(now=at(now), provisional_years=frozenset({2023}), **quiet)

    assert found == ([("holidays_to_come", "", grade)] if grade else [])


def test_a_pass_that_never_ran_is_only_noted_where_nobody_watches():
    assert seen(passes=passes(collect=None), watched_since=None) == [("pass_never", "collect", "note")]


@pytest.mark.parametrize(("name", "patience"), [("collect", timedelta(minutes=30)), ("remind", timedelta(days=1))])
def test_of_a_pass_that_never_ran_the_office_hears_when_its_time_has_come(name, patience):
    [trouble] = troubles_of(replace(WELL, passes=passes(**{name: None})), calendar=CALENDAR, as_of=NOW)

    assert trouble.patience == patience


def test_a_pass_that_runs_and_fails_is_not_called_late():
    collect = failing("collect", well="10-11 18:00", since="10-11 18:05", failures=200)

    assert seen(passes=passes(collect=collect)) == [("pass_failing", "collect", "failing")]


def test_a_delivery_that_the_mail_server_stops_is_told_once():
    deliver = failing("deliver", well="10-11 18:00", since="10-11 18:05", reason="MailServerRefuses")

    found = seen(passes=passes(deliver=deliver), **books(refused_since=at("10-12 10:55")))

    assert found == [("mail_refused", "", "failing")]


def test_a_replay_is_asked_for_no_passes_runs_mail_or_backups():
    gone = {"passes": (), "runs": RunsSeen(Answer.AWAY), "mailbox": Answer.AWAY, "backup": BackupSeen(None)}

    assert seen(is_replay=True, **gone) == [("replay", "", "note")]


def test_the_checks_stand_in_the_order_of_the_screen_and_the_worst_first():
    found = seen(
        has_no_proof=True,
        spaces=(Space("home", 2047 * MEBIBYTE), Space("temp", 511 * MEBIBYTE)),
        passes=passes(collect=None),
    )

    assert [code for code, _, _ in found] == ["pass_never", "disk_full", "disk_low", "proof_missing"]


# What is said of them


def trouble_of(changes):
    return troubles_of(replace(WELL, **changes), calendar=CALENDAR, as_of=NOW)[0]


@pytest.mark.parametrize("changes", [row[1] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_the_office_reads_of_a_fault_in_chinese_what_is_wrong_and_what_to_do(changes):
    trouble = trouble_of(changes)
    chinese, english = WORDS.chinese(trouble), WORDS.english(trouble)

    assert re.findall(r"[A-Za-z{}_]{2,}", chinese.title + chinese.what + chinese.do) == []
    assert chinese.what.endswith("。")
    assert chinese.do.endswith("。")
    assert re.findall(r"[\u4e00-\u9fff]", english.title + english.what + english.do) == []


@pytest.mark.parametrize("code", sorted(WORDS.troubles))
def test_every_wording_belongs_to_a_trouble_and_quotes_what_that_has(code):
    met = {one.code: one for row in FAULTS for one in [trouble_of(row[1])]}
    met |= {"replay": None, "holidays_to_come": None}

    assert code in met
    if met[code] is not None:
        assert set().union(*(quoted(one) for one in WORDS.troubles[code])) <= set(met[code].facts)


def test_how_long_and_when_read_as_people_write_them():
    late = trouble_of({"passes": passes(collect=passed("collect", "10-12 08:05"))})

    assert WORDS.chinese(late).what == "“收件与审核”作业最近一次正常完成是在2022年10月12日8时05分，此后没有再正常完成。"
    assert "every 30 min" in WORDS.english(late).what
    assert late.since == at("10-12 08:05")
    assert late.patience == timedelta(0)
    assert late.grade is Grade.FAILING
