"""Settle a dispatch (人工处置): a named person decides of a letter that did not surely leave."""

from datetime import datetime

from phaseout.domain.outbox import DispatchAct, DispatchDecision
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NobodyDecided(UsageError):
    """A decision about a letter needs a name and a reason."""

    def __init__(self) -> None:
        super().__init__("say who decides, and why: --by NAME --reason WHY")


def settle_dispatch(
    letter: int, act: DispatchAct, *, by: str, reason: str, as_of: datetime, ledger: Ledger
) -> DispatchDecision:
    """Let a letter leave once more, or count it as arrived.

    Raises:
        NobodyDecided: name or reason is missing.
        UnknownLetter: the ledger has no such letter.
        NotStuck: it neither failed nor stays uncertain.
    """
    if not by.strip() or not reason.strip():
        raise NobodyDecided
    decision = DispatchDecision(letter, act, by.strip(), reason.strip(), as_of)
    ledger.decide_dispatch(decision)
    return decision
