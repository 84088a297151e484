"""Reads a stranger's mail (来件): sender, subject, files; whatever he wrote, something comes back."""

import re
from datetime import datetime
from email.errors import MultipartInvariantViolationDefect
from email.message import Message as MimePart
from email.parser import BytesHeaderParser

from phaseout.adapters.intake.attachments import Contents, contents_of
from phaseout.adapters.intake.bounces import bounces_of
from phaseout.adapters.intake.headers import OWN_MAIL, header_text
from phaseout.adapters.intake.signature import KeyLookup, Signatures
from phaseout.adapters.intake.trust import (
    Headers,
    is_vouched_for,
    sender_of,
    sounds_automatic,
    values,
    written_by_machine,
)
from phaseout.domain.mail_words import Doubt
from phaseout.domain.submission import Message, Voucher
from phaseout.ports import MessageReader

LARGEST_HEAD = 256 * 1024
LONGEST_SUBJECT = 300

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONE_CR = re.compile(rb"\r(?!\n)")
_SPACED_FROM = re.compile(rb"^(from)[ \t]+:", re.IGNORECASE | re.MULTILINE)


class StrangersMail(MessageReader):
    """Reads mail.

    *authserv_id* is our provider's name in Authentication-Results; *key_of* finds the keys of signatures.
    Without either nothing is authentic.
    """

    def __init__(
        self,
        authserv_id: str,
        *,
        office_address: str | None = None,
        key_of: KeyLookup | None = None,
    ) -> None:
        self._authserv_id = authserv_id
        self._office_address = office_address.lower() if office_address else None
        self._signatures = Signatures(key_of) if key_of else None

    def read(self, raw: bytes, *, arrived_at: datetime | None = None) -> Message:
        """Return the mail as far as it can be read."""
        (headers, is_whole), contents = _headers(raw), contents_of(raw)
        sender, doubt = sender_of(headers)
        if not is_whole:
            sender, doubt = None, doubt or Doubt.ODD_HEAD
        subject = _subject(headers)
        vouched_by, unproven = self._voucher(headers, raw, sender=sender, arrived_at=arrived_at)
        message_id = _message_id(headers)
        automatic = self._automatic(headers, contents, sender=sender, subject=subject, message_id=message_id)
        return Message(
            sender=sender,
            subject=subject,
            message_id=message_id,
            vouched_by=vouched_by,
            automatic=automatic,
            attachments=contents.files,
            evidence=contents.evidence,
            has_link_only=contents.has_link_only,
            bounces=bounces_of(headers, contents.failures, raw=raw) if automatic else (),
            doubts=tuple(dict.fromkeys(one for one in (doubt, unproven, *contents.doubts) if one)),
        )

    def _voucher(
        self, headers: Headers, raw: bytes, *, sender: str | None, arrived_at: datetime | None
    ) -> tuple[Voucher | None, Doubt | None]:
        if sender is None:
            return None, None
        if self._authserv_id and is_vouched_for(headers, sender, self._authserv_id):
            return Voucher.PROVIDER, None
        if self._signatures is None:
            return None, None
        doubt = self._signatures.doubt_about(raw, domain=sender.rpartition("@")[2], arrived_at=arrived_at)
        return None if doubt else Voucher.DKIM, doubt

    def _automatic(
        self, headers: Headers, contents: Contents, *, sender: str | None, subject: str, message_id: str | None
    ) -> str | None:
        marks = values(headers, OWN_MAIL.lower())
        is_of_office = sender is not None and sender == self._office_address
        # "Send again as new" keeps our mark under an id of the sender's own, and that mail is his. A letter as it left
        # bears its own id in the mark, be it ours or another office's: two of us never answer each other.
        if is_of_office or (marks and message_id in (None, *marks)):
            return "own mail"
        if automatic := written_by_machine(headers, body_types=contents.types, is_marked=bool(marks)):
            return automatic
        # An absence note never carries a workbook; a city's mail with such a subject may.
        return "subject" if sounds_automatic(subject) and not contents.holds_workbook else None


def _headers(raw: bytes) -> tuple[Headers, bool]:
    """Return the headers, and whether every reader finds the same ones; else who wrote From is anybody's guess."""
    end = _HEAD_END.search(raw, 0, LARGEST_HEAD)
    # A head without end is cut at its last whole line.
    head = raw[: end.start() + 2] if end else raw[: raw.rfind(b"\n", 0, LARGEST_HEAD) + 1]
    # With a blank before the colon the parser drops a From that mail programs show.
    parsed: MimePart = BytesHeaderParser().parsebytes(_SPACED_FROM.sub(rb"\1:", head))
    # A lone CR ends a line for this parser and for no provider; a line that is no header ends the head for some.
    # Older parsers miss the parts of a multipart mail, of which they were given the head alone.
    odd = [defect for defect in parsed.defects if not isinstance(defect, MultipartInvariantViolationDefect)]
    is_whole = (end is not None or len(raw) < LARGEST_HEAD) and not odd and not _LONE_CR.search(head)
    return [(name, str(value)) for name, value in parsed.raw_items()], is_whole


def _subject(headers: Headers) -> str:
    given = values(headers, "subject")
    return header_text(given[0])[:LONGEST_SUBJECT] if given else ""


def _message_id(headers: Headers) -> str | None:
    given = values(headers, "message-id")
    text = given[0].strip() if given else ""
    return text if re.fullmatch(r"<[!-;=?-~]{1,500}>", text) else None
