"""Rebuild (重建): make the warehouse again from archive and ledger; the content hash must come out the same."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from phaseout.ports import Warehouse


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many submissions were loaded, and the hashes before and after."""

    submissions: int
    before: str | None  # None: there was no warehouse
    after: str

    @property
    def is_identical(self) -> bool:
        """Say whether the new warehouse holds what the old one held."""
        return self.before in (None, self.after)


def rebuild(
    opened: AbstractContextManager[tuple[Warehouse | None, Warehouse]], *, fill: Callable[[Warehouse], int]
) -> Rebuilt:
    """Fill a fresh warehouse from the truth and compare it with the live one, caught up, if there is one."""
    with opened as (live, fresh):
        if live is not None:
            fill(live)
        submissions = fill(fresh)
        return Rebuilt(submissions, live.content_hash() if live is not None else None, fresh.content_hash())
