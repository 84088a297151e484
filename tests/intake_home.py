"""A home of the office, its campaign open: mail for its Maildir, and its passes as the command line runs them."""

import os
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.ports import SENDER, Contact
from phaseout.settings import PROJECT, Settings
from phaseout.usecases.assess import assess
from phaseout.usecases.collect import collect
from phaseout.usecases.deliver import deliver
from phaseout.usecases.open_campaign import open_campaign

CAMPAIGN = "jiangsu-2022"
OPENED = datetime(2022, 5, 20, 9, tzinfo=CHINA)
PROVIDER = b"Authentication-Results: mail.office.example; dmarc=pass header.from="


@contextmanager
def opened(home, *, smtp_port=None, project=PROJECT):
    """Open the installation of a home; letters leave through a server on this machine, if one is named."""
    smtp = f"smtp://127.0.0.1:{smtp_port}?tls=none" if smtp_port else None
    app = App(Settings(home=home, project=project, smtp_url=smtp, smtp_per_window=0, smtp_per_day=0))
    try:
        yield app
    finally:
        app.close()


def open_home(home, *, senders=()):
    """Make a home in which the campaign is open; *senders* are further addresses, with their unit."""
    with opened(home) as app:
        app.make_inboxes(app.definitions.campaign(CAMPAIGN))
        open_campaign(CAMPAIGN, as_of=OPENED, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger)
        more = [Contact(CAMPAIGN, unit, SENDER, "示例", address, "", OPENED) for address, unit in senders]
        app.ledger.open_campaign(app.definitions.campaign(CAMPAIGN), (), more, as_of=OPENED)
    for part in ("new", "cur", "tmp"):
        (home / "mailbox" / part).mkdir(parents=True, exist_ok=True)


def mail(sender, *files, message_id, subject="报送报表"):
    """Return a mail as the office's provider hands it over; files are pairs of name and content."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "chanye@gxt-jiangsu.example"
    message["Subject"], message["Message-ID"] = subject, f"<{message_id}@sender.example>"
    message.set_content("附件为我市报表。")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return vouched(message.as_bytes(), sender)


def vouched(raw, sender):
    """Return a mail with the line in which the provider says that its sender's domain passed."""
    return PROVIDER + sender.rpartition("@")[2].encode() + b"\r\n" + raw


def put_mail(home, name, raw, *, at):
    """Let a mail arrive in the Maildir as a mail program does: written aside, then renamed."""
    aside, place = home / "mailbox" / "tmp" / name, home / "mailbox" / "new" / name
    aside.write_bytes(raw)
    os.utime(aside, (at.timestamp(), at.timestamp()))
    aside.rename(place)


def take_in(app, *, as_of):
    """Collect and assess, as `phaseout collect` does."""
    collect(as_of=as_of, intakes=app.intakes, archive=app.archive, ledger=app.ledger)
    return assess(as_of=as_of, tools=app.tools)


def send(app, *, as_of):
    """Send what waits, as `phaseout deliver` does."""
    return deliver(
        as_of=as_of,
        ledger=app.ledger,
        archive=app.archive,
        outgoing=app.outgoing,
        sender=app.sender(),
        terms=app.terms,
    )
