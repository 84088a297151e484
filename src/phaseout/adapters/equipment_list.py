"""Reads a list of equipment (CSV) that somebody wants judged by the catalogue."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from phaseout.domain.catalogue import Equipment
from phaseout.domain.measures import packed
from phaseout.errors import UsageError

COLUMNS = {
    "行业": "industry",
    "企业名称": "enterprise",
    "装备名称": "name",
    "规格型号": "model",
    "主要参数": "params",
    "产能": "capacity",
    "产能单位": "capacity_unit",
}
ALIASES = {
    "设备名称": "装备名称",
    "工艺装备名称": "装备名称",
    "型号": "规格型号",
    "主要技术参数": "主要参数",
    "参数": "主要参数",
    "计量单位": "产能单位",
}
_ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableList(UsageError):
    """A list of equipment that cannot be read as one."""

    def __init__(self, path: Path, *, line: int, reason: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {reason}")


def read_equipment_list(path: Path) -> Sequence[tuple[int, Equipment]]:
    """Return the equipment of a CSV file, each with its line; lines without any text are left out.

    Raises:
        UnreadableList: the file is missing, is no text of a known encoding, or has none of the columns.
    """
    try:
        text = _decoded(path, path.read_bytes())
        return list(_equipment(path, text))
    except OSError as error:
        raise UnreadableList(path, line=1, reason=f"cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise UnreadableList(path, line=1, reason=f"is no CSV: {error}") from error


def _decoded(path: Path, raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise UnreadableList(path, line=1, reason="is no text file; save the list as CSV")
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableList(path, line=1, reason="is neither UTF-8 nor GB 18030")


def _equipment(path: Path, text: str) -> Iterator[tuple[int, Equipment]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header = [packed(name) for name in next(reader, [])]
    header = [ALIASES.get(name, name) for name in header]
    places = {field: header.index(name) for name, field in COLUMNS.items() if name in header}
    if not places:
        raise UnreadableList(path, line=1, reason=f"no column of {'、'.join(COLUMNS)}")
    for row in reader:
        values = {field: row[place].strip() for field, place in places.items() if place < len(row)}
        if any(values.values()):
            yield reader.line_num, _of(values)


def _of(values: Mapping[str, str]) -> Equipment:
    return Equipment(
        industry=values.get("industry", ""),
        enterprise=values.get("enterprise", ""),
        name=values.get("name", ""),
        model=values.get("model", ""),
        params=values.get("params", ""),
        capacity=values.get("capacity", ""),
        capacity_unit=values.get("capacity_unit", ""),
    )


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max((",", "\t", ";"), key=head.count)
