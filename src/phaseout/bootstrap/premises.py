"""What health looks at in this installation: each look goes to the adapter that knows."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from phaseout.adapters.health import files, machine
from phaseout.bootstrap import STOPS, App
from phaseout.bootstrap.backups import LAST_BACKUP
from phaseout.bootstrap.flow_run_address import server_address
from phaseout.bootstrap.mail_server import PORTS as SMTP_PORTS
from phaseout.bootstrap.mail_server import sender_of, terms_of
from phaseout.bootstrap.mailbox import SCHEMES, imap_intake, maildir_of
from phaseout.bootstrap.passwords import BadPassword, password_of
from phaseout.domain.health import Answer, BackupSeen, LedgerState, RunsSeen, Space, WarehouseSeen, WarehouseState
from phaseout.errors import PhaseoutError
from phaseout.ports.health import Premises

if TYPE_CHECKING:
    from phaseout.domain.calendar import WorkCalendar

EXPECTED = frozenset({"collect", "remind", "deliver", "publish", "watch"})
IMAP_PORTS = {"imaps": 993, "imap": 143}


class InstalledPremises(Premises):
    """The installation of an App."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._settings = app.settings
        self._home = app.home
        self.is_replay = app.is_replay
        self.is_sending_set = app.settings.smtp_url is not None
        self.has_no_proof = app.is_without_proof

    def spaces(self) -> Sequence[Space]:
        return machine.spaces_of(self._home, local=self._app.local)

    def ledger(self) -> LedgerState:
        from phaseout.adapters.ledger.look import look_at_ledger  # noqa: PLC0415

        url = self._settings.ledger_url or f"sqlite:///{self._ledger_file}"
        return look_at_ledger(url, is_expected=any((self._home / "archive").glob("[0-9a-f][0-9a-f]")))

    @property
    def _ledger_file(self) -> Path:
        return self._home / "ledger.sqlite"

    def is_ledger_open_to_others(self) -> bool:
        return self._settings.ledger_url is None and machine.is_open_to_others(self._ledger_file)

    def warehouse(self, accepted: Sequence[str]) -> WarehouseSeen:
        if not self._settings.holds_warehouse:
            return WarehouseSeen(WarehouseState.IN_USE)  # by another machine, which looks after it
        from phaseout.adapters.health.warehouse_file import look_at_warehouse  # noqa: PLC0415  DuckDB is heavy

        missing = (self._settings.project / "data" / "sql" / "warehouse" / "missing.sql").read_text("utf-8")
        return look_at_warehouse(self._app.warehouse_file, accepted, missing=missing)

    def has_snapshot(self) -> bool:
        return self._app.snapshot.exists()

    def missing_originals(self, hashes: Sequence[str]) -> int:
        return machine.missing_of(self._home / "archive" / one[:2] / one[2:4] / one for one in hashes)

    def runs(self, *, as_of: datetime) -> RunsSeen | None:
        api = server_address(self._home)
        if api is None:
            return None
        try:
            auth = _auth(self._app)
        except BadAuth:  # said among the settings
            return None
        from phaseout.adapters.flow_run_server import FlowRunServer  # noqa: PLC0415

        return FlowRunServer(api, auth=auth).look(expected=EXPECTED, as_of=as_of)

    def mailbox(self) -> Answer | None:
        parts = urlsplit(self._settings.mailbox_url or "")
        return _reach(parts, IMAP_PORTS.get(parts.scheme)) if parts.scheme in SCHEMES else None

    def mail_server(self) -> Answer | None:
        if self._settings.smtp_url is None:
            return None
        parts = urlsplit(self._settings.smtp_url)
        tls = dict(one.partition("=")[::2] for one in parts.query.split("&")).get("tls", "ssl")
        return _reach(parts, SMTP_PORTS.get(tls))

    def backup(self) -> BackupSeen:
        found = files.read(self._home / LAST_BACKUP) or {}
        last, good, result = found.get("at"), found.get("last_good_at"), found.get("result")
        return BackupSeen(
            well_at=datetime.fromisoformat(good) if good else None,
            failed_at=datetime.fromisoformat(last) if last and result == "failed" else None,
            has_found_damage=result == "damaged",
        )

    def unsafe_settings(self) -> Sequence[tuple[str, str]]:
        return list(_refused(_readings(self._app)))

    def stopped_since(self) -> datetime | None:
        stop = self._app.stops.stopped() if (self._home / STOPS).exists() else None
        return stop.at if stop else None

    def broken_pins(self) -> Sequence[str]:
        return machine.broken_pins()


class BadAuth(BadPassword):
    """The auth string of the flow-run server cannot be used."""

    whose = "Prefect's"


def _auth(app: App) -> str | None:
    given = os.environ.get("PREFECT_API_AUTH_STRING")
    file = app.settings.prefect_auth_file or app.home / "prefect-auth"
    if given or (app.settings.prefect_auth is None and not file.exists()):
        return given
    return password_of(app.settings.prefect_auth, file, bad=BadAuth)


def _reach(parts: SplitResult, usual: int | None) -> Answer | None:
    try:
        port = parts.port or usual
    except ValueError:  # said among the settings
        return None
    return machine.reach(parts.hostname, port) if parts.hostname and port else None


def _readings(app: App) -> Sequence[tuple[str, Callable[[], object]]]:
    """Return what each setting is read with; whatever refuses it says why."""
    settings = app.settings

    def calendarless() -> object:
        return terms_of(settings, calendar=_no_calendar())

    def mailbox() -> object:
        url = settings.mailbox_url
        if url is None or urlsplit(url).scheme in SCHEMES:
            return imap_intake(settings, hints=app.home / "mailbox-seen.json")
        return maildir_of(url)

    def mail_server() -> object:
        return settings.smtp_url and sender_of(settings, office_address="office@office.example")

    return (
        ("mailbox", mailbox),
        ("mail_server", mail_server),
        ("quiet_hours", calendarless),
        ("prefect_auth", lambda: _auth(app)),
    )


def _refused(readings: Sequence[tuple[str, Callable[[], object]]]) -> Iterator[tuple[str, str]]:
    for name, read in readings:
        try:
            read()
        except PhaseoutError as error:
            yield name, str(error)


def _no_calendar() -> "WorkCalendar":
    from phaseout.domain.calendar import WorkCalendar  # noqa: PLC0415

    return WorkCalendar(frozenset(), ())
