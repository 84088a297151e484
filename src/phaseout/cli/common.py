"""What the commands share: the instant asked about, the campaign meant, tables for people and for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated

import typer

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.errors import UsageError

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY|INSTANT", help="Act as of then; now if not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a list of flat objects.")]
By = Annotated[str, typer.Option("--by", help="Who decides; goes into the ledger.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; goes into the ledger.")]
CampaignId = Annotated[str | None, typer.Argument(metavar="[CAMPAIGN]", help="The one opened last if not given.")]

NINE = time(9)
UNCUT = 10_000


class BadInstant(UsageError):
    """An --as-of that is no day and no instant."""

    def __init__(self, *, text: str) -> None:
        super().__init__(f"--as-of {text!r}: write a day such as 2022-08-10 or an instant such as 2022-08-10T15:30")


class NoCampaign(UsageError):
    """No campaign was named, and none was opened."""

    def __init__(self) -> None:
        super().__init__("no campaign is open; name one, or open one with `phaseout campaign open`")


def instant(as_of: str | None) -> datetime:
    """Return the instant that --as-of means: a day is nine o'clock in China; without it, now.

    Raises:
        BadInstant: it is neither a day nor an instant.
    """
    if as_of is None:
        return datetime.now(UTC).astimezone(CHINA)  # noqa: TID251  the command line's one clock
    try:
        if len(as_of) == len("2022-08-10"):
            return datetime.combine(date.fromisoformat(as_of), NINE, CHINA)
        written = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise BadInstant(text=as_of) from error
    return written if written.tzinfo else written.replace(tzinfo=CHINA)


def campaign_meant(app: App, campaign: str | None) -> str:
    """Return the campaign named, or the one opened last.

    Raises:
        NoCampaign: there is none.
    """
    opened = app.ledger.open_campaigns()
    if campaign is None and not opened:
        raise NoCampaign
    return campaign or opened[-1]


def flat(value: object) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        # Instants of the snapshot carry no zone: they are China's time already.
        return (value.astimezone(CHINA) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list, frozenset)):
        return [flat(one) for one in value]
    return value


def show(rows: Sequence[Mapping[str, object]], *, as_json: bool, title: str | None = None) -> None:
    """Print rows as a table, or as JSON."""
    plain = [{key: flat(value) for key, value in row.items()} for row in rows]
    if as_json:
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=1, default=str) + "\n")
        return
    from rich.console import Console  # noqa: PLC0415  a table is not always wanted
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title, title_justify="left")
    for name in plain[0] if plain else ():
        table.add_column(name)
    for row in plain:
        table.add_row(*["" if value is None else str(value) for value in row.values()])
    # In a file or a pipe nothing is cut: programs and pagers take lines of any length.
    console = Console() if sys.stdout.isatty() else Console(width=UNCUT)
    console.print(table if plain else f"{title or 'nothing'}: none")


def say(words: str) -> None:
    """Print a line."""
    sys.stdout.write(words + "\n")
