"""The archive (原件库) in memory."""

from collections.abc import Iterable
from hashlib import sha256

from phaseout.ports import Archive, ArchiveDamaged


class MemoryArchive(Archive):
    """An archive that lasts as long as the object."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep *content* and return its SHA-256."""
        digest = sha256(content).hexdigest()
        self._contents[digest] = content
        return digest

    def get(self, sha256: str) -> bytes:
        """Return the content of a hash.

        Raises:
            ArchiveDamaged: it is missing.
        """
        try:
            return self._contents[sha256]
        except KeyError as error:
            raise ArchiveDamaged(sha256=sha256, reason="it is not there") from error

    def hashes(self) -> Iterable[str]:
        """Yield the hash of everything that is kept."""
        yield from tuple(self._contents)
