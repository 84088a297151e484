"""The senders (发送): to a mail server, or into the outgoing folder when none is set."""

import hashlib
import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path

from phaseout.adapters.post.addresses import BadAddress
from phaseout.adapters.post.office_mailer import NotDispatched, OfficeMailer, dispatch
from phaseout.domain.letter import DispatchOutcome
from phaseout.errors import UsageError
from phaseout.ports import Sender

TLS_MODES = ("ssl", "starttls", "none")


class BadTlsMode(UsageError):
    """The mail server's address names a way of encrypting that there is not."""

    def __init__(self, *, tls: str) -> None:
        self.tls = tls
        super().__init__(f"TLS mode {tls!r} is none of {', '.join(TLS_MODES)}")


class SmtpSender(Sender):
    """Sends through the office's mail server, one connection at a time. *sender* is the envelope's address."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        user: str | None = None,
        password: str | None = None,
        tls: str = "ssl",
        timeout: float = 30.0,
        local_hostname: str = "localhost",
        ca_file: Path | None = None,
    ) -> None:
        if tls not in TLS_MODES:
            raise BadTlsMode(tls=tls)
        # yagmail verifies certificates only when it is handed a context.
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None) if tls != "none" else None
        self._mailer = OfficeMailer(
            user or sender,
            password,
            host,
            port,
            sender=sender,
            smtp_ssl=tls == "ssl",
            smtp_starttls={"context": context} if tls == "starttls" else False,
            # Without a password yagmail would ask for one on the terminal.
            smtp_skip_login=password is None,
            timeout=timeout,
            local_hostname=local_hostname,
            **({"context": context} if tls == "ssl" else {}),
        )

    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:
        """Try once. The first recipient decides; that a copy was refused is only noted."""
        try:
            refused = dispatch(self._mailer, list(recipients), raw)
        except NotDispatched as reason:
            return reason.outcome, reason.words
        except BadAddress as error:
            # One wrong line in the register must not stop the outbox for everybody else.
            return DispatchOutcome.PERMANENT, str(error)
        note = "; ".join(f"copy refused: {code}" for code, _ in refused.values())
        return DispatchOutcome.SENT, note

    def close(self) -> None:
        """End the connection."""
        self._mailer.close()


class FiledSender(Sender):
    """Puts the .eml of every letter into the outgoing folder, and sends it on if there is a server to send it to."""

    def __init__(self, folder: Path | None = None, *, through: Sender | None = None) -> None:
        self._folder = folder
        self._through = through

    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:
        """File the message; it counts as filed unless a server takes part."""
        if self._folder is not None:
            self._file(self._folder, recipients[0], raw)
        if self._through is not None:
            return self._through.send(recipients, raw)
        return DispatchOutcome.FILED, ""

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._through is not None:
            self._through.close()

    @staticmethod
    def _file(folder: Path, recipient: str, raw: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{re.sub(r'[^A-Za-z0-9@._-]', '_', recipient)}-{hashlib.sha256(raw).hexdigest()[:16]}.eml"
        part = folder / f".{name}.part"
        part.write_bytes(raw)
        os.replace(part, folder / name)  # noqa: PTH105  the name appears with the whole file or not at all
