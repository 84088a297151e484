"""The one subclass of yagmail: it keeps yagmail's connection, TLS, login and send, and replaces what is unsafe.

yagmail 0.16.0 builds messages from guesses, logs in for every mail, verifies no certificate unless told to, and sends
again, up to three times, what a server may have taken already. Here a message comes finished, a connection is used
again, and each mail is tried once, with the phase known in which a line was lost.
"""

import re
import smtplib
import ssl
import time
from typing import Any

import yagmail

from phaseout.adapters.post.addresses import plain_address
from phaseout.domain.letter import DispatchOutcome
from phaseout.errors import OperatorError

MAILS_PER_CONNECTION = 20  # NetEase answers 451 MI:DMC to more
IDLE_SECONDS = 20.0


class NotDispatched(OperatorError):
    """A mail did not surely leave; *outcome* says what that means for it."""

    def __init__(self, outcome: DispatchOutcome, words: str) -> None:
        self.outcome = outcome
        self.words = words
        super().__init__(f"{outcome}: {words}")


class _Phase:
    """Knows how far the conversation about one mail has come."""

    phase = "connect"

    def rcpt(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  smtplib's own signature passes through
        self.phase = "rcpt"
        return super().rcpt(*args, **kwargs)  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into

    def data(self, msg: Any) -> Any:  # noqa: ANN401  smtplib's own signature passes through
        self.phase = "data"
        answer = super().data(msg)  # type: ignore[misc]  # of smtplib.SMTP, which this is mixed into
        self.phase = "done"
        return answer


class _PlainConnection(_Phase, smtplib.SMTP):
    """A connection in the clear, until STARTTLS."""


class _TlsConnection(_Phase, smtplib.SMTP_SSL):
    """A connection that is encrypted from the start."""


class OfficeMailer(yagmail.SMTP):  # type: ignore[misc]  # yagmail carries no types that mypy is shown
    """Sends finished messages over a connection that is kept. Not for several threads."""

    def __init__(self, *args: Any, sender: str, **kwargs: Any) -> None:  # noqa: ANN401  yagmail's own arguments
        super().__init__(*args, **kwargs)
        self.sender = plain_address(sender)
        self._is_live = False
        self._sent = 0
        self._last_used = 0.0

    @property
    def connection(self) -> type[smtplib.SMTP]:
        """The class of connection that yagmail opens."""
        return _TlsConnection if self.ssl else _PlainConnection

    def login(self) -> None:
        """Connect and log in, unless the connection can be used again."""
        if self._is_live and self._sent < MAILS_PER_CONNECTION and self._still_answers():
            return
        self.drop()
        super().login()
        self._is_live, self._sent = True, 0

    def drop(self) -> None:
        """Leave the connection without ceremony."""
        if self.smtp is not None:
            self._is_live = False
            self.smtp.close()

    def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        if self._is_live:
            try:
                self.smtp.quit()
            except (smtplib.SMTPException, OSError):
                self.drop()
        self._is_live = False
        self.is_closed = True

    def prepare_send(
        self, to: object = None, subject: object = None, contents: object = None, *_: object, **__: object
    ) -> tuple[list[str], bytes]:
        """Take a finished message and a list of addresses, and nothing that would have to be guessed."""
        if subject is not None or not isinstance(contents, bytes) or not isinstance(to, list):
            raise TypeError("OfficeMailer sends a finished message to a list of addresses")
        return [plain_address(address) for address in to], contents

    def _attempt_send(self, recipients: list[str], msg_strings: bytes) -> dict[str, tuple[int, bytes]]:
        self.smtp.phase = "mail"
        self._sent += 1
        self._last_used = time.monotonic()
        try:
            refused: dict[str, tuple[int, bytes]] = self.smtp.sendmail(self.sender, recipients, msg_strings)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            raise
        except (smtplib.SMTPServerDisconnected, OSError) as lost:
            phase = self.smtp.phase
            self.drop()
            # Only a line lost while the server had the text can mean that the server has taken it.
            outcome = DispatchOutcome.UNCERTAIN if phase == "data" else DispatchOutcome.RETRY
            raise NotDispatched(outcome, f"{type(lost).__name__} in {phase}") from lost
        return refused

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
    except smtplib.SMTPAuthenticationError as error:
        mailer.drop()
        raise NotDispatched(DispatchOutcome.AUTH, _words(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise refusal(*error.recipients[recipients[0]]) from error
    except smtplib.SMTPResponseException as error:
        raise refusal(error.smtp_code, error.smtp_error) from error
    except (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError) as error:
        mailer.drop()
        raise NotDispatched(DispatchOutcome.CONFIG, str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        mailer.drop()
        raise NotDispatched(DispatchOutcome.RETRY, f"{type(error).__name__}: {error}") from error
    if recipients[0] in refused:
        raise refusal(*refused[recipients[0]])
    return refused


def refusal(code: int, answer: bytes | str) -> NotDispatched:
    """Return what a server's refusal means for the mail."""
    return NotDispatched(outcome_of(code, _text(answer)), _words(code, answer))


_TAG = re.compile(r"\b(?:HL|MI|RP|DT|WM|IP):[A-Z]{3}\b")
# NetEase's words for why. A day's quota is answered with 5xx and yet is over tomorrow.
_BY_TAG = (
    dict.fromkeys(("MI:STC", "HL:ITC", "RP:TRC"), DispatchOutcome.TOMORROW)
    | dict.fromkeys(("DT:SPM", "DT:SUM", "DT:RBL", "MI:SPB"), DispatchOutcome.HELD)
    | dict.fromkeys(("MI:IMF", "MI:NHD", "MI:SPF", "MI:DMA"), DispatchOutcome.CONFIG)
    | dict.fromkeys(
        ("MI:SFQ", "MI:DMC", "MI:CCL", "MI:CEL", "RP:QRC", "RP:DRC", "RP:CCL", "HL:ICC", "HL:IFC", "HL:IFQ", "HL:REP"),
        DispatchOutcome.SLOW,
    )
    | {"HL:MEP": DispatchOutcome.SLOW}
)
_TOO_FAST = re.compile(r"frequency limited|too many|try (?:again )?later", re.IGNORECASE)
_MAILBOX_NAME_NOT_ALLOWED = 553
_PERMANENT = 500


def outcome_of(code: int, text: str) -> DispatchOutcome:
    """Return what a server's code and words mean for the mail."""
    tag = _TAG.search(text)
    if tag and tag[0] in _BY_TAG:
        return _BY_TAG[tag[0]]
    if code == _MAILBOX_NAME_NOT_ALLOWED and "mail from" in text.lower():
        return DispatchOutcome.CONFIG
    if _TOO_FAST.search(text):
        return DispatchOutcome.SLOW
    return DispatchOutcome.PERMANENT if code >= _PERMANENT else DispatchOutcome.RETRY


def _text(answer: bytes | str) -> str:
    return answer.decode("gb18030", "replace") if isinstance(answer, bytes) else str(answer)


def _words(code: int, answer: bytes | str) -> str:
    return f"{code} {_text(answer)}"
