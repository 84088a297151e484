"""Extracts in memory."""

from datetime import date
from pathlib import Path

from phaseout.domain.campaign import Campaign
from phaseout.ports import Extracts


class MemoryExtracts(Extracts):
    """Keeps of which snapshot and campaign the extracts are."""

    def __init__(self) -> None:
        self.made_of: tuple[bytes, str] | None = None
        self._day: date | None = None

    def renewed_on(self) -> date | None:
        return self._day

    def renew(self, snapshot: Path, *, campaign: Campaign, day: date) -> bool:
        said, before = (snapshot.read_bytes(), campaign.id), self.made_of
        self.made_of, self._day = said, day
        return said != before
