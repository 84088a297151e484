"""Mail of invented units (来函) in the office's Maildir, as its provider hands it over."""

import os
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from phaseout.bootstrap.mailbox import LOOPBACK
from phaseout.domain.campaign import Unit

PARTS = ("new", "cur", "tmp")


def write_mail(unit: Unit, files: Sequence[tuple[str, bytes]], *, office: str, number: int) -> bytes:
    """Return a mail of a unit; its files are pairs of name and content."""
    message = EmailMessage()
    message["From"], message["To"] = unit.mailbox, office
    message["Subject"], message["Message-ID"] = "报送报表", f"<bench{number}@sample.example>"
    message.set_content("附件为我单位报表。")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    proof = f"Authentication-Results: {LOOPBACK}; dmarc=pass header.from={unit.mailbox.rpartition('@')[2]}\r\n"
    return proof.encode() + message.as_bytes()


def make_maildir(mailbox: Path) -> None:
    """Make an empty Maildir."""
    for part in PARTS:
        (mailbox / part).mkdir(parents=True)


def put_mail(mailbox: Path, name: str, raw: bytes, *, at: datetime) -> None:
    """Let a mail arrive in a Maildir: written aside, then renamed."""
    aside = mailbox / "tmp" / name
    aside.write_bytes(raw)
    os.utime(aside, (at.timestamp(), at.timestamp()))
    aside.rename(mailbox / "new" / name)
