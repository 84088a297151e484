"""Documents in memory."""

from collections.abc import Collection, Mapping
from pathlib import Path

from phaseout.domain.document import Edition
from phaseout.ports import Documents, Made


class MemoryDocuments(Documents):
    """Keeps each edition under the name that its file would have."""

    def __init__(self) -> None:
        self.editions: dict[str, Edition] = {}
        self.files: dict[str, bytes] = {}

    def make(self, edition: Edition) -> Made:
        """Return the edition in words as its one file."""
        period = f"-{edition.period}" if edition.period else ""
        name = f"{edition.kind}/{edition.campaign}{period}-第{edition.version}版.docx"
        self.editions[name] = edition
        return Made({name: repr(edition).encode()})

    def missing(self, names: Collection[str]) -> Collection[str]:
        """Return those names under which no file lies."""
        return [name for name in names if name not in self.files]

    def keep(self, files: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Keep files; return their names."""
        self.files |= files
        return self.paths(files)

    def paths(self, names: Collection[str]) -> tuple[Path, ...]:
        """Return the names."""
        return tuple(Path(name) for name in names)
