"""Tells where one cell of a list speaks of several things: of several machines, or of several firms (合计)."""

import re
import unicodedata

_MACHINE = re.compile(r"(?:[炉窑机器罩塔线槽釜罐泵床锅鼓磨车备置统台道箱架]|\d[台套条座只组])$")  # how its word ends
_FIRMS = re.compile(
    r"(?:[两二三四五六七八九十]|(?<![\d.])\d{1,3})\s*(?:家|户|个企业)(?:企业|公司)?\s*(?:合计|共计|共有|合用)?"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_APART = re.compile(r"[、;\n]")
_LETTERS = re.compile(r"[\u4e00-\u9fff]{2}")


def speaks_of_firms(*texts: str) -> bool:
    """Say whether a text gives the figures of several firms together, such as 两家合计."""
    return any(_FIRMS.search(unicodedata.normalize("NFKC", text)) for text in texts)


def named_apart(name: str) -> tuple[str, ...]:
    """Return the equipment that a name puts beside each other, such as 格法2条 and 压延2条; one is one."""
    bare = _FIRMS.sub("", _BRACKETS.sub(" ", unicodedata.normalize("NFKC", name)))
    parts = [part for listed in _APART.split(bare) for part in _by_blanks(listed)]
    return tuple(part for part in parts if _LETTERS.search(part))


def _by_blanks(text: str) -> list[str]:
    """Divide at blanks where they stand between machines, and not within the name of one."""
    words = text.split()
    return words if sum(1 for word in words if _MACHINE.search(word)) > 1 else [text]
