"""The catalogues (产业结构调整目录) that were put in force, in memory."""

from collections.abc import Sequence

from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.ports import Ledger


class LedgerOfCatalogues(Ledger):
    """The part of the ledger that says which catalogue is in force."""

    def __init__(self) -> None:
        self._revision = 0
        self._catalogues: list[CatalogueImport] = []

    def _changed(self, is_change: bool = True) -> None:  # noqa: FBT001, FBT002 - a word at the end of a line
        self._revision += is_change

    def record_catalogue(self, act: CatalogueImport) -> bool:
        """Record that an official list came into force; False when it is there already."""
        if (act.sha256, act.imported_at) in {(one.sha256, one.imported_at) for one in self._catalogues}:
            return False
        self._catalogues.append(act)
        self._changed()
        return True

    def catalogues(self) -> Sequence[CatalogueImport]:
        """Return the official lists that came into force, in that order; the last one is."""
        return tuple(self._catalogues)
