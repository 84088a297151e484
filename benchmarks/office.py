"""An office with a crowd of invented units (示例单位), wired as in earnest; for some figures without its letters."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from benchmarks import samples
from benchmarks.measuring import Clock
from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.invitations import IcalInvitations
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.post import MemoryIntake
from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.domain.finding import Finding
from phaseout.domain.form import Form
from phaseout.domain.letter import LetterFacts, LetterKind, LetterText
from phaseout.domain.submission import Channel, Workbook
from phaseout.ports import Composer, LetterWriter, MarkedCopies
from phaseout.settings import PROJECT, Settings
from phaseout.usecases import Desk
from phaseout.usecases.assess import Tools
from phaseout.usecases.collect import collect
from phaseout.usecases.open_campaign import open_campaign

CAMPAIGN = "jiangsu-2022"
OPENED = datetime(2022, 5, 20, 9, tzinfo=CHINA)
ARRIVED = datetime(2022, 8, 8, 10, tzinfo=CHINA)


class Crowd(FileDefinitions):
    """The project's definitions with a crowd of invented units."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(PROJECT)
        self._crowd = campaign

    def campaign(self, campaign: str) -> Campaign:
        """Return the campaign with the crowd in it."""
        return self._crowd if campaign == self._crowd.id else super().campaign(campaign)


def crowd_of(units: int, *, industries: Sequence[str] = samples.INDUSTRIES) -> Crowd:
    """Return definitions in which the campaign has so many invented units."""
    return Crowd(samples.crowd(FileDefinitions(PROJECT).campaign(CAMPAIGN), units, industries=industries))


@contextmanager
def opened_office(home: Path, *, definitions: Crowd | None = None, **settings: object) -> Iterator[App]:
    """Open an installation in which the campaign is open; nothing leaves it unless a mail server is named."""
    told = {
        "mailbox_url": None,
        "ledger_url": None,
        "smtp_url": None,
        "smtp_per_window": 0,
        "smtp_per_day": 0,
    } | settings
    with closing(App(Settings(home=home, **told))) as app:  # type: ignore[arg-type]  # settings of several types
        if definitions is not None:
            app.definitions = definitions
        open_campaign(CAMPAIGN, as_of=OPENED, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger)
        yield app


def survey_of(definitions: FileDefinitions) -> Form:
    """Return the survey summary (表2) as it is in the campaign's year."""
    return definitions.forms()["survey_summary"].in_year(definitions.campaign(CAMPAIGN).year)


def put_into_archive(app: App, files: Mapping[str, tuple[str, Path]], *, tools: Tools) -> None:
    """Collect files by the name of their workbook, each with its unit."""
    intake = MemoryIntake(Channel.FOLDER)
    for name, (unit, path) in files.items():
        intake.put(path.read_bytes(), ref=name, unit=unit, file_name=name)
    collect(as_of=ARRIVED, intakes=[intake], archive=tools.archive, ledger=app.ledger)


def clocked(tools: Tools, clock: Clock) -> Tools:
    """Return tools whose calls are counted by port."""
    return replace(
        tools,
        ledger=clock.on("ledger", tools.ledger),
        archive=clock.on("archive", tools.archive),
        workbooks=clock.on("reader", tools.workbooks),
        copies=clock.on("copies", tools.copies),
        checker=clock.on("gx", tools.checker),
        warehouse=clock.on("warehouse", tools.warehouse),
    )


def without_answers(tools: Tools) -> Tools:
    """Return tools that decide and write no letter and no marked copy."""
    desk = Desk(_NoWords(), _NoMail(), MemoryArchive(), IcalInvitations(), "bench.example")
    return replace(tools, copies=_NoCopies(), desk=lambda _: desk)


class _NoWords(LetterWriter):
    def write(self, kind: LetterKind, facts: LetterFacts) -> LetterText:  # noqa: ARG002  nothing is said
        return LetterText(kind.value, "", "")


class _NoMail(Composer):
    def compose(self, text: LetterText, **_: object) -> bytes:
        return text.subject.encode()


class _NoCopies(MarkedCopies):
    def mark(self, workbook: Workbook, form: Form, findings: Sequence[Finding], **_: object) -> bytes:  # noqa: ARG002  nothing of it is used
        return b""
