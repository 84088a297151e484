"""Strangers' names of sheets as a spreadsheet file can hold them."""

import re
from collections.abc import Sequence

from phaseout.domain.cell_text import writable

_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return the names of sheets, changed only where a spreadsheet would not take them or two are the same."""
    taken: set[str] = set()
    return [_free_name(name, taken) for name in wanted]


def _free_name(wanted: str, taken: set[str]) -> str:
    plain = _cut(_FORBIDDEN_IN_NAME.sub(" ", writable(wanted)), _LONGEST_NAME) or "工作表"
    free, number = plain, 1
    while free.lower() in taken:
        number += 1
        free = f"{_cut(plain, _LONGEST_NAME - len(str(number)) - 2)}({number})"
    taken.add(free.lower())
    return free


def _cut(name: str, length: int) -> str:
    """Cut by UTF-16 units, as spreadsheets count; no name begins or ends with an apostrophe."""
    return name.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").strip("'")
