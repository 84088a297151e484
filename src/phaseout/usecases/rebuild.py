"""Rebuild (重建): make the warehouse again from archive and ledger; the content hash must come out the same."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from phaseout.domain.damage import Damage
from phaseout.ports import Ledger, Warehouse


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many submissions were loaded, the hashes before and after, and what was wrong with the live warehouse."""

    submissions: int
    before: str | None  # None: there was no warehouse, or none that could be gone on with
    after: str
    missing: int = 0  # accepted, and not to be had from the archive
    damage: Damage | None = None

    @property
    def is_identical(self) -> bool:
        """Say whether the new warehouse holds what the old one held, and that is all that the ledger accepted."""
        return self.before in (None, self.after) and not self.missing and self.damage is None


def rebuild(
    opened: AbstractContextManager[tuple[Warehouse | None, Warehouse]],
    *,
    fill: Callable[[Warehouse], int],
    ledger: Ledger,
) -> Rebuilt:
    """Fill a fresh warehouse from the truth and compare it with the live one, caught up, if there is one.

    Every row of the live one is read and held to the hash that was taken when it was loaded.
    """
    with opened as (live, fresh):
        damage, before = None, None
        if live is not None:
            live.missing(())  # opens it: nobody else goes on with it while we compare
            damage = live.damage(ledger.accepted_workbooks(), is_thorough=True)
            if damage is None:
                fill(live)
                before = live.content_hash()
        submissions = fill(fresh)
        missing = len(fresh.missing(ledger.accepted()))
        return Rebuilt(submissions, before, fresh.content_hash(), missing, damage)
