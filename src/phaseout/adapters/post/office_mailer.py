"""The one subclass of yagmail: it keeps yagmail's connection, TLS, login and send, and replaces what is unsafe.

yagmail 0.16.0 builds messages from guesses, logs in for every mail, verifies no certificate unless told to, and sends
again, up to three times, what a server may have taken already. Here a message comes finished, a connection is used
again, and each mail is tried once, with the phase known in which a line was lost.
"""

import smtplib
import socket
import time
from typing import Any

import yagmail

from phaseout.adapters.post.addresses import plain_address
from phaseout.adapters.post.refusals import NotDispatched, of_connection, of_letter, refusal
from phaseout.domain.letter import DispatchOutcome

PER_CONNECTION = 20  # NetEase answers 451 MI:DMC to more
IDLE_SECONDS = 20.0


_GO_AHEAD = 354


class _Phase:
    """Knows how far the conversation has come: login, mail, rcpt, data, text, done."""

    phase = "login"

    def mail(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  smtplib's own signature passes through
        self.phase = "mail"
        return super().mail(*args, **kwargs)  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into

    def rcpt(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  smtplib's own signature passes through
        self.phase = "rcpt"
        return super().rcpt(*args, **kwargs)  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into

    def data(self, msg: Any) -> Any:  # noqa: ANN401  smtplib's own signature passes through
        self.phase = "data"
        answer = super().data(msg)  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into
        self.phase = "done"
        return answer

    def _get_socket(self, *args: Any, **kwargs: Any) -> socket.socket:  # noqa: ANN401  smtplib's own signature
        line: socket.socket = super()._get_socket(*args, **kwargs)  # type: ignore[misc]  # of smtplib.SMTP, as above
        # Or the kernel keeps the end of each letter back until the server has said that it got the beginning: 40 ms.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def getreply(self) -> tuple[int, bytes]:
        answer: tuple[int, bytes] = super().getreply()  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into
        if self.phase == "data" and answer[0] == _GO_AHEAD:
            self.phase = "text"  # only from here on the server may have it
        return answer


class _PlainConnection(_Phase, smtplib.SMTP):
    """A connection in the clear, until STARTTLS."""


class _TlsConnection(_Phase, smtplib.SMTP_SSL):
    """A connection that is encrypted from the start."""


class OfficeMailer(yagmail.SMTP):  # type: ignore[misc]  # yagmail carries no types that mypy is shown
    """Sends finished messages over a connection that is kept. Not for several threads."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  yagmail's own arguments
        sender: str,
        per_connection: int | None = PER_CONNECTION,
        **kwargs: Any,  # noqa: ANN401  yagmail's own arguments
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sender = plain_address(sender)
        self.per_connection = per_connection
        self._is_live = False
        self._sent = 0
        self._last_used = 0.0

    @property
    def connection(self) -> type[smtplib.SMTP]:
        """The class of connection that yagmail opens."""
        return _TlsConnection if self.ssl else _PlainConnection

    @property
    def is_first_on_line(self) -> bool:
        """Whether the letter in hand is the first that this connection is to carry."""
        return self._sent <= 1

    def login(self) -> None:
        """Connect and log in, unless the connection can be used again."""
        is_used_up = self.per_connection is not None and self._sent >= self.per_connection
        if self._is_live and not is_used_up and self._still_answers():
            return
        self._leave()
        super().login()
        self._is_live, self._sent = True, 0

    def drop(self) -> None:
        """Leave the connection without ceremony."""
        if self.smtp is not None:
            self._is_live = False
            self.smtp.close()

    def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        self._leave()
        self.is_closed = True

    def _leave(self) -> None:
        if self._is_live:
            try:
                self.smtp.quit()
            except (smtplib.SMTPException, OSError):
                self.drop()
        self.drop()

    def prepare_send(
        self, to: object = None, subject: object = None, contents: object = None, *_: object, **__: object
    ) -> tuple[list[str], bytes]:
        """Take a finished message and a list of addresses, and nothing that would have to be guessed."""
        if subject is not None or not isinstance(contents, bytes) or not isinstance(to, list):
            raise TypeError("OfficeMailer sends a finished message to a list of addresses")
        return [plain_address(address) for address in to], contents

    def _attempt_send(self, recipients: list[str], msg_strings: bytes) -> dict[str, tuple[int, bytes]]:
        self._sent += 1
        self._last_used = time.monotonic()
        try:
            refused: dict[str, tuple[int, bytes]] = self.smtp.sendmail(self.sender, recipients, msg_strings)
        except smtplib.SMTPDataError:
            # smtplib leaves the mail half offered when DATA itself is refused; the next one would be out of turn.
            self._begin_anew()
            raise
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            raise
        except (smtplib.SMTPServerDisconnected, OSError) as lost:
            phase = self.smtp.phase
            self.drop()
            raise NotDispatched(self._outcome_of_loss(phase), f"{type(lost).__name__} in {phase}") from lost
        return refused

    def _outcome_of_loss(self, phase: str) -> DispatchOutcome:
        # Only a line lost while the server had the text can mean that the server has taken it.
        if phase == "text":
            return DispatchOutcome.UNCERTAIN
        is_unheard = phase == "login" or (phase == "mail" and self.is_first_on_line)
        return DispatchOutcome.UNREACHABLE if is_unheard else DispatchOutcome.RETRY

    def _begin_anew(self) -> None:
        try:
            self.smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.drop()

    def _still_answers(self) -> bool:
        if self.smtp.sock is None:
            return False
        # No NOOP before every mail: servers count commands that bring no mail.
        if time.monotonic() - self._last_used < IDLE_SECONDS:
            return True
        try:
            return bool(self.smtp.noop()[0] == 250)  # noqa: PLR2004  SMTP's word for yes
        except (smtplib.SMTPException, OSError):
            return False


def dispatch(mailer: OfficeMailer, recipients: list[str], raw: bytes) -> dict[str, tuple[int, bytes]]:
    """Send once; return which further recipients were refused.

    Raises:
        NotDispatched: the mail did not surely leave.
    """
    try:
        refused: dict[str, tuple[int, bytes]] = mailer.send(recipients, contents=raw)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise of_letter(error, recipients[0], is_first_on_line=mailer.is_first_on_line) from error
    except (smtplib.SMTPException, OSError) as error:
        mailer.drop()
        raise of_connection(error) from error
    if recipients[0] in refused:
        raise refusal(*refused[recipients[0]])
    return refused
