"""An office for the tests of use cases: twins in memory around the real domain, data, rules and workbooks."""

import functools
import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.evidence import LimitedPictureReader
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.invitations import IcalInvitations
from phaseout.adapters.letter_writer import JinjaLetters
from phaseout.adapters.marked_copy import XlsxWriterMarkedCopies
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.documents import MemoryDocuments
from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.adapters.memory.pages import MemoryPages
from phaseout.adapters.memory.post import MemoryIntake, MemoryOutgoing, MemorySender
from phaseout.adapters.post.composer import MailComposer
from phaseout.adapters.work_calendar import published_calendar
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import ANSWERS, LetterState
from phaseout.domain.obligation import standings
from phaseout.domain.submission import Channel
from phaseout.settings import PROJECT
from phaseout.usecases import Desk, FormFiles
from phaseout.usecases.assess import Tools, assess
from phaseout.usecases.assess.preview import check_files
from phaseout.usecases.collect import collect
from phaseout.usecases.deliver import deliver
from phaseout.usecases.explain_draft import explain_draft
from phaseout.usecases.load import load
from phaseout.usecases.open_campaign import open_campaign
from phaseout.usecases.owe import owe
from phaseout.usecases.publish import mirror, publish
from phaseout.usecases.release import release
from phaseout.usecases.remind import remind
from phaseout.usecases.remind_signing import remind_signing
from phaseout.usecases.take_stock import take_stock
from phaseout.usecases.take_stock.bench import Sources
from phaseout.usecases.take_stock.writing import write_document
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI

OFFICE = "chanye@gxt-jiangsu.example"
PROVIDER = "mx.gxt-jiangsu.example"
MAILBOX = {SUZHOU: "gxj@suzhou.example", WUXI: "gxj@wuxi.example"}
OPENED = "2022-05-20 08:00"


def at(moment):
    """Return an instant on China's clocks, such as at("2022-08-11 09:00")."""
    return datetime.fromisoformat(moment).replace(tzinfo=CHINA)


@functools.cache
def definitions():
    return FileDefinitions(PROJECT)


class TwoCities(FileDefinitions):
    """Jiangsu's campaign for Wuxi and Suzhou alone, with two industries: letters to thirteen cities take their time."""

    def campaign(self, campaign):
        whole = definitions().campaign(campaign)
        units = [replace(unit, industries=("ferroalloy", "paper")) for unit in whole.units if unit.code in MAILBOX]
        return replace(whole, units=tuple(units))


@functools.cache
def two_cities():
    return TwoCities(PROJECT)


@functools.cache
def calendar():
    return published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")


@functools.cache
def suites():
    return definitions().suites()


@functools.cache
def checker():
    return GxChecker(suites())


@functools.cache
def workbook_reader():
    return LimitedWorkbookReader()


@functools.cache
def letter_writer():
    return JinjaLetters(PROJECT / "data" / "letters")


WAREHOUSES = []  # that a test opened; closed when it ends


def new_warehouse(path=None, kind=DuckDbWarehouse):
    warehouse = kind(
        path,
        forms=definitions().forms(),
        entries=suites(),
        sql_folder=PROJECT / "data" / "sql",
        rules_folder=PROJECT / "expectations" / "rules",
    )
    WAREHOUSES.append(warehouse)
    return warehouse


def mail_of(sender, *files, subject="报送", authentic=True, headers=(), message_id=None):
    """Return a mail as the office's provider hands it over; *files* are (name, bytes)."""
    message = EmailMessage()
    domain = sender.rpartition("@")[2].rstrip(">")
    message["Authentication-Results"] = f"{PROVIDER}; dmarc={'pass' if authentic else 'fail'} header.from={domain}"
    message["From"], message["To"], message["Subject"] = sender, OFFICE, subject
    # Every mail program gives its mails ids of their own.
    named = hashlib.sha256(b"".join([sender.encode(), *(content for _, content in files)])).hexdigest()[:8]
    message["Message-ID"] = message_id or f"<{named}@city.example>"
    for name, value in headers:
        message[name] = value
    message.set_content("请查收。")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes(policy=policy.SMTP)


