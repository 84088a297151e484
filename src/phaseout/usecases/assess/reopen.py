"""Reopen (重新开放): a named person opens a unit's closed obligation again; what came too late counts from then on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.obligation import PAPER, Obligation, UnknownObligation
from phaseout.domain.reopening import WORKING_DAYS, Reopening
from phaseout.domain.submission import Submission
from phaseout.errors import UsageError
from phaseout.ports import Ledger
from phaseout.usecases import AssessIsRunning
from phaseout.usecases.assess.again import decide_again
from phaseout.usecases.assess.tools import Tools


class NobodyReopens(UsageError):
    """A reopening needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class NotClosed(UsageError):
    """An obligation is to be reopened that is not closed."""

    def __init__(self, obligation: Obligation) -> None:
        super().__init__(f"{obligation.id} is not closed: it may be met until {obligation.closes}")


class NoWindow(UsageError):
    """A reopening ends before it begins."""

    def __init__(self, *, until: date, today: date) -> None:
        super().__init__(f"--until {until}: name a day from {today} on")


@dataclass(frozen=True, slots=True)
class Reopened:
    """Until when an obligation is open again, and what its held submissions became."""

    obligation: str
    until: date
    is_new: bool
    decided: Sequence[Submission] = ()


def reopen(
    campaign: str,
    unit: str,
    *,
    form: str,
    industry: str | None = None,
    period: str | None = None,
    until: date | None = None,
    by: str,
    reason: str,
    as_of: datetime,
    tools: Tools,
) -> Reopened:
    """Open an obligation again and decide what was held for coming after its close date; repeated, it does no more.

    Raises:
        NobodyReopens: no name or no reason was given.
        UnknownObligation: the unit owes no such form.
        NotClosed: the obligation may still be met.
        NoWindow: the day lies behind.
        AssessIsRunning: try again.
    """
    if not by.strip() or not reason.strip():
        raise NobodyReopens
    obligation = _meant(campaign, (unit, form, industry, period), ledger=tools.ledger)
    # A batch that runs has read the close dates of before.
    with tools.ledger.lease("assess", as_of=as_of) as lease:
        if lease is None:
            raise AssessIsRunning
        tools.catch_up()
        act = _act(obligation, until, by=by.strip(), reason=reason.strip(), as_of=as_of, tools=tools)
        is_new = act is not None and tools.ledger.reopen(act)
        if act is not None and any(
            one.is_paper and one.id == act.obligation + PAPER for one in tools.ledger.obligations(campaign)
        ):
            tools.ledger.reopen(replace(act, obligation=act.obligation + PAPER))  # its sealed copies come even later
        decided = decide_again(obligation.id, campaign=campaign, under=lease, as_of=as_of, tools=tools)
        return Reopened(obligation.id, act.until if act else obligation.closes, is_new, decided)


def _meant(campaign: str, key: tuple[str, str, str | None, str | None], *, ledger: Ledger) -> Obligation:
    for one in ledger.obligations(campaign):
        if (one.unit, one.form, one.industry, one.period) == key and not one.is_paper:
            return one
    raise UnknownObligation(obligation="/".join(part for part in (campaign, *key) if part))


def _act(
    obligation: Obligation, until: date | None, *, by: str, reason: str, as_of: datetime, tools: Tools
) -> Reopening | None:
    """Return the act; None where an earlier one still holds, and nothing more is asked."""
    today = day_in_china(as_of)
    last = until or tools.calendar.shift(today, WORKING_DAYS)
    if last < today:
        raise NoWindow(until=last, today=today)
    if today <= obligation.closes:
        reopened = {one.obligation for one in tools.ledger.reopenings(obligation.campaign)}
        if obligation.id not in reopened:
            raise NotClosed(obligation)
        if until is None or until <= obligation.closes:
            return None
    return Reopening(obligation.id, last, by, reason, as_of)
