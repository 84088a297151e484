"""What writes documents (公文) for the office to edit, sign and publish."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from phaseout.domain.document import Edition


@dataclass(frozen=True, slots=True)
class Made:
    """The files of an edition by name, and what somebody should know of how they came about."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


class Documents(ABC):
    """Writes documents as files; same edition, same bytes."""

    @abstractmethod
    def make(self, edition: Edition) -> Made:
        """Return the files of an edition; with the standard template where the office's own cannot be used."""

    @abstractmethod
    def missing(self, names: Collection[str]) -> Collection[str]:
        """Return those names under which no file lies."""

    @abstractmethod
    def keep(self, files: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Put files in their places, each whole or not at all; return where they lie."""

    @abstractmethod
    def paths(self, names: Collection[str]) -> tuple[Path, ...]:
        """Return where files of these names lie."""
