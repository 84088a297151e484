"""Site, bulletins and tables in memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from phaseout.domain.site import SiteFacts
from phaseout.ports import Pages


class MemoryPages(Pages):
    """Keeps the facts of each page under the path that the page would have."""

    def __init__(self) -> None:
        self.written: dict[Path, Mapping[str, object]] = {}
        self.sites: list[SiteFacts] = []

    def site(self, facts: SiteFacts) -> Path:
        """Keep the facts of the site (工作看板)."""
        self.sites.append(facts)
        place = "" if facts.is_current else f"earlier/{facts.campaign.id}/"
        return self._keep(f"{place}site/index.html", {"site": facts})

    def has_site(self, campaign: str) -> bool:
        """Say whether the site of a campaign was written."""
        return any(facts.campaign.id == campaign for facts in self.sites)

    def bulletin(self, period: str, facts: Mapping[str, object]) -> Path:
        """Keep the facts of the bulletin (情况通报) of a month."""
        return self._keep(f"bulletins/{facts['campaign']}-{period}.html", facts)

    def omissions(self, facts: Mapping[str, object]) -> tuple[Path, Path]:
        """Keep the facts of the list of suspected omissions (疑似漏报)."""
        return self._keep("office/omissions.html", facts), self._keep("office/omissions.xlsx", facts)

    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]], *, note: str = "") -> Path:
        """Keep title, note and rows of a consolidated table."""
        return self._keep(f"{name}.xlsx", {"title": title, "note": note, "rows": list(rows)})

    def sheet(self, title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
        """Return title and rows as text, one row a line."""
        return "\n".join([title, *(repr(dict(row)) for row in rows)]).encode()

    def _keep(self, name: str, facts: Mapping[str, object]) -> Path:
        self.written[Path(name)] = facts
        return Path(name)
