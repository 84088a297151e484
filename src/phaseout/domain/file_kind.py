"""What a file is by its name (附件类别)."""

from pathlib import PurePath

from phaseout.domain.submission import FileKind

_EXTENSIONS = {
    FileKind.WORKBOOK: (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".wps"),
    FileKind.PICTURE: (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".heic", ".webp"),
    FileKind.VIDEO: (".mp4", ".mov", ".avi", ".wmv", ".3gp", ".mkv", ".flv", ".m4v", ".mpg", ".mpeg"),
    FileKind.SCAN: (".pdf", ".ofd", ".tif", ".tiff"),
}
_KINDS = {one: kind for kind, extensions in _EXTENSIONS.items() for one in extensions}


def extension(name: str) -> str:
    """Return the extension of a name, in small letters, with its dot."""
    return PurePath(name).suffix.lower()


def kind_by_name(name: str) -> FileKind:
    """Return what a file says it is by its name."""
    return _KINDS.get(extension(name), FileKind.OTHER)
