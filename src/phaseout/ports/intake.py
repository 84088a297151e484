"""What comes in: the archive, the places where deliveries wait, and the readers of mail and workbooks."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Sequence
from datetime import datetime

from phaseout.domain.evidence import Picture
from phaseout.domain.submission import (
    Arrival,
    Channel,
    Message,
    Unreadable,
    Workbook,
)
from phaseout.errors import OperatorError, TransientError


class ArchiveDamaged(OperatorError):
    """The archive does not hold what was put into it; get it back from the backup."""

    def __init__(self, *, sha256: str, reason: str) -> None:
        self.sha256 = sha256
        self.reason = reason
        super().__init__(f"the archive cannot give back {sha256}: {reason}")


class NotFetched(TransientError):
    """One arrival could not be had, others can; *position* says where it lies and nothing of what it says."""

    def __init__(self, *, position: str) -> None:
        self.position = position
        super().__init__(f"not fetched: {position}")


class Archive(ABC):
    """The archive (原件库): every byte that came or left, by content."""

    @abstractmethod
    def put(self, content: bytes) -> str:
        """Keep *content* for good and return its SHA-256. On return it is on the disk."""

    @abstractmethod
    def get(self, sha256: str) -> bytes:
        """Return the content of a hash.

        Raises:
            ArchiveDamaged: it is missing or no longer what it was.
        """

    @abstractmethod
    def hashes(self) -> Iterable[str]:
        """Yield the hash of everything that is kept, in any order; nothing is read for it."""


class Intake(ABC):
    """A place where deliveries wait: a mailbox or the inbox folders."""

    channel: Channel

    @abstractmethod
    def waiting(self) -> Sequence[Arrival]:
        """Return what lies there now, oldest first."""

    @abstractmethod
    def read(self, ref: str) -> bytes | None:
        """Return the bytes of an arrival; None when it has gone meanwhile.

        Raises:
            NotFetched: this one could not be had, and will be tried again.
        """

    @abstractmethod
    def archived(self, ref: str) -> None:
        """Be told that an arrival is safe; a folder moves the file away, a mailbox does nothing."""


class MessageReader(ABC):
    """Reads a mail's bytes."""

    @abstractmethod
    def read(self, raw: bytes, *, arrived_at: datetime | None = None) -> Message:
        """Return sender, subject and attachments; whatever a stranger wrote, this returns.

        A signature counts as of *arrived_at*; without it none is taken for expired.
        """


class WorkbookReader(ABC):
    """Reads a sender's workbook, cell by cell, without trusting it."""

    @abstractmethod
    def read(self, content: bytes) -> Workbook:
        """Return the cells.

        Raises:
            Unreadable: the file is refused, with the reason's code.
        """

    def read_ahead(self, contents: Iterable[bytes]) -> Generator[Workbook | Unreadable, None, None]:
        """Yield the cells of each content in turn, or why it is refused; a reader may work ahead of its caller."""
        for content in contents:
            try:
                yield self.read(content)
            except Unreadable as why:
                yield why


class PictureReader(ABC):
    """Looks at the pictures that a sender puts beside a workbook, without trusting them."""

    @abstractmethod
    def look(self, contents: Sequence[bytes]) -> Sequence[Picture]:
        """Return what each picture says of itself, or why it could not be looked at; whatever it is, this returns."""
