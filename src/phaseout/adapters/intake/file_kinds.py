"""What a stranger's file is, by its name and its first bytes."""

from pathlib import PurePath

from phaseout.domain.submission import FileKind

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF = b"\x78\x9f\x3e\x22"  # winmail.dat: what Outlook packs a mail in for its own kind

ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
_EXTENSIONS = {
    FileKind.WORKBOOK: (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".wps"),
    FileKind.PICTURE: (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".heic", ".webp"),
    FileKind.VIDEO: (".mp4", ".mov", ".avi", ".wmv", ".3gp", ".mkv", ".flv", ".m4v", ".mpg", ".mpeg"),
    FileKind.SCAN: (".pdf", ".ofd", ".tif", ".tiff"),
}
_KINDS = {one: kind for kind, extensions in _EXTENSIONS.items() for one in extensions}
_OF_TYPES = {"image": FileKind.PICTURE, "video": FileKind.VIDEO}


def extension(name: str) -> str:
    """Return the extension of a name, in small letters, with its dot."""
    return PurePath(name).suffix.lower()


def stem(name: str) -> str:
    """Return a name without its extension."""
    return PurePath(name).stem


def kind_of(name: str, content_type: str = "") -> FileKind:
    """Return what a file is by its name, or else by the type that its sender declared."""
    if content_type == "application/pdf":
        return FileKind.SCAN
    return _KINDS.get(extension(name)) or _OF_TYPES.get(content_type.partition("/")[0], FileKind.OTHER)
