"""Strangers' words as the cells of a workbook can hold them (单元格文字)."""

import re

# What XML cannot hold, and what a file would spell out as _x0001_.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return a text without what a spreadsheet file cannot hold.

    XlsxWriter takes a text from <r> to </r> for markup and writes it unescaped; a space makes it a text again.
    """
    plain = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"{plain} " if plain.startswith("<r>") and plain.endswith("</r>") else plain
