"""A mailbox over IMAP (邮箱): read, and left as it is for the people who work in it.

A mail's ref is made of its beginning and its size, not of its number on the server: mailboxes are numbered anew, and
people move mails away and back. Numbers are only where to look for it now.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from phaseout.adapters.intake.imap_hints import Hints, place_of
from phaseout.adapters.intake.imap_line import Account, LineLost, Listed, MailboxLine, MailboxUnavailable
from phaseout.adapters.intake.left_out import LARGEST_HEAD, left_on_the_server
from phaseout.domain.submission import Arrival, Channel
from phaseout.ports import Intake, NotFetched

LARGEST_MAIL = 60_000_000
PIECE = 256 * 1024
# On top of a mail stand the provider's own lines, with a number that no two mails share.
BEGINNING = 8 * 1024
BEGINNINGS_AT_ONCE = 32
MOST_NOT_FETCHED = 10  # one after the other; then it is the line and not the mails

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mail lies now."""

    validity: int
    mail: Listed


class ImapIntake(Intake):
    """Takes the mails of a folder; *hints* is a file that saves reading. Not for several threads."""

    channel = Channel.MAIL

    def __init__(self, account: Account, *, hints: Path, largest: int = LARGEST_MAIL) -> None:
        self._line = MailboxLine(account)
        self._hints = Hints(hints, account)
        self._largest = largest
        self._places: dict[str, _Place] = {}
        self._not_fetched = 0

    def close(self) -> None:
        """End the connection."""
        self._line.close()

    def waiting(self) -> Sequence[Arrival]:
        """Return what lies in the folder now, oldest first; copies of a mail are one.

        Raises:
            MailboxUnavailable, LoginRefused, MailboxNotTrusted, FolderRefused: who must act, and how.
        """
        validity, mails = self._listed()
        refs = self._refs(validity, mails)
        self._places = {}
        for mail in sorted(mails, key=_age):
            if (ref := refs.get(place_of(mail))) is not None:
                self._places.setdefault(ref, _Place(validity, mail))
        return tuple(Arrival(ref=ref, arrived_at=place.mail.received_at) for ref, place in self._places.items())

    def read(self, ref: str) -> bytes | None:
        """Return the bytes of a mail; None when it has gone, and a notice in its place when it is too large.

        Raises:
            NotFetched: the server broke off twice at this mail; others can be had.
            MailboxUnavailable, LoginRefused, MailboxNotTrusted, FolderRefused: none can.
        """
        place = self._places.get(ref)
        if place is None:
            return None
        for _ in range(2):
            try:
                content = self._fetched(place)
            except LineLost:
                continue
            self._not_fetched = 0
            return content
        raise self._given_up(place)

    def archived(self, ref: str) -> None:
        """Do nothing: the mailbox belongs to the office."""

    # What lies there

    def _listed(self) -> tuple[int, list[Listed]]:
        for _ in range(2):
            validity = self._line.examine()
            try:
                return validity, self._line.listed()
            except LineLost as fault:
                reason = type(fault.__cause__).__name__
        raise MailboxUnavailable(self._line.account, reason=f"broke off while listing ({reason})")

    def _refs(self, validity: int, mails: Sequence[Listed]) -> dict[str, str]:
        """Return the ref of each place; only what is not known is asked for."""
        known = self._hints.known(validity)
        refs = {place: known[place] for mail in mails if (place := place_of(mail)) in known}
        new = [mail for mail in mails if place_of(mail) not in refs]
        try:
            for start in range(0, len(new), BEGINNINGS_AT_ONCE):
                refs |= self._read_beginnings(validity, new[start : start + BEGINNINGS_AT_ONCE])
        finally:
            if refs != known:
                self._hints.keep(validity, refs)
        return refs

    def _read_beginnings(self, validity: int, mails: Sequence[Listed]) -> dict[str, str]:
        try:
            return self._beginnings(validity, mails)
        except LineLost:
            if len(mails) == 1:
                _LOG.warning("mail not listed: UID %d of UIDVALIDITY %d", mails[0].uid, validity)
                return {}
        # One of them breaks the line: the others are asked for one by one.
        refs: dict[str, str] = {}
        for mail in mails:
            refs |= self._read_beginnings(validity, [mail])
        return refs

    def _beginnings(self, validity: int, mails: Sequence[Listed]) -> dict[str, str]:
        if self._line.examine(again=False) != validity:
            return {}  # numbered anew while we looked; the next pass lists it
        pieces = self._line.pieces([mail.uid for mail in mails], start=0, length=BEGINNING)
        return {place_of(mail): _ref(pieces[mail.uid], mail.size) for mail in mails if mail.uid in pieces}

    # One of them

    def _fetched(self, place: _Place) -> bytes | None:
        if self._line.examine(again=False) != place.validity:
            return None
        content = self._content(place.mail)
        if content is not None and len(content) < place.mail.size <= self._largest:
            # Less than was announced: broken off without a word, unless a new line gives the same again.
            self._line.drop()
            if self._line.examine() != place.validity or self._content(place.mail) != content:
                raise LineLost
        return content

    def _content(self, mail: Listed) -> bytes | None:
        if mail.size > self._largest:
            return self._left_out(mail)
        with TemporaryFile() as file:  # or a large mail would lie in memory as a heap of pieces and as a whole
            if not self._is_copied(mail, file):
                return None
            if file.tell() > self._largest:
                return self._left_out(mail)
            file.seek(0)
            return file.read()

    def _is_copied(self, mail: Listed, file: IO[bytes]) -> bool:
        """Write a mail to a file, piece by piece; say whether it was still there."""
        while (size := file.tell()) <= self._largest:
            piece = self._line.pieces([mail.uid], start=size, length=PIECE).get(mail.uid)
            if piece is None:
                return False
            file.write(piece)
            # The announced size may be wrong: only an empty answer, or a short one where the mail should end, ends it.
            # One that is longer comes from a server that sends the whole mail, whatever was asked for.
            if not piece or len(piece) > PIECE or (len(piece) < PIECE and size + len(piece) >= mail.size):
                return file.tell() > 0
        return True

    def _left_out(self, mail: Listed) -> bytes | None:
        head = self._line.head(mail.uid, length=LARGEST_HEAD)
        _LOG.warning("mail too large: UID %d, %d bytes; only its head was taken", mail.uid, mail.size)
        return None if head is None else left_on_the_server(head, size=mail.size)

    def _given_up(self, place: _Place) -> NotFetched | MailboxUnavailable:
        self._not_fetched += 1
        if self._not_fetched >= MOST_NOT_FETCHED:
            return MailboxUnavailable(self._line.account, reason="it breaks off at every mail")
        _LOG.warning("mail not fetched: UID %d of UIDVALIDITY %d", place.mail.uid, place.validity)
        return NotFetched(position=f"UID {place.mail.uid} of UIDVALIDITY {place.validity}")


def _age(mail: Listed) -> tuple[datetime, int]:
    return mail.received_at or _LONG_AGO, mail.uid


def _ref(beginning: bytes, size: int) -> str:
    return f"{sha256(beginning[:BEGINNING]).hexdigest()[:32]}-{size}"
