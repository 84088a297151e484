"""Opens the zips that strangers send: each workbook on its own, within limits, under the name it was given."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from phaseout.adapters.intake.file_kinds import OLE, ZIP, extension, kind_of, stem
from phaseout.adapters.intake.headers import decoded, plain_name
from phaseout.domain.submission import Attachment, FileKind

MOST_ENTRIES = 200
MOST_DIRECTORY_ENTRIES = 20_000
LARGEST_UNZIPPED = 60_000_000
HIGHEST_RATIO, RATIO_COUNTS_FROM = 200, 1 << 20
MOST_FOLDERS = 5  # the nearest of those in which a file lies
LONGEST_FOLDER = 400  # characters of their names in all; Windows knows no longer ones, and an index none much longer
DEEPEST_ZIP = 2  # a zip within a zip, no further

_DIRECTORY_ENTRY = b"PK\x01\x02"
# Others may ask for gigabytes before they yield a byte.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError)


class TooMuch(ValueError):
    """An archive holds more than a mail may."""

    def __init__(self) -> None:
        super().__init__("the archive unpacks to more than a mail may hold")


@dataclass(slots=True)
class _Room:
    """What may still come out of an archive and those within it."""

    octets: int = LARGEST_UNZIPPED
    entries: int = MOST_ENTRIES
    found: list[Attachment] = field(default_factory=list)

    def take(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        if entry.compress_type not in _METHODS:
            raise NotImplementedError
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise TooMuch
        self.entries -= 1
        # The size in the directory is the sender's word; the reading stops where the room ends.
        with archive.open(entry) as stream:
            content = stream.read(self.octets + 1)
        self.octets -= len(content)
        if self.octets < 0 or self.entries < 0:
            raise TooMuch
        return content


def opened(name: str, content: bytes) -> list[Attachment]:
    """Return what a zip holds, its evidence too; the file itself when no workbook can be had from it."""
    if content.startswith(OLE):
        return [Attachment(name=name if extension(name) else f"{name}.xls", content=content)]
    whole = [Attachment(name=name, content=content, kind=FileKind.OTHER)]
    room = _Room()
    try:
        with _archive(content) as archive:
            if kind := _workbook_kind(archive):
                return [Attachment(name=name if extension(name) == kind else f"{name}{kind}", content=content)]
            _unzip(archive, room, depth=1, folder=stem(name))
    except _BROKEN:
        return whole
    return room.found if any(file.kind is FileKind.WORKBOOK for file in room.found) else whole


def evidence_in(file: Attachment) -> list[Attachment]:
    """Return the pictures and videos of a zip that holds no workbook; none of anything else."""
    if not file.content.startswith(ZIP):
        return []
    room = _Room()
    try:
        with _archive(file.content) as archive:
            _unzip(archive, room, depth=1, folder=stem(file.name))
    except _BROKEN:
        return []
    return [one for one in room.found if one.is_picture_or_video]


def _archive(content: bytes) -> zipfile.ZipFile:
    # The library keeps a kilobyte for each entry before anybody can ask how many there are.
    if content.count(_DIRECTORY_ENTRY) > MOST_DIRECTORY_ENTRIES:
        raise TooMuch
    # Latin-1 keeps every byte of the names; what charset they are in is for us to find out.
    return zipfile.ZipFile(io.BytesIO(content), metadata_encoding="latin-1")


def _workbook_kind(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist()[:MOST_DIRECTORY_ENTRIES])
    if "xl/workbook.xml" in names:
        return ".xlsx"
    return ".ods" if {"mimetype", "content.xml"} <= names else None


def _unzip(archive: zipfile.ZipFile, room: _Room, *, depth: int, folder: str) -> None:
    for entry, folders, name in _entries(archive):
        within = "/".join([folder, *folders])[-LONGEST_FOLDER:].lstrip("/")
        if extension(name) == ".zip" and depth < DEEPEST_ZIP:
            with _archive(room.take(archive, entry)) as inner:
                _unzip(inner, room, depth=depth + 1, folder=f"{within}/{stem(name)}")
        elif (kind := kind_of(name)) is not FileKind.OTHER:
            # Whose picture it is and of when, its folders often say and its name does not.
            where = within if kind in {FileKind.PICTURE, FileKind.VIDEO} else ""
            room.found.append(Attachment(name=name, content=room.take(archive, entry), kind=kind, folder=where))


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, list[str], str]]:
    """Yield each file of an archive with the folders in which it lies and its name."""
    for entry in archive.infolist():
        if not entry.is_dir() and not _is_leftover(entry.filename):
            yield entry, _folders(entry), plain_name(_entry_path(entry))


def _is_leftover(path: str) -> bool:
    # What macOS and an open Excel leave beside a workbook bears the workbook's name.
    return path.rpartition("/")[2].startswith(("~$", "."))


def _entry_path(entry: zipfile.ZipInfo) -> str:
    is_utf8 = entry.flag_bits & 0x800
    return entry.filename if is_utf8 else decoded(entry.filename.encode("latin-1", "replace"))


def _folders(entry: zipfile.ZipInfo) -> list[str]:
    parts = _entry_path(entry).replace("\\", "/").split("/")[:-1]
    return [name for part in parts[-MOST_FOLDERS:] if (name := plain_name(part))]
