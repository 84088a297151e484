"""What writes and sends: letters, calendar entries, pages, and the mail of a replay's units."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from phaseout.domain.campaign import Office
from phaseout.domain.deadline import Deadline
from phaseout.domain.letter import (
    DispatchOutcome,
    LetterFacts,
    LetterFile,
    LetterKind,
    LetterText,
)
from phaseout.domain.site import SiteFacts


class LetterWriter(ABC):
    """Writes what a letter says, from its template."""

    @abstractmethod
    def write(self, kind: LetterKind, facts: LetterFacts) -> LetterText:
        """Return the text. A missing fact is an error of ours."""


class Composer(ABC):
    """Makes the finished message of a letter."""

    @abstractmethod
    def compose(
        self,
        text: LetterText,
        *,
        recipient: str,
        copy_to: Sequence[str],
        message_id: str,
        written_at: datetime,
        files: Sequence[LetterFile],
        calendars: Sequence[bytes],
        in_reply_to: str | None,
        threads: Sequence[str] = (),
    ) -> bytes:
        """Return the message; same input, same bytes.

        *threads* are our own ids of the conversations that it belongs to, the most urgent last. *in_reply_to* is a
        stranger's id of the mail that it answers.
        """


class Invitations(ABC):
    """Writes calendar files of all-day entries; same input, same bytes."""

    @abstractmethod
    def invite(self, deadline: Deadline, *, organizer: Office, attendee: str, written_at: datetime) -> bytes:
        """Return one entry as it rides on a letter: to be taken over without an answer, or to be removed."""

    @abstractmethod
    def publish(self, deadlines: Sequence[Deadline], *, name: str, organizer: Office, written_at: datetime) -> bytes:
        """Return a whole calendar as a file for people to open."""


class Outgoing(ABC):
    """Where a copy of every letter lies as .eml."""

    @abstractmethod
    def keep(self, name: str, raw: bytes) -> None:
        """Keep a copy under a name; the same name again changes nothing."""


class Sender(ABC):
    """Sends a finished message, once."""

    @abstractmethod
    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:
        """Try once; return the outcome and the server's words."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""


class Pages(ABC):
    """Writes what people look at: site, bulletins, tables. Files appear whole or not at all."""

    @abstractmethod
    def site(self, facts: SiteFacts) -> Path:
        """Write the site (工作看板) and return its entry; pages of units that have left are removed."""

    @abstractmethod
    def has_site(self, campaign: str) -> bool:
        """Say whether the site of a campaign is there."""

    @abstractmethod
    def bulletin(self, period: str, facts: Mapping[str, object]) -> Path:
        """Write the bulletin (情况通报) of a month."""

    @abstractmethod
    def omissions(self, facts: Mapping[str, object]) -> tuple[Path, Path]:
        """Write the list of suspected omissions (疑似漏报), for the office alone: a page, and a workbook beside it."""

    @abstractmethod
    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]], *, note: str = "") -> Path:
        """Write a consolidated table as a workbook, such as `summary/铁合金`; the note stands below its title."""

    @abstractmethod
    def sheet(self, title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
        """Return a table as a workbook that goes with a letter; same input, same bytes."""


class Post(ABC):
    """The mail of the invented units in a replay: they read what they got and write to the office."""

    @abstractmethod
    def send(self, unit: str, *, subject: str, text: str, files: Sequence[LetterFile], at: datetime) -> None:
        """Send a mail from the unit's mailbox to the office, by SMTP."""
