"""What people look up as it stands in ledger and archive: the words of a letter, the days of a campaign."""

from datetime import datetime

from phaseout.bootstrap import App
from phaseout.domain.campaign import Campaign
from phaseout.domain.outbox import UnknownLetter


def calendar_file(app: App, campaign: Campaign, *, unit: str | None, as_of: datetime) -> str:
    """Return the days of a campaign for the office, or the due dates of one of its units, as an .ics file."""
    from phaseout.adapters.invitations import IcalInvitations  # noqa: PLC0415  who reads a letter needs none of it
    from phaseout.usecases.write_calendar import write_calendar  # noqa: PLC0415

    return write_calendar(
        campaign,
        unit=unit,
        as_of=as_of,
        calendar=app.calendar,
        ledger=app.ledger if app.has_ledger else None,
        invitations=IcalInvitations(),
        host=app.settings.message_host,
    ).decode("utf-8")


def letter_text(app: App, letter: int) -> str:
    """Return what a letter says, as plain text.

    Raises:
        UnknownLetter: the ledger has none of that number.
    """
    from email import message_from_bytes, policy  # noqa: PLC0415  few commands show letters

    record = next((record for record in app.ledger.letters() if record.id == letter), None)
    if record is None:
        raise UnknownLetter(letter=letter)
    raw = app.archive.get(record.letter.raw_sha256)
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return f"{record.letter.subject}\n\n{body.get_content() if body else ''}"
