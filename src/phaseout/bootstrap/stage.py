"""The stage of a replay (回放): a home of its own, the loopback post, and the invented cities."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from phaseout.adapters.post.city_post import ReplayPost
from phaseout.adapters.post.loopback import LoopbackPost
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.bootstrap import App, open_app, share_app
from phaseout.bootstrap.mailbox import LOOPBACK
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.domain.form import in_year
from phaseout.domain.invented.year import InventedYear, invent_year
from phaseout.errors import UsageError
from phaseout.settings import Proof, Settings
from phaseout.usecases.act_as_office import act_as_office
from phaseout.usecases.act_as_units import act_as_units

MORNING = time(8)


@dataclass
class Stage:
    """A running replay: the installation with its invented cities."""

    app: App
    campaign: Campaign
    seed: int
    port: int

    @cached_property
    def year(self) -> InventedYear:
        """The invented year of the seed."""
        forms = in_year(self.app.definitions.forms(), self.campaign.year)
        return invent_year(self.campaign, forms, calendar=self.app.calendar, seed=self.seed)

    @cached_property
    def post(self) -> ReplayPost:
        """The cities' way to the office."""
        return ReplayPost(
            port=self.port,
            office_address=self.campaign.office.mailbox,
            senders={unit.code: (unit.body, unit.mailbox) for unit in self.campaign.units},
        )

    @cached_property
    def writer(self) -> XlsxWriterWorkbooks:
        """Writes the cities' workbooks."""
        return XlsxWriterWorkbooks()

    def act(self, day: date) -> datetime | None:
        """Send the cities' mail of a day; return when the last one arrived."""
        return act_as_units(
            self.year,
            self.campaign,
            day,
            morning=datetime.combine(day, MORNING, CHINA),
            definitions=self.app.definitions,
            calendar=self.app.calendar,
            ledger=self.app.ledger,
            writer=self.writer,
            post=self.post,
        )

    def register_papers(self, day: date) -> int:
        """Register the paper copies that reach the office on a day; return how many receipts there were."""
        return act_as_office(
            self.year,
            self.campaign,
            day,
            seed=self.seed,
            as_of=datetime.combine(day, MORNING, CHINA),
            calendar=self.app.calendar,
            ledger=self.app.ledger,
        )


_stage: Stage | None = None


@contextmanager
def open_stage(campaign: str, *, seed: int) -> Iterator[Stage]:
    """Open the stage in the home that the environment names; mail settings are ignored."""
    global _stage  # noqa: PLW0603  one process, one stage
    found = Settings()
    home = found.home.resolve()
    with open_app(found) as probe:
        office = probe.definitions.campaign(campaign).office.mailbox
    with LoopbackPost(home, office_address=office, authserv_id=LOOPBACK) as loopback:
        settings = found.of_other_home(home).model_copy(
            update={
                "mailbox_url": None,
                "smtp_url": f"smtp://127.0.0.1:{loopback.port}?tls=none",
                "smtp_password": None,
                "smtp_password_file": None,
                "smtp_per_window": 0,  # the loopback counts nothing
                "smtp_per_day": 0,
                "authserv_id": LOOPBACK,
                "require_authentic": Proof.PROVIDER,
            }
        )
        with share_app(settings) as app:
            _stage = Stage(app, app.definitions.campaign(campaign), seed, loopback.port)
            try:
                yield _stage
            finally:
                _stage.post.close()
                _stage = None


class NoStage(UsageError):
    """A step of a replay was run outside of one."""

    def __init__(self) -> None:
        super().__init__("no replay is running; start one with `phaseout replay`")


def current_stage() -> Stage:
    """Return the stage that is open.

    Raises:
        NoStage: no replay is running.
    """
    if _stage is None:
        raise NoStage
    return _stage
