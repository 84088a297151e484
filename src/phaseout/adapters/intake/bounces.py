"""Reads what a bounce (退信) says: whom a letter of ours did not reach, why, and which letter it was."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message as MimePart

from phaseout.adapters.intake.trust import Headers, values
from phaseout.domain.submission import Bounce

MOST_BOUNCES = 100
LONGEST_FIELD = 1000

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{3,255}")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_MESSAGE_ID = re.compile(
    rb"^(?:original-)?message-id:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{1,500}>)", re.IGNORECASE | re.MULTILINE
)


def failures_in(part: MimePart) -> Iterator[tuple[str, str | None]]:
    """Yield recipient and status of each failure that a delivery-status part reports."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, MimePart):
            continue
        named = str(block.get("final-recipient") or block.get("original-recipient") or "")[:LONGEST_FIELD]
        address = _ADDRESS.search(named)
        if address and str(block.get("action", "")).strip().lower() in {"failed", "delayed"}:
            status = _STATUS.search(str(block.get("status", ""))[:LONGEST_FIELD])
            yield address[0].lower(), status[0] if status else None


def bounces_of(headers: Headers, failures: Sequence[tuple[str, str | None]], *, raw: bytes) -> tuple[Bounce, ...]:
    """Return the recipients who were missed, as the report says or, without one, the provider's header."""
    if not failures:
        failed = _ADDRESS.findall(" ".join(values(headers, "x-failed-recipients"))[: 8 * LONGEST_FIELD])
        failures = [(address.lower(), None) for address in failed]
    letter = _letter_in(raw) if failures else None
    return tuple(Bounce(recipient, status, letter) for recipient, status in dict.fromkeys(failures[:MOST_BOUNCES]))


def _letter_in(raw: bytes) -> str | None:
    # The first Message-ID is the bounce's own; the one of our letter follows in its report or its copy.
    found = [match[1].decode("ascii") for match in _MESSAGE_ID.finditer(raw)]
    own = found[0] if found and raw.find(found[0].encode()) < _head_length(raw) else None
    return next((one for one in found if one != own), None)


def _head_length(raw: bytes) -> int:
    end = re.search(rb"\r?\n\r?\n", raw)
    return end.start() if end else len(raw)
