"""Plain text where Markdown is read (转义): a stranger's words make no link, no heading and no table."""

import re

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # all that Markdown could take for more than a letter


def as_markdown(text: str) -> str:
    """Return plain text as Markdown that shows it as it stands: a stranger's words make no link and no heading."""
    lines = (_MARKS.sub(r"\\\1", line.strip(" \t")) for line in text.splitlines())
    return "\n".join(f"{line}  " if line else "" for line in lines)
