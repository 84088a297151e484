"""The service on one screen: a table that stays in place on a terminal, plain lines anywhere else."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from phaseout.cli.common import printable
from phaseout.cli.service.parts import Being, Kept
from phaseout.cli.service.standing import Standing, log_name

REFRESH = 1.0
SAY_EVERY = 900.0
COLOURS = {Being.UP: "green", Being.FAILING: "bold red", Being.WAITING: "yellow"}


class Screen(Protocol):
    """Where a person sees what is served."""

    def tell(self, words: str) -> None:
        """Say what happened."""

    def tell_where(self, lines: Sequence[str]) -> None:
        """Say where to look, now that there is something to see."""

    def show(self, parts: Sequence[Kept], standing: Standing | None, now: float) -> None:
        """Show how everything is; *now* is a monotonic clock's."""


class Lines:
    """Plain lines, for a log or a journal: what happened, and every hour how everything is."""

    def __init__(self) -> None:
        self._next = 0.0
        self._ill = False

    def tell(self, words: str) -> None:
        """Say what happened."""
        sys.stdout.write(printable(words) + "\n")
        sys.stdout.flush()

    def tell_where(self, lines: Sequence[str]) -> None:
        """Say where to look, now that there is something to see."""
        for line in lines:
            self.tell(line)

    def show(self, parts: Sequence[Kept], standing: Standing | None, now: float) -> None:
        """Say every hour, and when something is amiss, how everything is."""
        if standing is None or (now < self._next and standing.needs_a_look == self._ill):
            return
        self._next, self._ill = now + SAY_EVERY, standing.needs_a_look
        self.tell("; ".join([*(f"{kept.part.name} {kept.being}" for kept in parts), standing.words]))


class Board:
    """A table that stays in place."""

    def __init__(self, live: Live, *, home: Path, footer: Sequence[str]) -> None:
        self._live, self._home, self._footer = live, home, footer
        self._next = 0.0

    def tell(self, words: str) -> None:
        """Say what happened, above the table."""
        self._live.console.print(Text(printable(words)))

    def tell_where(self, lines: Sequence[str]) -> None:
        """Say nothing: it stands below the table."""

    def show(self, parts: Sequence[Kept], standing: Standing | None, now: float) -> None:
        """Draw the table anew, once a second."""
        if now >= self._next:
            self._next = now + REFRESH
            self._live.update(picture(parts, standing, home=self._home, footer=self._footer), refresh=True)


def picture(parts: Sequence[Kept], standing: Standing | None, *, home: Path, footer: Sequence[str]) -> RenderableType:
    """Return the whole screen."""
    table = Table(title=f"phaseout serves {home}", title_justify="left", expand=False)
    for name in ("part", "state", "since", "restarts", "log", "note"):
        table.add_column(name, overflow="fold")
    for kept in parts:
        table.add_row(
            kept.part.name,
            Text(kept.being, style=COLOURS.get(kept.being, "cyan")),
            _clock(kept.since),
            str(kept.restarts),
            log_name(kept.part.log, home),
            Text(printable(kept.note)),
        )
    words = standing.words if standing else "last pass: not known yet"
    style = "yellow" if standing and standing.needs_a_look else ""
    return Group(table, *(Text(part, style=style) for part in words.split("; ")), *map(Text, footer))


def _clock(at: datetime | None) -> str:
    return at.strftime("%m-%d %H:%M:%S") if at else ""


@contextmanager
def screen(*, home: Path, footer: Sequence[str]) -> Iterator[Screen]:
    """Yield the screen that suits where our words go."""
    if not sys.stdout.isatty():
        yield Lines()
        return
    # Drawn by us: a thread of rich's own would be there when programs are started.
    with Live(console=Console(), auto_refresh=False) as live:
        yield Board(live, home=home, footer=footer)
