"""Judges what was observed: each check turns it into troubles (运行问题), the limits stand at the top."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from phaseout.domain.calendar import CHINA, SATURDAY, WorkCalendar, day_in_china
from phaseout.domain.health import (
    Answer,
    Books,
    Check,
    Fact,
    Grade,
    LedgerState,
    Observed,
    PassRecord,
    RunSeen,
    Trouble,
    Waiting,
    WarehouseState,
)

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Longer than that without a good pass, and something is wrong; the schedules are every five minutes and nightly.
PASS_LIMITS = {"collect": 30 * MINUTES, "deliver": 30 * MINUTES, "publish": 26 * HOURS}
REMINDED_BY = time(10)  # `remind` starts at nine on every working day
WATCH_LIMIT = 150 * MINUTES  # hourly
FAILING_LIMIT = 12 * MINUTES  # two ticks
PASSING = 20 * MINUTES  # what an upgrade or a restart explains
OUTSIDE = 30 * MINUTES  # what a network explains
RUN_LATE = 15 * MINUTES
RUN_STUCK = 2 * HOURS
WORKER_LIMIT = 3 * MINUTES  # it reports every thirty seconds
GIGABYTE = 1 << 30
DISK_LOW, DISK_FULL = 2 * GIGABYTE, GIGABYTE // 2
ANSWER_LIMIT = 24 * HOURS
UNASSESSED_LIMIT = HOURS
QUARANTINE_DAYS = 2  # working days
DRAFT_DAYS = 7  # the office has been reminded of them three times by then
BACKUP_LIMIT, BACKUP_LOST = 26 * HOURS, 7 * DAYS
SNAPSHOT_DAYS = 1
CLOCK_LIMIT = 5 * MINUTES
NOTICE_EXPECTED = (11, 15)  # month and day by which next year's holidays are usually published
NOTICE_NEEDED = (12, 20)

MAILBOX_ERRORS = frozenset({"MailboxUnavailable", "LoginRefused", "MailboxNotTrusted", "FolderRefused"})
LEDGER_FAILS = {
    LedgerState.MISSING: ("ledger_missing", timedelta(0)),
    LedgerState.LOCKED: ("ledger_locked", FAILING_LIMIT),
    LedgerState.AWAY: ("ledger_away", FAILING_LIMIT),
    LedgerState.DAMAGED: ("ledger_damaged", timedelta(0)),
    LedgerState.NEWER: ("ledger_newer", timedelta(0)),
}

Troubles = Iterator[Trouble]


def troubles_of(observed: Observed, *, calendar: WorkCalendar | None, as_of: datetime) -> tuple[Trouble, ...]:
    """Return everything that is wrong, in the order of the screen and there the worst first."""
    found = [trouble for check in _CHECKS for trouble in check(observed, calendar, as_of)]
    order, grades = list(Check), list(Grade)[::-1]
    return tuple(sorted(found, key=lambda one: (order.index(one.check), grades.index(one.grade), one.key)))


def _passes(observed: Observed, calendar: WorkCalendar | None, as_of: datetime) -> Troubles:
    if observed.is_replay or (observed.books is None and not observed.passes):
        return
    campaigns = observed.books.campaigns if observed.books else None
    records = {record.subject: record for record in observed.passes}
    if campaigns != ():  # nothing is open yet, or all is over: nobody waits for a pass
        for name, limit in PASS_LIMITS.items():
            record = _newest(name, observed.passes)
            yield from _late(name, record, as_of - limit, observed, limit)
    for campaign in campaigns or ():
        # Whoever names no campaign means the one opened last.
        by_hand = records.get("remind") if campaign == (campaigns or ())[-1] else None
        of_campaign = [one for one in (records.get(f"remind/{campaign}"), by_hand) if one]
        reminded = _newest("remind", of_campaign)
        due = reminder_due(as_of, calendar)
        yield from _late("remind", reminded, due, observed, DAYS)
    watched = _newest("watch", observed.passes)
    if watched and watched.well_at and watched.well_at < as_of - WATCH_LIMIT:
        facts: dict[str, Fact] = {"pass": "watch", "last": watched.well_at, "limit": WATCH_LIMIT}
        yield Trouble("pass_late", Check.PASSES, Grade.WARNING, "watch", watched.well_at, facts)
    for record in observed.passes:
        if not _is_for_mail(record, observed):
            yield from _failing(record, as_of)


def reminder_due(as_of: datetime, calendar: WorkCalendar | None) -> datetime:
    """Return the start of the newest working day on which `remind` should have run by now."""
    day = day_in_china(as_of)
    if as_of.astimezone(CHINA).time() < REMINDED_BY:
        day -= DAYS
    while not _is_working_day(day, calendar):
        day -= DAYS
    return datetime.combine(day, time(), CHINA)


def _is_working_day(day: date, calendar: WorkCalendar | None) -> bool:
    if calendar is not None and day.year in calendar.years:
        return calendar.is_working_day(day)
    return day.weekday() < SATURDAY


def _newest(name: str, passes: Sequence[PassRecord]) -> PassRecord | None:
    return max((one for one in passes if one.name == name), key=lambda one: one.ended_at, default=None)


def _late(name: str, record: PassRecord | None, due: datetime, observed: Observed, limit: timedelta) -> Troubles:
    """Say that no pass has ended well since *due*; of one that never ran nobody hears before its time has come."""
    well_at = record.well_at if record else None
    facts: dict[str, Fact] = {"pass": name, "limit": limit}
    if record is not None and record.failing_since is not None and record.ended_at >= due:
        return  # it runs; that it does not end well is said below
    if well_at is not None:
        if well_at < due:
            yield Trouble("pass_late", Check.PASSES, Grade.FAILING, name, well_at, facts | {"last": well_at})
        return
    grade = Grade.NOTE if observed.watched_since is None else Grade.FAILING
    yield Trouble("pass_never", Check.PASSES, grade, name, facts=facts, patience=limit)


def _is_for_mail(record: PassRecord, observed: Observed) -> bool:
    """Say whether a pass fails for the mailbox or the mail server, which is said there."""
    books = observed.books
    is_sending_stopped = books is not None and (books.refused_since or books.unreachable_since)
    return record.reason in MAILBOX_ERRORS or (record.name == "deliver" and bool(is_sending_stopped))


def _failing(record: PassRecord, as_of: datetime) -> Troubles:
    if record.failing_since is None:
        return
    lasts = as_of - record.failing_since >= FAILING_LIMIT or record.name not in {"collect", "deliver"}
    facts: dict[str, Fact] = {"pass": record.name, "failures": record.failures, "reason": record.reason}
    grade = Grade.FAILING if lasts else Grade.NOTE
    yield Trouble("pass_failing", Check.PASSES, grade, record.name, record.failing_since, facts)


def _flow_runs(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:
    runs = observed.runs
    if runs is None or observed.is_replay:
        return
    if runs.answer is not Answer.WELL:
        code = "server_away" if runs.answer is Answer.AWAY else "server_refuses"
        yield Trouble(code, Check.FLOW_RUNS, Grade.FAILING, patience=PASSING, is_unanswered=True)
        return
    if runs.is_pool_missing:
        yield Trouble("pool_missing", Check.FLOW_RUNS, Grade.FAILING, patience=PASSING)
    elif runs.is_pool_paused:
        yield Trouble("pool_paused", Check.FLOW_RUNS, Grade.FAILING)
    elif runs.worker_seen_at is None or runs.worker_seen_at < as_of - WORKER_LIMIT:
        yield Trouble("worker_away", Check.FLOW_RUNS, Grade.FAILING, since=runs.worker_seen_at, patience=PASSING)
    for name in runs.paused:
        yield Trouble("deployment_paused", Check.FLOW_RUNS, Grade.WARNING, name, facts={"pass": name})
    for name in runs.missing:
        yield Trouble("deployment_missing", Check.FLOW_RUNS, Grade.FAILING, name, facts={"pass": name})
    yield from _runs("runs_late", (one for one in runs.late if one.since < as_of - RUN_LATE))
    yield from _runs("runs_failed", iter(runs.failed))
    yield from _runs("runs_stuck", (one for one in runs.going if one.since < as_of - RUN_STUCK))


def _runs(code: str, runs: Iterator[RunSeen]) -> Troubles:
    by_deployment: dict[str, list[datetime]] = {}
    for run in runs:
        by_deployment.setdefault(run.deployment, []).append(run.since)
    for name, times in sorted(by_deployment.items()):
        facts: dict[str, Fact] = {"pass": name, "count": len(times)}
        yield Trouble(code, Check.FLOW_RUNS, Grade.WARNING, name, min(times), facts)


def _mail(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:  # noqa: ARG001  as all checks
    if observed.is_replay:
        return
    collected = _newest("collect", observed.passes)
    if collected and collected.failing_since and collected.reason in MAILBOX_ERRORS:
        is_refused = collected.reason != "MailboxUnavailable"
        code = "mailbox_refuses" if is_refused else "mailbox_away"
        patience = timedelta(0) if is_refused else OUTSIDE
        yield Trouble(
            code, Check.MAILBOX, Grade.FAILING, since=collected.failing_since, patience=patience, is_unanswered=True
        )
    elif observed.mailbox is Answer.AWAY:
        yield Trouble("mailbox_away", Check.MAILBOX, Grade.FAILING, patience=OUTSIDE, is_unanswered=True)
    yield from _mail_server(observed)
    if not observed.is_sending_set and observed.books and observed.books.campaigns:
        yield Trouble("mail_server_unset", Check.MAIL_SERVER, Grade.NOTE)


def _mail_server(observed: Observed) -> Troubles:
    books, delivered = observed.books, _newest("deliver", observed.passes)
    failing_since = delivered.failing_since if delivered else None
    if books and books.refused_since:
        since = min(books.refused_since, failing_since or books.refused_since)
        yield Trouble("mail_refused", Check.MAIL_SERVER, Grade.FAILING, since=since)
    elif books and books.unreachable_since:
        since = min(books.unreachable_since, failing_since or books.unreachable_since)
        yield Trouble(
            "mail_server_away", Check.MAIL_SERVER, Grade.FAILING, since=since, patience=OUTSIDE, is_unanswered=True
        )
    elif observed.mail_server is Answer.AWAY:
        yield Trouble("mail_server_away", Check.MAIL_SERVER, Grade.FAILING, patience=OUTSIDE, is_unanswered=True)


def _outbox(observed: Observed, calendar: WorkCalendar | None, as_of: datetime) -> Troubles:
    if observed.stopped_since:
        yield Trouble("dispatch_stopped", Check.OUTBOX, Grade.WARNING, since=observed.stopped_since)
    if observed.books is None or observed.is_replay:
        return
    books = observed.books
    yield from _waiting("letters_unsure", Check.OUTBOX, books.unsure)
    # Quiet hours and days off hold letters back; a working day and a night are more than either explains.
    waits_for = _working_days(books.queued, calendar, as_of)
    if waits_for and books.queued.since and books.queued.since < as_of - ANSWER_LIMIT:
        yield from _waiting("letters_waiting", Check.OUTBOX, books.queued)


def _people(observed: Observed, calendar: WorkCalendar | None, as_of: datetime) -> Troubles:
    if observed.books is None or observed.is_replay:
        return
    books = observed.books
    if books.unassessed.since and books.unassessed.since < as_of - UNASSESSED_LIMIT:
        yield from _waiting("deliveries_unassessed", Check.QUARANTINE, books.unassessed)
    if _working_days(books.quarantined, calendar, as_of) >= QUARANTINE_DAYS:
        yield from _waiting("quarantine_waiting", Check.QUARANTINE, books.quarantined)
    if books.drafts_age >= DRAFT_DAYS:
        facts: dict[str, Fact] = {"count": books.drafts.count, "days": books.drafts_age}
        yield Trouble("drafts_waiting", Check.DRAFTS, Grade.WARNING, since=books.drafts.since, facts=facts)


def _waiting(code: str, check: Check, waiting: Waiting) -> Troubles:
    if waiting.count:
        yield Trouble(code, check, Grade.WARNING, since=waiting.since, facts={"count": waiting.count})


def _working_days(waiting: Waiting, calendar: WorkCalendar | None, as_of: datetime) -> int:
    if not waiting.count or waiting.since is None:
        return 0
    first, today = day_in_china(waiting.since), day_in_china(as_of)
    if calendar is None or not {first.year, today.year} <= calendar.years:
        return max(0, (today - first).days)
    return max(0, calendar.count(first, today))


def _ledger(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:  # noqa: ARG001  as all checks
    if observed.ledger in LEDGER_FAILS:
        code, patience = LEDGER_FAILS[observed.ledger]
        is_away = observed.ledger is LedgerState.AWAY
        yield Trouble(code, Check.LEDGER, Grade.FAILING, patience=patience, is_unanswered=is_away)
    elif observed.ledger is LedgerState.OLDER:
        yield Trouble("ledger_older", Check.LEDGER, Grade.NOTE)
    if observed.is_ledger_open_to_others:
        yield Trouble("ledger_readable", Check.LEDGER, Grade.WARNING)
    if observed.archive_missing:
        facts: dict[str, Fact] = {"count": observed.archive_missing, "of": observed.archive_looked_at}
        yield Trouble("archive_gap", Check.ARCHIVE, Grade.FAILING, facts=facts)


def _warehouse(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:
    books, seen = observed.books, observed.warehouse
    if seen is not None and books is not None:
        if seen.state is WarehouseState.MISSING and books.accepted:
            yield Trouble("warehouse_missing", Check.WAREHOUSE, Grade.WARNING, facts={"count": books.accepted})
        elif seen.state is WarehouseState.DAMAGED:
            yield Trouble("warehouse_damaged", Check.WAREHOUSE, Grade.WARNING)
        elif seen.state is WarehouseState.OTHER_LAYOUT:
            yield Trouble("warehouse_older", Check.WAREHOUSE, Grade.NOTE)
        elif seen.behind:
            facts: dict[str, Fact] = {"count": seen.behind}
            yield Trouble("warehouse_behind", Check.WAREHOUSE, Grade.WARNING, facts=facts, patience=OUTSIDE)
        if seen.set_aside:
            aside: dict[str, Fact] = {"count": seen.set_aside, "found": seen.found.value}
            yield Trouble("warehouse_set_aside", Check.WAREHOUSE, Grade.NOTE, facts=aside)
    if books is not None and not observed.is_replay:
        yield from _snapshot(books, observed, as_of)


def _snapshot(books: Books, observed: Observed, as_of: datetime) -> Troubles:
    behind = [one for one in books.published if one.day is not None and not one.is_current]
    if not observed.has_snapshot and any(one.day for one in books.published):
        yield Trouble("snapshot_missing", Check.SNAPSHOT, Grade.WARNING)
    for one in behind:
        if one.day and (day_in_china(as_of) - one.day).days > SNAPSHOT_DAYS:
            since = datetime.combine(one.day, time(), CHINA)
            facts: dict[str, Fact] = {"day": one.day}
            yield Trouble("snapshot_old", Check.SNAPSHOT, Grade.WARNING, one.campaign, since, facts)


def _machine(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:
    for space in observed.spaces:
        facts: dict[str, Fact] = {"place": space.place, "megabytes": space.free >> 20}
        if space.free < DISK_FULL:
            yield Trouble("disk_full", Check.DISK, Grade.FAILING, space.place, facts=facts)
        elif space.free < DISK_LOW:
            yield Trouble("disk_low", Check.DISK, Grade.WARNING, space.place, facts=facts)
    latest = max((one for one in (*(p.ended_at for p in observed.passes), observed.last_look) if one), default=None)
    if latest is not None and latest > as_of + CLOCK_LIMIT:
        yield Trouble("clock_back", Check.CLOCK, Grade.FAILING, facts={"now": as_of, "last": latest})
    if observed.backup is not None and not observed.is_replay:
        yield from _backup(observed, as_of)


def _backup(observed: Observed, as_of: datetime) -> Troubles:
    backup = observed.backup
    if backup is None or not (observed.books and observed.books.campaigns):
        return
    if backup.failed_at and (backup.well_at is None or backup.failed_at > backup.well_at):
        yield Trouble("backup_failed", Check.BACKUP, Grade.FAILING, since=backup.failed_at)
    if backup.has_found_damage:
        yield Trouble("backup_damage", Check.BACKUP, Grade.FAILING, since=backup.well_at)
    if backup.well_at is None:
        has_waited = observed.watched_since is not None and observed.watched_since < as_of - BACKUP_LIMIT
        grade = Grade.WARNING if has_waited else Grade.NOTE
        yield Trouble("backup_never", Check.BACKUP, grade)
    elif backup.well_at < as_of - BACKUP_LIMIT:
        grade = Grade.FAILING if backup.well_at < as_of - BACKUP_LOST else Grade.WARNING
        facts: dict[str, Fact] = {"last": backup.well_at}
        yield Trouble("backup_old", Check.BACKUP, grade, since=backup.well_at, facts=facts)


def _installation(observed: Observed, _: WorkCalendar | None, as_of: datetime) -> Troubles:
    for setting, reason in observed.unsafe:
        yield Trouble("setting_unusable", Check.SETTINGS, Grade.FAILING, setting, facts={"reason": reason})
    if observed.has_no_proof:
        yield Trouble("proof_missing", Check.SETTINGS, Grade.WARNING)
    if observed.broken_pins:
        facts: dict[str, Fact] = {"packages": ", ".join(observed.broken_pins)}
        yield Trouble("pins_broken", Check.INSTALLATION, Grade.FAILING, facts=facts)
    if observed.is_replay:
        yield Trouble("replay", Check.INSTALLATION, Grade.NOTE)
    for check in observed.broken_checks:
        yield Trouble("check_broken", check, Grade.WARNING, check.value, facts={"check": check.value}, patience=PASSING)
    yield from _calendar(observed, day_in_china(as_of))


def _calendar(observed: Observed, today: date) -> Troubles:
    if observed.is_calendar_broken:
        yield Trouble("calendar_broken", Check.CALENDAR, Grade.FAILING)
    if today.year in observed.provisional_years:
        yield Trouble("holidays_missing", Check.CALENDAR, Grade.WARNING, facts={"year": today.year})
    if today.year + 1 in observed.provisional_years and (today.month, today.day) >= NOTICE_EXPECTED:
        grade = Grade.WARNING if (today.month, today.day) >= NOTICE_NEEDED else Grade.NOTE
        yield Trouble("holidays_to_come", Check.CALENDAR, grade, facts={"year": today.year + 1})


_CHECKS: tuple[Callable[[Observed, WorkCalendar | None, datetime], Troubles], ...] = (
    _passes,
    _flow_runs,
    _mail,
    _outbox,
    _people,
    _ledger,
    _warehouse,
    _machine,
    _installation,
)
