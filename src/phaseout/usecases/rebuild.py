"""Rebuild (重建): make the warehouse again from archive and ledger; the content hash must come out the same."""

from collections.abc import Callable
from dataclasses import dataclass

from phaseout.ports import Warehouse


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many submissions were loaded, and the hashes before and after."""

    submissions: int
    before: str | None
    after: str

    @property
    def is_identical(self) -> bool:
        """Say whether the new warehouse holds what the old one held."""
        return self.before in (None, self.after)


def rebuild(*, live: Warehouse | None, fresh: Warehouse, fill: Callable[[Warehouse], int]) -> Rebuilt:
    """Fill a fresh warehouse from the truth and compare it with the live one, if there is one."""
    before = live.content_hash() if live is not None else None
    submissions = fill(fresh)
    return Rebuilt(submissions, before, fresh.content_hash())
