"""One place of wiring: settings become adapters, and adapters go into use cases.

What is heavy (DuckDB, Great Expectations, charts) is imported and opened when it is first needed, so a pass with
nothing to do stays cheap.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from phaseout.adapters.dispatch_stop_file import DispatchStopFile
from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.work_calendar import published_calendar
from phaseout.bootstrap.collector import let_values_be
from phaseout.bootstrap.mail_server import sender_of, terms_of
from phaseout.bootstrap.mailbox import LOOPBACK, imap_intake, maildir_of
from phaseout.bootstrap.reading_bounds import limits_of, readers_of, told_bounds
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.sending_terms import SendingTerms
from phaseout.errors import OperatorError, UsageError
from phaseout.ports import (
    Composer,
    DispatchStops,
    Extracts,
    Intake,
    LetterWriter,
    Outgoing,
    Pages,
    PictureReader,
    Sender,
    Warehouse,
    WorkbookReader,
)
from phaseout.settings import Proof, Settings
from phaseout.usecases import Desk, FormFiles

if TYPE_CHECKING:
    from phaseout.adapters.definitions import FileDefinitions
    from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
    from phaseout.adapters.ledger import SqlLedger
    from phaseout.usecases.assess.tools import Tools

# A home with this file in it holds a replay: invented deliveries, cleared by the next replay.
REPLAY_MARK = "replay.json"
# Who stopped dispatch and who let it go on; while it is stopped nothing leaves.
STOPS = "dispatch-stops.json"


class NoWarehouseHere(UsageError):
    """Something needs the warehouse, which another machine holds."""

    def __init__(self) -> None:
        super().__init__(
            "this machine holds no warehouse (PHASEOUT_HOLDS_WAREHOUSE=false): do this on the machine that does"
        )


class LedgerNotShared(UsageError):
    """A machine beside the one that holds the warehouse has no way to the ledger."""

    def __init__(self) -> None:
        super().__init__(
            "a machine that holds no warehouse (PHASEOUT_HOLDS_WAREHOUSE=false) works with the ledger of the one that "
            "does: name it by PHASEOUT_LEDGER_URL=postgresql://…"
        )


class App:
    """The installation: every adapter, opened when first used and closed together."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.home.resolve()
        self.local = (settings.local or settings.home).resolve()
        self._open = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._open.close()

    @cached_property
    def definitions(self) -> "FileDefinitions":
        from phaseout.adapters.definitions import FileDefinitions  # noqa: PLC0415  an idle pass reads none

        return FileDefinitions(
            self.settings.project,
            office=self.home,
            official=self._official_catalogue,
            bounds=told_bounds(self.settings),
        )

    def _official_catalogue(self) -> bytes | None:
        """Return the catalogue that the office has put in force, from ledger and archive; None for ours."""
        acts = self.ledger.catalogues() if self.has_ledger else ()
        return self.archive.get(acts[-1].in_force_sha256) if acts else None

    @cached_property
    def calendar(self) -> WorkCalendar:
        table = Path("calendar", "overrides.csv")
        return published_calendar(self.settings.project / "data" / table, self.home / table)

    @cached_property
    def ledger(self) -> "SqlLedger":
        if self.settings.ledger_url is None and not self.settings.holds_warehouse:
            raise LedgerNotShared
        self.home.mkdir(parents=True, exist_ok=True)
        url = self.settings.ledger_url or f"sqlite:///{self.home / 'ledger.sqlite'}"
        ledger = open_ledger(url, calendar=self.calendar)
        self._open.callback(ledger.close)
        return ledger

    @property
    def has_ledger(self) -> bool:
        """Whether there is a ledger to ask: a question alone makes none."""
        return self.settings.ledger_url is not None or (self.home / "ledger.sqlite").exists()

    @cached_property
    def archive(self) -> FileArchive:
        return FileArchive(self.home / "archive")

    @cached_property
    def intakes(self) -> Sequence[Intake]:
        from phaseout.adapters.intake.inbox_folder import InboxFolder  # noqa: PLC0415

        return self._mailbox, InboxFolder(self.home / "inbox")

    def make_inboxes(self, campaign: Campaign) -> None:
        """Make the folders into which people drop a unit's files (收件目录)."""
        for unit in campaign.units:
            (self.home / "inbox" / unit.code).mkdir(parents=True, exist_ok=True)

    @property
    def _mailbox(self) -> Intake:
        from phaseout.adapters.intake.maildir import MaildirIntake  # noqa: PLC0415

        mailbox = imap_intake(self.settings, hints=self.home / "mailbox-seen.json")
        if mailbox is not None:
            self._open.callback(mailbox.close)
            return mailbox
        url = self.settings.mailbox_url
        return MaildirIntake(self.home / "mailbox" if url is None else maildir_of(url))

    @cached_property
    def workbooks(self) -> WorkbookReader:
        from phaseout.adapters.workbook_reader import LimitedWorkbookReader  # noqa: PLC0415
        from phaseout.bootstrap.reading_cluster import on_cluster  # noqa: PLC0415

        reader = LimitedWorkbookReader(limits_of(self.settings), children=readers_of(self.settings))
        self._open.callback(reader.close)
        return on_cluster(self.settings, archive=self.archive, here=reader, opened=self._open)

    @cached_property
    def pictures(self) -> PictureReader:
        from phaseout.adapters.evidence import LimitedPictureReader  # noqa: PLC0415

        return LimitedPictureReader()

    @cached_property
    def warehouse(self) -> Warehouse:
        warehouse = self.make_warehouse(self.warehouse_file)
        self._open.callback(warehouse.close)
        return warehouse

    @property
    def warehouse_file(self) -> Path:
        """Where the warehouse of this machine lies."""
        return self.local / "warehouse.duckdb"

    def make_warehouse(self, path: Path) -> "DuckDbWarehouse":
        """Return the warehouse of a file.

        Raises:
            NoWarehouseHere: another machine holds it.
        """
        if not self.settings.holds_warehouse:
            raise NoWarehouseHere
        from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse  # noqa: PLC0415

        self.local.mkdir(parents=True, exist_ok=True)
        return DuckDbWarehouse(
            path,
            forms=self.definitions.forms(),
            entries=self._suites,
            sql_folder=self.settings.project / "data" / "sql",
            rules_folder=self.settings.project / "expectations" / "rules",
        )

    @cached_property
    def _suites(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  what two adapters share; neither names the other's type
        return self.definitions.suites()

    @cached_property
    def form_files(self) -> FormFiles:
        from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks  # noqa: PLC0415

        catch_up = partial(self.fill, self.warehouse)
        return FormFiles(self.definitions, XlsxWriterWorkbooks(), self.warehouse, ledger=self.ledger, catch_up=catch_up)

    @cached_property
    def letters(self) -> LetterWriter:
        from phaseout.adapters.letter_writer import JinjaLetters  # noqa: PLC0415

        return JinjaLetters(self.settings.project / "data" / "letters")

    @cached_property
    def pages(self) -> Pages:
        from phaseout.adapters.pages import FilePages  # noqa: PLC0415

        return FilePages(
            self.home / "published", templates=self.settings.project / "data" / "pages", is_replay=self.is_replay
        )

    @cached_property
    def extracts(self) -> Extracts:
        from phaseout.adapters.duckdb_warehouse.extracts import FileExtracts  # noqa: PLC0415
        from phaseout.adapters.pages.dictionary import read_words  # noqa: PLC0415

        data = self.settings.project / "data"
        words = read_words(data / "pages" / "dictionary.yaml")
        return FileExtracts(self.snapshot.parent, sql_folder=data / "sql", words=words, is_replay=self.is_replay)

    @cached_property
    def outgoing(self) -> Outgoing:
        from phaseout.adapters.outgoing_folder import OutgoingFolder  # noqa: PLC0415

        return OutgoingFolder(self.home / "outgoing")

    @property
    def _provider(self) -> str:
        """Whose word about senders is believed; nobody's, if the settings name a mailbox and not its provider."""
        return self.settings.authserv_id or ("" if self.settings.mailbox_url else LOOPBACK)

    @property
    def is_without_proof(self) -> bool:
        """Whether senders must be vouched for and nobody can: the mailbox's provider is not named."""
        is_asked = self.settings.require_authentic is Proof.PROVIDER
        return is_asked and not self._provider

    @property
    def is_replay(self) -> bool:
        """Whether this home holds a replay."""
        return (self.home / REPLAY_MARK).exists()

    def sender(self) -> Sender:
        """Return a sender; without a mail server letters stay in `outgoing/`."""
        return sender_of(self.settings, office_address=self.office_address)

    @cached_property
    def terms(self) -> SendingTerms:
        """When letters may leave, and how many."""
        is_stopped = self.stops.stopped() is not None
        return replace(terms_of(self.settings, calendar=self.calendar), is_stopped=is_stopped)

    @property
    def stops(self) -> DispatchStops:
        """Who stopped dispatch, and who let it go on."""
        return DispatchStopFile(self.home / STOPS)

    @property
    def office_address(self) -> str:
        """The address from which the office writes: that of the campaign opened last."""
        return self.definitions.campaign(self.usual_campaign).office.mailbox

    @property
    def usual_campaign(self) -> str:
        """The campaign opened last; before the first is opened, the last of those that could be."""
        opened = self.ledger.open_campaigns()
        if opened:
            return opened[-1]
        known = self.definitions
        ready = [name for name in known.campaigns() if not known.campaign(name).forms_to_come]
        return (ready or known.campaigns())[-1]

    def desk(self, campaign: Campaign) -> Desk:
        """Return the desk that writes a campaign's letters."""
        from phaseout.adapters.invitations import IcalInvitations  # noqa: PLC0415
        from phaseout.adapters.post.composer import MailComposer  # noqa: PLC0415

        composer: Composer = MailComposer(
            sender_name=f"{campaign.office.body}{campaign.office.desk}", sender_address=campaign.office.mailbox
        )
        return Desk(
            self.letters,
            composer,
            self.archive,
            IcalInvitations(),
            self.settings.message_host,
            is_replay=self.is_replay,
            phone=self.settings.office_phone,
            provisional_years=self.calendar.provisional_years,
        )

    def fill(self, warehouse: Warehouse) -> int:
        """Load into a warehouse what the ledger accepted and it does not hold; a damaged one is built anew."""
        from phaseout.bootstrap.loading import fill  # noqa: PLC0415  DuckDB is heavy

        return fill(self, warehouse)

    def fill_to_publish(self, campaign: str, *, as_of: datetime) -> int:
        """Bring the warehouse up to date before it is published; the first time on a day every row is read."""
        from phaseout.bootstrap.loading import fill_to_publish  # noqa: PLC0415

        return fill_to_publish(self, campaign, as_of=as_of)

    def rebuilding(self, *, keep_live: bool) -> AbstractContextManager[tuple[Warehouse | None, Warehouse]]:
        """Lend the live warehouse, if there is one, and a fresh one, which replaces it unless it is to be kept."""
        from phaseout.bootstrap.loading import rebuilding  # noqa: PLC0415

        return rebuilding(self, keep_live=keep_live)

    def fill_and_mirror(self, warehouse: Warehouse, *, as_of: datetime) -> int:
        """Make a warehouse all that archive and ledger say."""
        from phaseout.bootstrap.loading import fill_and_mirror  # noqa: PLC0415

        return fill_and_mirror(self, warehouse, as_of=as_of)

    @property
    def tools(self) -> "Tools":
        """What assessing works with."""
        from phaseout.adapters.intake.message_reader import StrangersMail  # noqa: PLC0415
        from phaseout.adapters.intake.signature import key_in_dns  # noqa: PLC0415
        from phaseout.adapters.marked_copy import XlsxWriterMarkedCopies  # noqa: PLC0415

        proof = self.settings.require_authentic
        from phaseout.usecases.assess.tools import Tools  # noqa: PLC0415

        return Tools(
            definitions=self.definitions,
            calendar=self.calendar,
            ledger=self.ledger,
            archive=self.archive,
            messages=StrangersMail(
                self._provider,
                office_address=self.office_address,
                key_of=key_in_dns if proof is Proof.DKIM_OR_PROVIDER else None,
            ),
            workbooks=self.workbooks,
            pictures=self.pictures,
            copies=XlsxWriterMarkedCopies(),
            checker=self.checker,
            warehouse=self.warehouse,
            desk=self.desk,
            catch_up=partial(self.fill, self.warehouse),
            require_authentic=proof is not Proof.NONE,
        )

    @cached_property
    def checker(self):  # type: ignore[no-untyped-def]  # noqa: ANN201  imported when needed
        from phaseout.adapters.gx_checker import GxChecker  # noqa: PLC0415

        return GxChecker(self._suites)

    @property
    def snapshot(self) -> Path:
        """The analysts' snapshot."""
        return self.home / "published" / "phaseout.duckdb"


_shared: App | None = None


@contextmanager
def open_app(settings: Settings | None = None) -> Iterator[App]:
    """Open the installation that the environment describes, or share the one that is open."""
    if _shared is not None:
        yield _shared
        return
    let_values_be()
    app = App(settings or Settings())
    try:
        yield app
    finally:
        app.close()


@contextmanager
def share_app(settings: Settings | None = None) -> Iterator[App]:
    """Keep one installation open for everything inside: a replay opens its databases once, not a thousand times."""
    global _shared  # noqa: PLW0603  one process, one installation
    with open_app(settings) as app:
        _shared = app
        try:
            yield app
        finally:
            _shared = None


def is_anything_waiting(app: App) -> bool:
    """Say whether a collect pass would find work, at the price of a directory listing and a query."""
    if app.ledger.pending(limit=1):
        return True
    return any(_has_new(intake, app) for intake in app.intakes)


def _has_new(intake: Intake, app: App) -> bool:
    try:
        return bool(app.ledger.unknown(intake.channel, [arrival.ref for arrival in intake.waiting()]))
    except OperatorError:
        return True  # nobody can say; the pass takes in what else there is, and then says what is wrong