@dataclass
class Office:
    """One office on its own; every verb takes the moment at which it is done."""

    warehouse: DuckDbWarehouse = field(default_factory=new_warehouse)
    ledger: MemoryLedger = field(default_factory=lambda: MemoryLedger(calendar=calendar()))
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    mailbox: MemoryIntake = field(default_factory=MemoryIntake)
    inbox: MemoryIntake = field(default_factory=lambda: MemoryIntake(Channel.FOLDER))
    outgoing: MemoryOutgoing = field(default_factory=MemoryOutgoing)
    sender: MemorySender = field(default_factory=MemorySender)
    pages: MemoryPages = field(default_factory=MemoryPages)
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    definitions: FileDefinitions = field(default_factory=definitions)
    require_authentic: bool = True
    provisional_years: tuple[int, ...] = ()
    arrivals: int = 0

    # What happens to the office

    def mail(self, moment, unit, *files, **how):
        """Let a mail of a unit, or of an address, arrive."""
        self.arrivals += 1
        raw = mail_of(MAILBOX.get(unit, unit), *files, **how)
        self.mailbox.put(raw, ref=f"uid-{self.arrivals}", arrived_at=at(moment))

    def drop(self, unit, name, content):
        """Let somebody put a file into a unit's inbox folder."""
        self.arrivals += 1
        self.inbox.put(content, ref=f"{unit}/{name}#{self.arrivals}", unit=unit, file_name=name)

    # What the office does

    def open(self, moment=OPENED, campaign=CAMPAIGN):
        return open_campaign(
            campaign,
            as_of=at(moment),
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
        )

    def collect(self, moment):
        return collect(as_of=at(moment), intakes=(self.mailbox, self.inbox), archive=self.archive, ledger=self.ledger)

    def assess(self, moment):
        return assess(as_of=at(moment), tools=self.tools)

    def receive(self, moment, unit, *files, **how):
        """Let a mail arrive, take it in and assess it at once."""
        self.mail(moment, unit, *files, **how)
        self.collect(moment)
        return self.assess(moment)

    def check(self, moment, *files, unit=None, keep=None):
        return check_files(files, campaign_id=CAMPAIGN, unit_code=unit, as_of=at(moment), tools=self.tools, keep=keep)

    def owe(self, moment):
        return owe(CAMPAIGN, as_of=at(moment), definitions=self.definitions, calendar=calendar(), ledger=self.ledger)

    def remind(self, moment):
        return remind(
            CAMPAIGN,
            as_of=at(moment),
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
            desk=self.desk(self.definitions.campaign(CAMPAIGN)),
            forms=self.form_files,
            pages=self.pages,
        )

    def deliver(self, moment, **how):
        return deliver(
            as_of=at(moment),
            ledger=self.ledger,
            archive=self.archive,
            outgoing=self.outgoing,
            sender=self.sender,
            **how,
        )

    def release(self, letter, moment, *, by="周示例", is_released=True, reason="同意", shown=None):
        return release(
            letter,
            release=is_released,
            by=by,
            reason=reason,
            as_of=at(moment),
            ledger=self.ledger,
            shown_sha256=shown,
        )

    def remind_signing(self, moment, *, page=None):
        return remind_signing(
            CAMPAIGN,
            as_of=at(moment),
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
            desk=self.desk(self.definitions.campaign(CAMPAIGN)),
            page=page,
        )

    def explain_draft(self, letter, moment):
        return explain_draft(
            letter, as_of=at(moment), definitions=self.definitions, calendar=calendar(), ledger=self.ledger
        )

    def take_stock(self, milestone, moment):
        return take_stock(
            CAMPAIGN,
            milestone,
            as_of=at(moment),
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
            warehouse=self.warehouse,
            pages=self.pages,
            documents=self.documents,
            catch_up=lambda: self.catch_up_marts(moment),
            desk=self.desk(self.definitions.campaign(CAMPAIGN)),
        )

    def catch_up_marts(self, moment):
        mirror(
            self.definitions.campaign(CAMPAIGN),
            as_of=at(moment),
            calendar=calendar(),
            ledger=self.ledger,
            warehouse=self.warehouse,
        )
        return self.catch_up()

    def write_document(self, kind, moment, *, period=None):
        self.catch_up_marts(moment)
        sources = Sources(
            self.definitions.campaign(CAMPAIGN),
            at(moment),
            self.definitions,
            self.ledger,
            self.warehouse,
            self.pages,
            self.documents,
        )
        return write_document(sources, kind, period=period)

    def publish(self, moment, snapshot: Path):
        return publish(
            CAMPAIGN,
            as_of=at(moment),
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
            warehouse=self.warehouse,
            pages=self.pages,
            snapshot=snapshot,
            catch_up=self.catch_up,
        )

    def fill(self, warehouse):
        return load(
            definitions=self.definitions,
            ledger=self.ledger,
            archive=self.archive,
            workbooks=workbook_reader(),
            warehouse=warehouse,
        ).submissions

    def catch_up(self):
        return self.fill(self.warehouse)

    # How it stands

    def outcomes(self):
        """Return outcome and reason of every delivery, in order of arrival."""
        return [(record.outcome, record.reason) for record in self.ledger.deliveries()]

    def submissions(self):
        """Return id without campaign, and decision, of every submission."""
        return [
            (submission.id.removeprefix(f"{CAMPAIGN}/"), submission.decision)
            for submission in self.ledger.submissions(CAMPAIGN)
        ]

    def findings(self, submission=-1):
        """Return the rules that a submission broke; of the newest unless numbered."""
        return [finding.rule for finding in self.ledger.submissions(CAMPAIGN)[submission].findings]

    def letters(self, *states):
        return [record.letter for record in self.ledger.letters(states=states)]

    def answers(self):
        """Return the answers written so far, oldest first."""
        return [letter for letter in self.letters() if letter.kind in ANSWERS]

    def unprompted(self, *, states=(LetterState.QUEUED,), unit=SUZHOU):
        """Return the unprompted letters to a unit; the queued ones unless told otherwise."""
        return [letter for letter in self.letters(*states) if letter.kind not in ANSWERS and letter.unit == unit]

    def message(self, letter):
        """Return a letter's finished message."""
        return message_from_bytes(self.archive.get(letter.raw_sha256), policy=policy.default)

    def text(self, letter):
        """Return what a letter says."""
        return self.message(letter).get_body(("plain",)).get_content()

    def files(self, letter):
        """Return the names of a letter's attachments."""
        return [part.get_filename() for part in self.message(letter).iter_attachments()]

    def view(self, obligation, moment):
        """Return where an obligation stands; *obligation* is its id without the campaign."""
        views = standings(
            self.ledger.obligations(CAMPAIGN),
            self.ledger.submitted(CAMPAIGN),
            calendar=calendar(),
            correction_working_days=3,
            as_of=at(moment),
        )
        return views[f"{CAMPAIGN}/{obligation}"]

    # What it works with

    def desk(self, campaign):
        return Desk(
            letter_writer(),
            MailComposer(sender_name=campaign.office.body, sender_address=campaign.office.mailbox),
            self.archive,
            IcalInvitations(),
            "phaseout.example",
            provisional_years=self.provisional_years,
        )

    @property
    def form_files(self):
        return FormFiles(
            self.definitions, XlsxWriterWorkbooks(), self.warehouse, ledger=self.ledger, catch_up=self.catch_up
        )

    @property
    def tools(self):
        return Tools(
            definitions=self.definitions,
            calendar=calendar(),
            ledger=self.ledger,
            archive=self.archive,
            messages=StrangersMail(PROVIDER, office_address=OFFICE),
            workbooks=workbook_reader(),
            pictures=LimitedPictureReader(),
            copies=XlsxWriterMarkedCopies(),
            checker=checker(),
            warehouse=self.warehouse,
            desk=self.desk,
            catch_up=self.catch_up,
            require_authentic=self.require_authentic,
        )
