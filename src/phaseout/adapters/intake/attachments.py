"""The files that a stranger's mail carries: workbooks wherever they hide, and what a sender must be told about."""

import base64
import binascii
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect
from email.message import Message as MimePart

from phaseout.adapters.intake.archives import evidence_in, opened
from phaseout.adapters.intake.bounces import failures_in
from phaseout.adapters.intake.file_kinds import ARCHIVES, OLE, TNEF, ZIP, extension, kind_of
from phaseout.adapters.intake.headers import OWN_MAIL, file_name, has_two_names
from phaseout.adapters.intake.links import names_a_file_elsewhere
from phaseout.domain.mail_words import Doubt
from phaseout.domain.submission import Attachment, FileKind

MOST_PARTS = 500
MOST_FILES = 200
DEEPEST = 20
MOST_MULTIPARTS = 100
MOST_BOUNDARY_LINES = 20_000
MOST_HEADERS = 20_000
SMALL = 1_000_000  # octets that cannot take long, whatever they are

_LOST_NAMES = frozenset({"", ".bin", ".dat", ".tmp"})
_NEVER = frozenset({".p7s", ".p7m", ".asc", ".sig", ".vcf", ".ics"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_STRUCTURE = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
# A run of lines that a parser may take for headers, which cost it more than anything else.
_LONG_HEAD = re.compile(rb"(?:^(?:[ \t]|[!-9;-~]{1,100}:)[^\n]*\n){20,}+", re.MULTILINE)
_REPORT = re.compile(rb"message/delivery-status", re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} \S", re.MULTILINE)
_PART_HEADER = re.compile(r"^content-(?:type|disposition)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_DAMAGE = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail holds: its files, the types of its parts, and what is strange about them."""

    files: tuple[Attachment, ...] = ()  # to be taken and answered
    evidence: tuple[Attachment, ...] = ()
    types: tuple[str, ...] = ()
    has_link_only: bool = False  # to a file that did not come with the mail
    failures: tuple[tuple[str, str | None], ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def holds_workbook(self) -> bool:
        """Say whether one of the files is a workbook by its name."""
        return any(file.kind is FileKind.WORKBOOK for file in self.files)


@dataclass(slots=True)
class _Haul:
    """What the walk through a mail has found so far."""

    files: list[tuple[Attachment, bool]] = field(default_factory=list)  # each with whether it may hold data
    types: list[str] = field(default_factory=list)
    has_link: bool = False
    failures: list[tuple[str, str | None]] = field(default_factory=list)
    doubts: dict[Doubt, None] = field(default_factory=dict)

    def doubt(self, doubt: Doubt, *, holds: bool = True) -> None:
        if holds:
            self.doubts[doubt] = None

    def contents(self) -> Contents:
        taken, evidence = _worth_reading(self.files)
        has_link_only = self.has_link and not any(is_data for _, is_data in self.files)
        if has_link_only:
            taken, evidence = (), taken
        types, failures, doubts = tuple(self.types), tuple(self.failures), tuple(self.doubts)
        return Contents(taken, evidence, types, has_link_only, failures, doubts)


def contents_of(raw: bytes) -> Contents:
    """Return the files of a mail; of one that is built to harm, what can be had."""
    haul = _Haul()
    if _is_too_complex(raw):
        haul.doubt(Doubt.TOO_COMPLEX)
        return haul.contents()
    try:
        for part in _leaves(email.message_from_bytes(raw), haul):
            if len(haul.types) >= MOST_PARTS or len(haul.files) >= MOST_FILES:
                haul.doubt(Doubt.TOO_MANY_FILES)
                break
            _look_at(part, haul)
    except RecursionError:
        haul.doubt(Doubt.TOO_COMPLEX)  # what was found before is still good
    return haul.contents()


def _is_too_complex(raw: bytes) -> bool:
    # A few hundred nested parts take seconds and then the stack; of a report each paragraph becomes a part.
    if len(_STRUCTURE.findall(raw)) > MOST_MULTIPARTS or raw.count(b"\n--") > MOST_BOUNDARY_LINES:
        return True
    if len(raw) > SMALL and sum(run[0].count(b"\n") for run in _LONG_HEAD.finditer(raw)) > MOST_HEADERS:
        return True
    return _REPORT.search(raw) is not None and len(_BLANK_LINE.findall(raw)) > MOST_BOUNDARY_LINES


def _worth_reading(files: list[tuple[Attachment, bool]]) -> tuple[tuple[Attachment, ...], tuple[Attachment, ...]]:
    # Beside a workbook a scan or a photo keeps it company; alone, it was sent in its place and must be answered.
    data = tuple(dict.fromkeys(file for file, is_data in files if is_data))
    others = tuple(dict.fromkeys(file for file, is_data in files if not is_data))
    zipped = {file: evidence_in(file) for file in data if file.kind is FileKind.OTHER}
    inside = tuple(dict.fromkeys(one for own in zipped.values() for one in own))
    if any(file.kind is FileKind.WORKBOOK for file in data):
        # A zip of nothing but pictures keeps it company, too.
        return tuple(file for file in data if not zipped.get(file)), (*others, *inside)
    return data + others, inside


def _leaves(part: MimePart, haul: _Haul, depth: int = 0) -> Iterator[MimePart]:
    if depth > DEEPEST:
        haul.doubt(Doubt.TOO_COMPLEX)
    elif part.get_content_maintype() == "multipart" and part.is_multipart():
        swallowed = tuple(_swallowed(part))
        haul.doubt(Doubt.STRAY_CONTENT, holds=_has_stray(part) and not swallowed)
        for inner in (*part.get_payload(), *swallowed):
            yield from _leaves(inner, haul, depth + 1)
    elif (inner_mail := _inner_mail(part, haul)) is not None:
        haul.types.append(part.get_content_type())
        # Our own letter, sent back with an answer, carries our blank form and not theirs.
        if inner_mail.get(OWN_MAIL) is None:
            yield from _leaves(inner_mail, haul, depth + 1)
    else:
        yield part


def _inner_mail(part: MimePart, haul: _Haul) -> MimePart | None:
    """Return the mail that a part forwards, or None if it forwards none."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return _forwarded(part, haul)
    if not part.is_multipart() and extension(file_name(part) or "") == ".eml":
        content = part.get_payload(decode=True)
        return _parsed(content, haul) if isinstance(content, bytes) else None
    return None


def _forwarded(part: MimePart, haul: _Haul) -> MimePart | None:
    inner: MimePart = part.get_payload(0)  # type: ignore[assignment]  # a message/rfc822 holds one message
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    text = inner.get_payload()
    if encoding != "base64" or not isinstance(text, str):
        return inner
    # Forbidden by the standard, written by many; the parser takes the encoded lines for the message's body.
    try:
        return _parsed(base64.b64decode(text), haul)
    except (binascii.Error, ValueError):
        return inner


def _parsed(raw: bytes, haul: _Haul) -> MimePart | None:
    if _is_too_complex(raw):
        haul.doubt(Doubt.TOO_COMPLEX)
        return None
    return email.message_from_bytes(raw)


def _swallowed(part: MimePart) -> Iterator[MimePart]:
    """Yield what the parser took for an epilogue: an inner part that re-used the boundary ended its parent early."""
    boundary, epilogue = part.get_boundary(), part.epilogue
    if boundary and epilogue and f"--{boundary}" in epilogue:
        again = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{epilogue}'
        inner = email.message_from_bytes(again.encode("ascii", "surrogateescape"))
        if inner.is_multipart():
            yield from inner.get_payload()  # type: ignore[misc]  # a multipart holds messages


def _has_stray(part: MimePart) -> bool:
    """Say whether parts stand where the standard lets no reader look."""
    return any(_PART_HEADER.search(text) for text in (part.preamble, part.epilogue) if text)


def _look_at(part: MimePart, haul: _Haul) -> None:
    kind = part.get_content_type()
    haul.types.append(kind)
    if kind == "message/delivery-status":
        haul.failures.extend(failures_in(part))
    content, name = part.get_payload(decode=True), file_name(part)
    if not isinstance(content, bytes):
        return
    if name is None and kind in {"text/plain", "text/html"}:
        haul.has_link = haul.has_link or names_a_file_elsewhere(content)
        haul.doubt(Doubt.STRAY_CONTENT, holds=bool(_UUENCODED.search(content)))
    files = list(_files_in(part, content, name=name, number=len(haul.files) + 1))
    haul.files.extend(files)
    if files:
        haul.doubt(Doubt.DAMAGED_FILE, holds=any(isinstance(defect, _DAMAGE) for defect in part.defects))
        haul.doubt(Doubt.TWO_NAMES, holds=has_two_names(part))


def _files_in(part: MimePart, content: bytes, *, name: str | None, number: int) -> Iterator[tuple[Attachment, bool]]:
    """Yield the files of a part; each with whether it may hold data."""
    kind, ending = part.get_content_type(), extension(name or "")
    if kind in _SIGNATURES or ending in _NEVER:
        return
    sort = kind_of(name or "", kind)
    if sort is FileKind.WORKBOOK:
        yield Attachment(name=name or "", content=content), True
    elif content.startswith(TNEF):
        yield Attachment(name=name or "winmail.dat", content=content, kind=FileKind.OTHER), False
    elif ending in ARCHIVES or (_is_nameless(kind, ending) and content.startswith((ZIP, OLE))):
        yield from ((file, _may_hold_data(file)) for file in opened(name or f"附件{number}", content))
    elif _stands_alone(part, kind=kind, name=name):
        yield Attachment(name=name or f"附件{number}", content=content, kind=sort), False


def _may_hold_data(file: Attachment) -> bool:
    return file.kind in {FileKind.WORKBOOK, FileKind.OTHER}


def _is_nameless(kind: str, ending: str) -> bool:
    # Some webmail loses a Chinese name and writes tcmime.1234.bin; then the inside tells what it is.
    return ending in _LOST_NAMES or "excel" in kind or "spreadsheet" in kind


def _stands_alone(part: MimePart, *, kind: str, name: str | None) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if kind.startswith("image/"):
        return disposition.startswith("attachment") and part.get("content-id") is None
    return disposition.startswith("attachment") or (name is not None and not kind.startswith("text/"))
