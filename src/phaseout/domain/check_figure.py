"""The check figure (校验码) of what is filed on paper too: equal content, equal figure, so both can be matched."""

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal

from phaseout.domain.form import Form
from phaseout.domain.submission import Reading, Value

# Written by hand on paper: no letter or digit that is taken for another, such as 0 and O, 1 and I, 8 and B.
ALPHABET = "34679ACEFGHJKMNPRTVWXY"
LENGTH = 8
_PART, _ROW = "\x1f", "\x1e"  # no cell holds these
_SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH // 2}}}-[{ALPHABET}]{{{LENGTH // 2}}}")


def is_check_figure(text: str) -> bool:
    """Say whether a text could be a check figure."""
    return bool(_SHAPE.fullmatch(text))


def check_figure(reading: Reading, form: Form, *, scope: Iterable[str]) -> str:
    """Return the figure of a reading, such as 7KM3-XWP9; *scope* says whose it is and of what.

    The order of rows means nothing, nor do people: their names may change between the file and its paper.
    """
    names = sorted(field.name for field in form.warehouse_fields)
    rows = sorted(_PART.join(map(_said, map(row.values.get, names))) for row in reading.rows)
    content = _ROW.join([form.id, *names, *scope, *rows])
    number = int.from_bytes(hashlib.sha256(content.encode()).digest())
    figure = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        figure += ALPHABET[place]
    return f"{figure[: LENGTH // 2]}-{figure[LENGTH // 2 :]}"


def _said(value: Value) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    # 5.5 and 5.50 are the same number, whatever the sheet shows.
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
