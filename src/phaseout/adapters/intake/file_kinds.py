"""What a stranger's file is, by its name and its first bytes."""

from pathlib import PurePath

from phaseout.domain.file_kind import extension, kind_by_name
from phaseout.domain.submission import FileKind

__all__ = ["ARCHIVES", "OLE", "TNEF", "ZIP", "extension", "kind_of", "stem"]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF = b"\x78\x9f\x3e\x22"  # winmail.dat: what Outlook packs a mail in for its own kind

ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
_OF_TYPES = {"image": FileKind.PICTURE, "video": FileKind.VIDEO}


def stem(name: str) -> str:
    """Return a name without its extension."""
    return PurePath(name).stem


def kind_of(name: str, content_type: str = "") -> FileKind:
    """Return what a file is by its name, or else by the type that its sender declared."""
    if content_type == "application/pdf":
        return FileKind.SCAN
    kind = kind_by_name(name)
    return kind if kind is not FileKind.OTHER else _OF_TYPES.get(content_type.partition("/")[0], FileKind.OTHER)
