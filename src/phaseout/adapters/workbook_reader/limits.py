"""How much of a stranger's file is read (读取限额); what an installation sets goes to the parser's process as JSON."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from string import ascii_uppercase, digits

_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of a file, of what it holds, and of the process that reads it."""

    file_bytes: int = 20 * _MIB
    inflated_bytes: int = 100 * _MIB
    parts: int = 2000
    rows: int = 20_000
    columns: int = 200
    cells: int = 500_000  # with a value, of all sheets together
    memory_bytes: int = 256 * _MIB
    seconds: float = 10
    takes_strict: bool = True  # the strict variant of .xlsx, which few programs write

    @cached_property
    def far(self) -> re.Pattern[bytes]:
        """What the place of a cell beyond the rows or columns looks like: a look before the closer one."""
        columns = above(column_name(self.columns), ascii_uppercase, "A-Z")
        rows = above(str(self.rows), digits, "0-9")
        return re.compile(f'r="(?:(?:{columns})[0-9]|[A-Z]{{1,3}}(?:{rows}))'.encode())

    @cached_property
    def wide(self) -> re.Pattern[bytes]:
        """What the place of a cell looks like that may lie beyond them, by its length alone: a look before that one."""
        letters, figures = len(column_name(self.columns)), len(str(self.rows))
        return re.compile(rf'r="(?:[A-Z]{{{letters}}}|[A-Z]{{1,3}}[0-9]{{{figures}}})'.encode())

    def as_json(self) -> str:
        """Return them as the parser's process takes them."""
        return json.dumps(asdict(self))


def above(highest: str, signs: str, all_signs: str) -> str:
    """Return a pattern for what is longer than *highest* or comes after it, such as 200[1-9]."""
    longer = f"[{all_signs}]{{{len(highest) + 1},}}"
    later = [
        f"{highest[:at]}[{signs[signs.index(sign) + 1]}-{signs[-1]}]" + f"[{all_signs}]" * (len(highest) - at - 1)
        for at, sign in enumerate(highest)
        if sign != signs[-1]
    ]
    return "|".join([longer, *later])


def column_name(number: int) -> str:
    """Return the name of a column counted from 1, such as GR."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[rest] + letters
    return letters
