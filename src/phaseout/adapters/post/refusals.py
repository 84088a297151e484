"""What it means for a letter that a mail server refuses it, or us, or is not there."""

import re
import smtplib
import ssl

from phaseout.domain.letter import DispatchOutcome
from phaseout.errors import OperatorError


class NotDispatched(OperatorError):
    """A mail did not surely leave; *outcome* says what that means for it."""

    def __init__(self, outcome: DispatchOutcome, words: str) -> None:
        self.outcome = outcome
        self.words = words
        super().__init__(f"{outcome}: {words}")


def of_letter(
    error: smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError,
    first: str,
    *,
    is_first_on_line: bool,
) -> NotDispatched:
    """Return what a refusal means that came when the letter was on its way; *first* is whom it is for.

    A line that has carried a letter may be used up: that says nothing of the server, which is asked again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # A server that hangs up at a copy's address leaves no word about the first.
        return refusal(*error.recipients.get(first, next(iter(error.recipients.values()))))
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code not in _OF_ITS_SIZE:
        of_us = _of_us(error, otherwise=DispatchOutcome.CONFIG)
        return _unheard(of_us) if is_first_on_line and of_us.outcome is DispatchOutcome.RETRY else of_us
    return refusal(error.smtp_code, error.smtp_error)


def of_connection(error: smtplib.SMTPException | OSError) -> NotDispatched:
    """Return what it means that no letter could be offered at all."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _unheard(_of_us(error, otherwise=DispatchOutcome.AUTH))
    if isinstance(error, smtplib.SMTPResponseException):  # at the greeting, at EHLO, at STARTTLS
        return _unheard(_of_us(error, otherwise=DispatchOutcome.CONFIG))
    no_way_in_common = type(error) is smtplib.SMTPException  # to log in: smtplib has no class of its own for it
    if no_way_in_common or isinstance(error, smtplib.SMTPNotSupportedError) or _is_foreign(error):
        return NotDispatched(DispatchOutcome.CONFIG, str(error))
    return NotDispatched(DispatchOutcome.UNREACHABLE, f"{type(error).__name__}: {error}")


def refusal(code: int, answer: bytes | str) -> NotDispatched:
    """Return what a server's refusal means for the mail."""
    return NotDispatched(outcome_of(code, _text(answer)), _words(code, answer))


def _of_us(error: smtplib.SMTPResponseException, *, otherwise: DispatchOutcome) -> NotDispatched:
    """Return what it means that a server will have nothing of us: it makes no letter fail for good."""
    outcome = outcome_of(error.smtp_code, _text(error.smtp_error))
    if outcome in {DispatchOutcome.PERMANENT, DispatchOutcome.HELD}:
        outcome = otherwise
    return NotDispatched(outcome, _words(error.smtp_code, error.smtp_error))


def _unheard(reason: NotDispatched) -> NotDispatched:
    """Return what "later" means of a server that has heard of no letter: the next letter would hear it as well."""
    if reason.outcome in {DispatchOutcome.RETRY, DispatchOutcome.SLOW}:
        return NotDispatched(DispatchOutcome.UNREACHABLE, reason.words)
    return reason


def _is_foreign(error: smtplib.SMTPException | OSError) -> bool:
    """Say whether it is not the server that the settings mean: another name, another certificate, no TLS."""
    is_cut = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return isinstance(error, ssl.SSLError) and not is_cut


_OF_ITS_SIZE = (452, 552)  # said at MAIL already, where the letter's size is named
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
