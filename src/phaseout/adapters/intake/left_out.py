"""Stands for a mail that is too large to be fetched (过大邮件): its head, and one file that is refused in words."""

import re

from phaseout.domain.submission import LEFT_ON_THE_SERVER

LARGEST_HEAD = 256 * 1024
NAME = "邮件附件（未收取）"

_BOUNDARY = "phaseout-left-on-the-server"
_LINE = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")  # a header with its folded lines
_STRUCTURE = re.compile(rb"(?:content-[a-z-]*|mime-version)\s*:", re.IGNORECASE)


def left_on_the_server(head: bytes, *, size: int) -> bytes:
    """Return a mail of the same head; the same mail makes the same one again."""
    kept = b"".join(line for line in _LINE.findall(head) if line.strip() and not _STRUCTURE.match(line))
    ours = (
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\r\n\r\n'
        f"--{_BOUNDARY}\r\n"
        "Content-Type: application/octet-stream\r\n"
        f"Content-Disposition: attachment; filename*=UTF-8''{_quoted(NAME)}\r\n\r\n"
    )
    return kept + ours.encode() + LEFT_ON_THE_SERVER + f" {size}\r\n--{_BOUNDARY}--\r\n".encode()


def _quoted(name: str) -> str:
    return "".join(f"%{octet:02X}" for octet in name.encode())
