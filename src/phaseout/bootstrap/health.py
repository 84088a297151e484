"""Wires what looks after the installation (运行监测): its health is checked, told and shown."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from phaseout.adapters.health.watch_book import WatchFiles
from phaseout.bootstrap import App
from phaseout.bootstrap.passes import note_pass, pass_book
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.health import Check
from phaseout.domain.health_words import HealthWords
from phaseout.errors import PhaseoutError
from phaseout.ports.health import WatchBook
from phaseout.usecases import Desk
from phaseout.usecases.check_health import Health, check_health
from phaseout.usecases.remind_signing import drafts_to_decide
from phaseout.usecases.tell_health import PostOffice, Told, Way, tell_health

if TYPE_CHECKING:
    from phaseout.ports import Archive, Sender

LOG = logging.getLogger(__name__)
FOLDER = "health"
_Rows: TypeAlias = Sequence[Mapping[str, object]]


def watch_book(home: Path) -> WatchBook:
    """Return where the watch of a home remembers."""
    return WatchFiles(home / FOLDER)


def words_of(app: App) -> HealthWords:
    """Return what is said of troubles."""
    return app.definitions.health_words()


def look(app: App, *, as_of: datetime) -> Health:
    """Check the health of an installation; nothing is changed."""
    from phaseout.bootstrap.premises import InstalledPremises  # noqa: PLC0415

    return check_health(
        as_of=as_of,
        premises=InstalledPremises(app),
        passes=pass_book(app.home),
        book=watch_book(app.home),
        ledger=lambda: app.ledger,
        calendar=lambda: app.calendar,
        drafts=lambda campaign: drafts_to_decide(
            campaign, as_of=as_of, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger
        ),
        broke=_say_why,
    )


def watch(app: App, *, as_of: datetime) -> tuple[Health, Told] | None:
    """Check the health and tell the office; None if another process is at it just now."""
    book = watch_book(app.home)
    with book.alone() as is_ours:
        if not is_ours:
            return None
        seen = look(app, as_of=as_of)
        # That it was away is over: here it is.
        health = replace(seen, troubles=tuple(one for one in seen.troubles if one.subject != "watch"))
        told = tell_health(
            health.troubles,
            health.observed,
            as_of=as_of,
            book=book,
            words=words_of(app),
            calendar=_calendar_or_none(app),
            post_office=lambda campaign: _post_office(app, campaign),
        )
        _log(told)
        _write_page(app, book)
        note_pass("watch", at=as_of)
        return health, told


def board_troubles(home: Path) -> list[Mapping[str, object]] | None:
    """Return the troubles of the watch's last look as the board shows them; None if there was none."""
    shown = watch_book(home).shown()
    if shown is None:
        return None
    return [{**one, "since": datetime.fromisoformat(str(one["since"]))} for one in cast("_Rows", shown["troubles"])]


def _write_page(app: App, book: WatchBook) -> None:
    from phaseout.adapters.health.page import write_page  # noqa: PLC0415

    shown = book.shown()
    try:
        if shown is not None:
            write_page(app.snapshot.parent / "site", shown, templates=app.settings.project / "data" / "pages")
    except OSError as error:
        LOG.warning("the page on health cannot be written: %s", error.strerror)


def _say_why(check: Check, error: Exception) -> None:
    LOG.warning("the check of %s broke: %s: %s", check, type(error).__name__, error)


def _log(told: Told) -> None:
    if told.way is Way.UNSENT:
        LOG.error("the letter on troubles could not leave (%s); it lies in %s/unsent", told.words, FOLDER)
    elif told.way is not Way.NONE:
        LOG.info("the letter on troubles: %s", told.way)


def _calendar_or_none(app: App) -> WorkCalendar | None:
    try:
        return app.calendar
    except PhaseoutError:
        return None


def _post_office(app: App, campaign: str | None) -> PostOffice:
    from phaseout.adapters.memory.archive import MemoryArchive  # noqa: PLC0415

    meant = _campaign(app, campaign)
    hand = MemoryArchive()
    return PostOffice(
        campaign=meant,
        desk=_desk(app, meant, hand),
        hand=hand,
        archive=app.archive,
        ledger=lambda: app.ledger,
        sender=lambda: _sender(app, meant),
        outgoing=app.outgoing,
    )


def _campaign(app: App, campaign: str | None) -> Campaign:
    """Return the campaign whose office is written to; the ledger is not asked: it may be what is broken."""
    known = app.definitions
    if campaign is not None and campaign in known.campaigns():
        return known.campaign(campaign)
    ready = [name for name in known.campaigns() if not known.campaign(name).forms_to_come]
    return known.campaign((ready or list(known.campaigns()))[-1])


def _desk(app: App, campaign: Campaign, hand: "Archive") -> Desk:
    from phaseout.adapters.invitations import IcalInvitations  # noqa: PLC0415
    from phaseout.adapters.post.composer import MailComposer  # noqa: PLC0415

    composer = MailComposer(
        sender_name=f"{campaign.office.body}{campaign.office.desk}", sender_address=campaign.office.mailbox
    )
    settings = app.settings
    return Desk(app.letters, composer, hand, IcalInvitations(), settings.message_host, phone=settings.office_phone)


def _sender(app: App, campaign: Campaign) -> "Sender":
    from phaseout.bootstrap.mail_server import sender_of  # noqa: PLC0415

    return sender_of(app.settings, office_address=campaign.office.mailbox)
