"""The senders (发送): through a mail server, or to nobody when none is set."""

import base64
import ssl
from collections.abc import Sequence
from pathlib import Path

from phaseout.adapters.post.addresses import BadAddress
from phaseout.adapters.post.office_mailer import PER_CONNECTION, OfficeMailer, dispatch
from phaseout.adapters.post.refusals import NotDispatched
from phaseout.domain.letter import DispatchOutcome
from phaseout.errors import UsageError
from phaseout.ports import Sender

TLS_MODES = ("ssl", "starttls", "none")


class BadTlsMode(UsageError):
    """The mail server's address names a way of encrypting that there is not."""

    def __init__(self, *, tls: str) -> None:
        self.tls = tls
        super().__init__(f"TLS mode {tls!r} is none of {', '.join(TLS_MODES)}")


class BadCertificates(UsageError):
    """The file with the certificates to trust cannot be used."""

    def __init__(self, *, path: Path | None, reason: str) -> None:
        super().__init__(f"PHASEOUT_SMTP_CA_FILE {path}: {reason}")


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
        per_connection: int | None = PER_CONNECTION,
    ) -> None:
        if tls not in TLS_MODES:
            raise BadTlsMode(tls=tls)
        # yagmail verifies certificates only when it is handed a context.
        context = _trusting(ca_file) if tls != "none" else None
        self._secrets = _spellings(user or sender, password) if password else ()
        self._mailer = OfficeMailer(
            user or sender,
            password,
            host,
            port,
            sender=sender,
            per_connection=per_connection,
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
            return reason.outcome, self._without_secrets(reason.words)
        except BadAddress as error:
            # One wrong line in the register must not stop the outbox for everybody else.
            return DispatchOutcome.PERMANENT, str(error)
        note = "; ".join(f"copy refused: {code}" for code, _ in refused.values())
        return DispatchOutcome.SENT, note

    def close(self) -> None:
        """End the connection."""
        self._mailer.close()

    def _without_secrets(self, words: str) -> str:
        # Some servers repeat the command that they refuse.
        for secret in self._secrets:
            words = words.replace(secret, "…")
        return words


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificates(path=ca_file, reason=error.strerror or str(error)) from error


def _spellings(user: str, password: str) -> tuple[str, ...]:
    """Return the password as it may come back: as it is, and as AUTH writes it."""
    plain = f"\0{user}\0{password}".encode()
    return (base64.b64encode(plain).decode(), base64.b64encode(password.encode()).decode(), password)


class FiledSender(Sender):
    """Stands in when no mail server is set: a letter's copy in the outgoing folder is all that becomes of it."""

    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:  # noqa: ARG002  the port's
        """Send nothing; the letter counts as filed."""
        return DispatchOutcome.FILED, ""

    def close(self) -> None:
        """Do nothing: there is no connection."""
