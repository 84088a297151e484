"""The post office of a replay (回放): takes mail on this machine alone and files it into Maildirs, as a provider would.

Time in a replay is simulated, so a mail is delivered at the instant of its own Date header; file names are made of that
instant and the content. The same replay leaves the same files.
"""

import email
import hashlib
import os
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 60_000_000
_FOLDER_NAME = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


class LoopbackPost:
    """Mail to the office lands in `home/mailbox`, mail to a unit in `home/cities/<address>`. A context manager."""

    def __init__(self, home: Path, *, office_address: str, authserv_id: str) -> None:
        self._controller = _Controller(
            _Filing(home, office_address=office_address.lower(), authserv_id=authserv_id),
            hostname="127.0.0.1",
            port=0,
            data_size_limit=LARGEST_MAIL,
            ident="phaseout replay",
        )

    @property
    def port(self) -> int:
        """The port on 127.0.0.1 that takes mail."""
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()


class _Controller(Controller):  # type: ignore[misc]  # aiosmtpd carries no types that mypy is shown
    def _trigger_server(self) -> None:
        # The system chose the port; asking for a free one beforehand would be a race.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Filing:
    """What the server does with a mail; method names are aiosmtpd's."""

    def __init__(self, home: Path, *, office_address: str, authserv_id: str) -> None:
        self._home = home
        self._office_address = office_address
        self._authserv_id = authserv_id

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not _FOLDER_NAME.fullmatch(address):
            return "550 5.1.3 Bad recipient address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content: bytes = envelope.content
        written_at = _date_of(content)
        if written_at is None:
            return "554 5.6.0 The Date header cannot be read"
        traced = self._trace(session, envelope, written_at) + content
        for address in envelope.rcpt_tos:
            file_into(self._mailbox_of(address), traced, at=written_at)
        return "250 OK"

    def _mailbox_of(self, address: str) -> Path:
        if address.lower() == self._office_address:
            return self._home / "mailbox"
        return self._home / "cities" / address.lower()

    def _trace(self, session: Any, envelope: Any, at: datetime) -> bytes:  # noqa: ANN401  aiosmtpd's objects
        sender = envelope.mail_from
        domain = sender.rpartition("@")[2]
        mail_id = hashlib.sha256(envelope.content).hexdigest()[:16]
        return (
            f"Return-Path: <{sender}>\r\n"
            f"Authentication-Results: {self._authserv_id}; spf=pass smtp.mailfrom={sender}\r\n"
            f"Received: from {session.host_name} ({domain} [127.0.0.1])\r\n"
            f"\tby {self._authserv_id} with ESMTP id {mail_id};\r\n"
            f"\t{at.astimezone(UTC):%a, %d %b %Y %H:%M:%S +0000}\r\n"
        ).encode("ascii", "replace")


def file_into(maildir: Path, raw: bytes, *, at: datetime) -> Path:
    """Deliver a mail into a Maildir, made if need be, as of an instant."""
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    stem = f"{int(at.timestamp())}.{hashlib.sha256(raw).hexdigest()[:20]}"
    copies = sum(1 for part in ("new", "cur") for _ in (maildir / part).glob(f"{stem}.*"))
    name = f"{stem}.{copies}"
    (maildir / "tmp" / name).write_bytes(raw)
    os.utime(maildir / "tmp" / name, (at.timestamp(), at.timestamp()))
    return (maildir / "tmp" / name).rename(maildir / "new" / name)


def _date_of(content: bytes) -> datetime | None:
    header = email.message_from_bytes(content[: content.find(b"\r\n\r\n")]).get("Date", "")
    try:
        at = parsedate_to_datetime(str(header))
    except ValueError:
        return None
    return at if at.tzinfo else None
