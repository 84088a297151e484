"""What the commands share: the instant asked about, the campaign meant, tables for people and for programs."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.errors import UsageError

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY|INSTANT", help="Act as of then; now if not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a list of flat objects.")]
By = Annotated[str, typer.Option("--by", help="Who decides; goes into the ledger.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; goes into the ledger.")]
CampaignId = Annotated[str | None, typer.Argument(metavar="[CAMPAIGN]", help="The one opened last if not given.")]

NINE = time(9)
UNCUT = 10_000
# Python reads more than people mean: weeks (2022-W32-3), days without hyphens, hours without minutes.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT = re.compile(DAY.pattern + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class BadInstant(UsageError):
    """An --as-of that is no day and no instant."""

    def __init__(self, *, text: str) -> None:
        super().__init__(f"--as-of {text!r}: write a day such as 2022-08-10 or an instant such as 2022-08-10T15:30")


class BadDay(UsageError):
    """An option that wants a day was given something else."""

    def __init__(self, *, option: str, text: str) -> None:
        super().__init__(f"{option} {text!r}: write a day such as 2022-08-10")


class UnusableFolder(UsageError):
    """A folder to write into is none, and cannot be made."""

    def __init__(self, *, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: no folder to write into ({reason})")


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
        if DAY.fullmatch(as_of):
            return datetime.combine(date.fromisoformat(as_of), NINE, CHINA)
        written = datetime.fromisoformat(as_of) if INSTANT.fullmatch(as_of) else None
    except ValueError as error:
        raise BadInstant(text=as_of) from error
    if written is None:
        raise BadInstant(text=as_of)
    return written if written.tzinfo else written.replace(tzinfo=CHINA)


def day_meant(text: str, *, option: str) -> date:
    """Return the day that an option names.

    Raises:
        BadDay: it is no day, or not written as one.
    """
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError as error:
        raise BadDay(option=option, text=text) from error
    if day is None:
        raise BadDay(option=option, text=text)
    return day


def make_folder(folder: Path) -> None:
    """Make a folder to write into, unless it is there.

    Raises:
        UnusableFolder: something else is there, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFolder(folder=folder, reason=error.strerror or type(error).__name__) from error


def campaign_meant(app: App, campaign: str | None) -> str:
    """Return the campaign named, or the one opened last.

    Raises:
        NoCampaign: there is none.
    """
    opened = app.ledger.open_campaigns()
    if campaign is None and not opened:
        raise NoCampaign
    return campaign or opened[-1]


def open_campaign_meant(app: App, campaign: str | None) -> str:
    """Return the campaign named, or the one opened last; of one that is not open nothing can be done.

    Raises:
        NoCampaign: there is none.
        UnknownCampaign: the one named is none of ours.
        NotOpen: the one named was never opened.
    """
    from phaseout.usecases.open_campaign import NotOpen  # noqa: PLC0415  with what it does we have nothing to do

    meant = campaign_meant(app, campaign)
    if meant not in app.ledger.open_campaigns():
        app.definitions.campaign(meant)
        raise NotOpen(campaign=meant)
    return meant


def unit_meant(campaign: Campaign, written: str) -> str:
    """Return the code of the unit that is meant by its code, its name or its short name.

    Raises:
        UnknownUnit: the campaign has no such unit.
    """
    from phaseout.domain.contact_list import code_of  # noqa: PLC0415  few commands name a unit

    return campaign.unit(code_of(written.strip(), campaign)).code


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


# What moves a terminal's cursor, turns the reading direction, or is half a character; strangers' words may hold it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return a text with what does not belong on a terminal spelled out, as JSON spells it."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def show(rows: Sequence[Mapping[str, object]], *, as_json: bool, title: str | None = None) -> None:
    """Print rows as a table, or as JSON."""
    plain = [{key: flat(value) for key, value in row.items()} for row in rows]
    if as_json:
        sys.stdout.write(printable(json.dumps(plain, ensure_ascii=False, indent=1, default=str)) + "\n")
        return
    from rich.console import Console  # noqa: PLC0415  a table is not always wanted
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title, title_justify="left")
    for name in plain[0] if plain else ():
        table.add_column(name)
    for row in plain:
        table.add_row(*["" if value is None else printable(str(value)) for value in row.values()])
    # In a file or a pipe nothing is cut: programs and pagers take lines of any length.
    # A stranger's [/b].xlsx is a file name, no markup.
    console = Console(width=None if sys.stdout.isatty() else UNCUT, markup=False, emoji=False)
    console.print(table if plain else f"{title or 'nothing'}: none")


def say(words: str) -> None:
    """Print a line."""
    sys.stdout.write(printable(words) + "\n")
