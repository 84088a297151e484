"""Board, bulletins and tables in memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from phaseout.ports import Pages


class MemoryPages(Pages):
    """Keeps the facts of each page under the path that the page would have."""

    def __init__(self) -> None:
        self.written: dict[Path, Mapping[str, object]] = {}

    def board(self, facts: Mapping[str, object]) -> Path:
        """Keep the facts of the board (工作看板)."""
        return self._keep("site/index.html", facts)

    def bulletin(self, period: str, facts: Mapping[str, object]) -> Path:
        """Keep the facts of the bulletin (情况通报) of a month."""
        return self._keep(f"bulletins/{facts['campaign']}-{period}.html", facts)

    def omissions(self, facts: Mapping[str, object]) -> tuple[Path, Path]:
        """Keep the facts of the list of suspected omissions (疑似漏报)."""
        return self._keep("site/office/omissions.html", facts), self._keep("site/office/omissions.xlsx", facts)

    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]]) -> Path:
        """Keep the title and rows of a consolidated table."""
        return self._keep(f"{name}.xlsx", {"title": title, "rows": list(rows)})

    def sheet(self, title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
        """Return title and rows as text, one row a line."""
        return "\n".join([title, *(repr(dict(row)) for row in rows)]).encode()

    def _keep(self, name: str, facts: Mapping[str, object]) -> Path:
        self.written[Path(name)] = facts
        return Path(name)
