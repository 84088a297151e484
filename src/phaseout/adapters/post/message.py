"""A finished message in MIME: same input, same bytes."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email import encoders
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from phaseout.adapters.post.addresses import header_value, own_message_id, plain_address
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterFile

# Headers with text are folded here; the longest line left is the media type of a workbook.
_WIRE = compat32.clone(linesep="\r\n", max_line_length=120)
_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".ics": "application/ics",
}
_CALENDAR_FILES = {"CANCEL": "取消日程"}
_CALENDAR_FILE = "日程提醒"


def envelope_headers(
    message: Message,
    *,
    sender: tuple[str, str],
    to: str,
    cc: Sequence[str],
    subject: str,
    message_id: str,
    at: datetime,
) -> None:
    """Set the headers that every message has; *sender* is display name and address."""
    name, address = sender
    message["Date"] = format_datetime(at.astimezone(CHINA))
    message["From"] = f"{_phrase(name)} <{plain_address(address)}>"
    message["To"] = plain_address(to)
    if cc:
        message["Cc"] = ",\n ".join(plain_address(each) for each in cc)
    message["Subject"] = _encoded("Subject", subject)
    message["Message-ID"] = own_message_id(message_id)


def body(
    text: str, html: str | None, *, files: Sequence[LetterFile], seed: str, calendars: Sequence[bytes] = ()
) -> Message:
    """Return the parts of a message; the boundaries are derived from *seed*.

    Mail programs show one calendar entry a message, the first; each travels as a file besides, for the others to open.
    """
    mixed = MIMEMultipart("mixed", boundary=_boundary(seed, "mixed"))
    alternative = MIMEMultipart("alternative", boundary=_boundary(seed, "alternative"))
    alternative.attach(MIMEText(text, "plain", "utf-8"))
    if html is not None:
        alternative.attach(MIMEText(html, "html", "utf-8"))
    if calendars:
        alternative.attach(_invitation(calendars[0]))
    mixed.attach(alternative)
    for file in (*files, *_calendar_files(calendars)):
        mixed.attach(_attachment(file))
    return mixed


def on_the_wire(message: Message) -> bytes:
    """Return the bytes as a server gets them, with CR LF at each line's end."""
    return message.as_bytes(policy=_WIRE)


def _boundary(seed: str, part: str) -> str:
    return "=_" + hashlib.sha256(f"{part} {seed}".encode()).hexdigest()[:32]


def _invitation(calendar: bytes) -> MIMEText:
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    # The parameter must repeat what the entry itself says, or clients take neither.
    part.set_param("method", _method(calendar))
    return part


def _method(calendar: bytes) -> str:
    found = re.search(rb"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    return found[1].decode() if found else "PUBLISH"


def _calendar_files(calendars: Sequence[bytes]) -> list[LetterFile]:
    """Return the entries as files: the first without a number, the others counted."""
    names = [_CALENDAR_FILES.get(_method(calendar), _CALENDAR_FILE) for calendar in calendars]
    return [
        LetterFile(name=f"{name}{count + 1 if (count := names[:place].count(name)) else ''}.ics", content=calendar)
        for place, (name, calendar) in enumerate(zip(names, calendars, strict=True))
    ]


def _attachment(file: LetterFile) -> MIMEBase:
    name = header_value("filename", file.name)
    stem, dot, extension = name.rpartition(".")
    kind = _TYPES.get(f".{extension.lower()}" if stem and dot else "", "application/octet-stream")
    part = MIMEBase(*kind.split("/"))
    part.set_payload(file.content)
    encoders.encode_base64(part)
    part.set_param("name", _quoted_name(name))
    part.add_header("Content-Disposition", "attachment", filename=_quoted_name(name))
    return part


def _phrase(name: str) -> str:
    encoded = _encoded("From", name)
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"' if name.isascii() else encoded


def _encoded(header: str, text: str) -> str:
    if header_value(header, text).isascii():
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\n")


def _quoted_name(name: str) -> str:
    # RFC 2047 inside quotes is against the standard and what QQ, 163, Foxmail and Outlook write and read;
    # the standard's RFC 2231 they show as tcmime.xxxx.bin.
    if name.isascii():
        return name.replace("\\", "_").replace('"', "_")
    return Header(name, "utf-8").encode(linesep="\n")
