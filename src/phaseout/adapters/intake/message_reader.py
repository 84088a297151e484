"""Reads a stranger's mail (来件): sender, subject, files; whatever he wrote, something comes back."""

import re
from email.message import Message as MimePart
from email.parser import BytesHeaderParser

from phaseout.adapters.intake.attachments import contents_of
from phaseout.adapters.intake.headers import OWN_MAIL, header_text
from phaseout.adapters.intake.trust import (
    Headers,
    is_vouched_for,
    sender_of,
    sounds_automatic,
    values,
    written_by_machine,
)
from phaseout.domain.submission import Message
from phaseout.ports import MessageReader

LARGEST_HEAD = 256 * 1024
LONGEST_SUBJECT = 300

_HEAD_END = re.compile(rb"\r?\n\r?\n")


class StrangersMail(MessageReader):
    """Reads mail. *authserv_id* is our provider's name in Authentication-Results; without it nothing is authentic."""

    def __init__(self, authserv_id: str, *, office_address: str | None = None) -> None:
        self._authserv_id = authserv_id
        self._office_address = office_address.lower() if office_address else None

    def read(self, raw: bytes) -> Message:
        """Return the mail as far as it can be read."""
        headers = _headers(raw)
        sender, subject = sender_of(headers), _subject(headers)
        contents = contents_of(raw)
        automatic = written_by_machine(headers, body_types=contents.types, own_header=OWN_MAIL)
        if sender is not None and sender == self._office_address:
            automatic = automatic or "own mail"
        # An absence note never carries a workbook; a city's mail with such a subject may.
        if automatic is None and sounds_automatic(subject) and not contents.holds_workbook:
            automatic = "subject"
        return Message(
            sender=sender,
            subject=subject,
            message_id=_message_id(headers),
            is_authentic=bool(self._authserv_id and sender)
            and is_vouched_for(headers, sender or "", self._authserv_id),
            automatic=automatic,
            attachments=contents.files,
        )


def _headers(raw: bytes) -> Headers:
    end = _HEAD_END.search(raw, 0, LARGEST_HEAD)
    # A head without end is cut at its last whole line.
    head = raw[: end.start() + 2] if end else raw[: raw.rfind(b"\n", 0, LARGEST_HEAD) + 1]
    parsed: MimePart = BytesHeaderParser().parsebytes(head)
    return [(name, str(value)) for name, value in parsed.raw_items()]


def _subject(headers: Headers) -> str:
    given = values(headers, "subject")
    return header_text(given[0])[:LONGEST_SUBJECT] if given else ""


def _message_id(headers: Headers) -> str | None:
    given = values(headers, "message-id")
    text = given[0].strip() if given else ""
    return text if re.fullmatch(r"<[^<>\s]{1,500}>", text) and text.isascii() else None
