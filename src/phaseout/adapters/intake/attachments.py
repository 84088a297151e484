"""The files that a stranger's mail carries: workbooks wherever they hide, and what a sender must be told about."""

import base64
import binascii
import email
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as MimePart
from pathlib import PurePath

from phaseout.adapters.intake.headers import OWN_MAIL, decoded, file_name, plain_name
from phaseout.domain.submission import Attachment

MOST_PARTS = 500
DEEPEST = 20
MOST_MULTIPARTS = 100
MOST_BOUNDARY_LINES = 20_000
MOST_ZIP_ENTRIES = 200
LARGEST_UNZIPPED = 60_000_000

_WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".wps"})
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
_LOST_NAMES = frozenset({"", ".bin", ".dat", ".tmp"})
_NEVER = frozenset({".p7s", ".p7m", ".asc", ".sig", ".vcf", ".ics"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_STRUCTURE = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail holds: its files, and the types of its parts."""

    files: tuple[Attachment, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def holds_workbook(self) -> bool:
        """Say whether one of the files is a workbook by its name."""
        return any(_extension(file.name) in _WORKBOOKS for file in self.files)


def contents_of(raw: bytes) -> Contents:
    """Return the files of a mail; of one that is built to harm, what can be had."""
    # A few hundred nested parts take seconds and then the stack.
    if len(_STRUCTURE.findall(raw)) > MOST_MULTIPARTS or raw.count(b"\n--") > MOST_BOUNDARY_LINES:
        return Contents()
    files: list[tuple[Attachment, bool]] = []
    types: list[str] = []
    try:
        for part in _leaves(email.message_from_bytes(raw)):
            types.append(part.get_content_type())
            if len(types) > MOST_PARTS:
                break
            files.extend(_files_in(part, number=len(files) + 1))
    except RecursionError:
        pass  # what was found before is still good
    return Contents(files=_worth_reading(files), types=tuple(types))


def _worth_reading(files: list[tuple[Attachment, bool]]) -> tuple[Attachment, ...]:
    # Beside a workbook a scan or a photo only keeps it company; alone, it was sent in its place and must be answered.
    has_workbook = any(is_data and _extension(file.name) in _WORKBOOKS for file, is_data in files)
    return tuple(dict.fromkeys(file for file, is_data in files if is_data or not has_workbook))


def _leaves(part: MimePart, depth: int = 0) -> Iterator[MimePart]:
    if depth > DEEPEST:
        return
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in (*part.get_payload(), *_swallowed(part)):
            yield from _leaves(inner, depth + 1)
    elif part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = _forwarded(part)
        # Our own letter, sent back with an answer, carries our blank form and not theirs.
        if inner.get(OWN_MAIL) is None:
            yield from _leaves(inner, depth + 1)
    else:
        yield part


def _forwarded(part: MimePart) -> MimePart:
    inner: MimePart = part.get_payload(0)  # type: ignore[assignment]  # a message/rfc822 holds one message
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    text = inner.get_payload()
    if encoding != "base64" or not isinstance(text, str):
        return inner
    # Forbidden by the standard, written by many; the parser takes the encoded lines for the message's body.
    try:
        return email.message_from_bytes(base64.b64decode(text))
    except (binascii.Error, ValueError):
        return inner


def _swallowed(part: MimePart) -> Iterator[MimePart]:
    """Yield what the parser took for an epilogue: an inner part that re-used the boundary ended its parent early."""
    boundary, epilogue = part.get_boundary(), part.epilogue
    if boundary and epilogue and f"--{boundary}" in epilogue:
        again = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{epilogue}'
        inner = email.message_from_bytes(again.encode("ascii", "surrogateescape"))
        if inner.is_multipart():
            yield from inner.get_payload()  # type: ignore[misc]  # a multipart holds messages


def _files_in(part: MimePart, *, number: int) -> Iterator[tuple[Attachment, bool]]:
    """Yield the files of a part; each with whether it may hold data."""
    content, name = part.get_payload(decode=True), file_name(part)
    kind, extension = part.get_content_type(), _extension(name or "")
    if not isinstance(content, bytes) or kind in _SIGNATURES or extension in _NEVER:
        return
    if extension in _WORKBOOKS:
        yield Attachment(name=name or "", content=content), True
    elif extension in _ARCHIVES or (_is_nameless(kind, extension) and content.startswith((_ZIP, _OLE))):
        yield from ((file, True) for file in _opened(name or f"附件{number}", content))
    elif _stands_alone(part, kind=kind, name=name):
        yield Attachment(name=name or f"附件{number}", content=content), False


def _is_nameless(kind: str, extension: str) -> bool:
    # Some webmail loses a Chinese name and writes tcmime.1234.bin; then the inside tells what it is.
    return extension in _LOST_NAMES or "excel" in kind or "spreadsheet" in kind


def _stands_alone(part: MimePart, *, kind: str, name: str | None) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if kind.startswith("image/"):
        return disposition.startswith("attachment") and part.get("content-id") is None
    return disposition.startswith("attachment") or (name is not None and not kind.startswith("text/"))


def _opened(name: str, content: bytes) -> list[Attachment]:
    """Return the workbooks of a zip, one level deep; the file itself when there is nothing in it that we can take."""
    if content.startswith(_OLE):
        return [Attachment(name=name if _extension(name) else f"{name}.xls", content=content)]
    whole = [Attachment(name=name, content=content)]
    try:
        # Latin-1 keeps every byte of the names; what charset they are in is for us to find out.
        with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="latin-1") as archive:
            if kind := _workbook_kind(archive):
                return [Attachment(name=name if _extension(name) == kind else f"{name}{kind}", content=content)]
            return _unzipped(archive) or whole
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return whole


def _workbook_kind(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist()[:MOST_ZIP_ENTRIES])
    if "xl/workbook.xml" in names:
        return ".xlsx"
    return ".ods" if {"mimetype", "content.xml"} <= names else None


def _unzipped(archive: zipfile.ZipFile) -> list[Attachment]:
    files, room = [], LARGEST_UNZIPPED
    for entry in archive.infolist()[:MOST_ZIP_ENTRIES]:
        name = _entry_name(entry)
        if entry.is_dir() or _extension(name) not in _WORKBOOKS or _is_leftover(entry.filename):
            continue
        # The size in the directory is the sender's word; the reading stops where the room ends.
        with archive.open(entry) as stream:
            content = stream.read(room + 1)
        room -= len(content)
        if room < 0:
            raise ValueError("the archive unpacks to more than a mail may hold")
        files.append(Attachment(name=name, content=content))
    return files


def _is_leftover(path: str) -> bool:
    # What macOS and an open Excel leave beside a workbook bears the workbook's name.
    return path.rpartition("/")[2].startswith(("~$", "."))


def _entry_name(entry: zipfile.ZipInfo) -> str:
    is_utf8 = entry.flag_bits & 0x800
    return plain_name(entry.filename if is_utf8 else decoded(entry.filename.encode("latin-1", "replace")))


def _extension(name: str) -> str:
    return PurePath(name).suffix.lower()
