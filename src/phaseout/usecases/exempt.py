"""Exempt (免报): a named person decides that one unit need not file one thing, or takes that back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import PAPER, Obligation, UnknownObligation
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NobodyExempts(UsageError):
    """An exemption needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class AcceptedAlready(UsageError):
    """Nobody needs leave not to file what was filed and accepted."""

    def __init__(self, *, obligation: str) -> None:
        self.obligation = obligation
        super().__init__(f"{obligation} is met: what was filed for it is accepted")


Tell = Callable[[Obligation], Letter]  # writes to the unit, from the obligation as it is now


def exempt(
    obligation: str, *, by: str, reason: str, as_of: datetime, ledger: Ledger, letter: Tell | None = None
) -> Sequence[str]:
    """Record that an obligation is not owed, nor its paper, and tell the unit; return what was owed until now.

    Raises:
        NobodyExempts: no name or no reason was given.
        UnknownObligation: no open campaign has such an obligation.
        AcceptedAlready: it is met.
    """
    if not by.strip() or not reason.strip():
        raise NobodyExempts
    owed = _meant(obligation, ledger)
    submitted = ledger.submitted(owed[0].campaign)
    if any(one.decision is Decision.ACCEPTED for one in submitted.get(obligation, ())):
        raise AcceptedAlready(obligation=obligation)
    new = [one.id for one in owed if one.exempt is None]
    ledger.exempt([Exemption(id_, by.strip(), reason.strip(), as_of) for id_ in new])
    _tell(obligation, ledger, letter)
    return new


def withdraw(
    obligation: str, *, by: str, reason: str, as_of: datetime, ledger: Ledger, letter: Tell | None = None
) -> bool:
    """Record that an obligation is owed again, its paper too, and tell the unit; False if no exemption holds.

    Raises:
        NobodyExempts: no name or no reason was given.
        UnknownObligation: no open campaign has such an obligation.
    """
    if not by.strip() or not reason.strip():
        raise NobodyExempts
    owed = _meant(obligation, ledger)
    done = [ledger.withdraw_exemption(one.id, by=by.strip(), reason=reason.strip(), as_of=as_of) for one in owed]
    known = {record.exemption.obligation for record in ledger.exemptions(owed[0].campaign)}
    if obligation in known:
        _tell(obligation, ledger, letter)  # also in case that the run that took it back died before
    return any(done)


def _tell(obligation: str, ledger: Ledger, letter: Tell | None) -> None:
    if letter is not None:  # its key keeps it from being told twice, also by a run that makes up for one that died
        ledger.queue([letter(_meant(obligation, ledger)[0])])


def _meant(obligation: str, ledger: Ledger) -> list[Obligation]:
    """Return an obligation with what is owed on paper beside it."""
    for campaign in ledger.open_campaigns():
        found = [one for one in ledger.obligations(campaign) if _is_meant(one, obligation)]
        if found and found[0].id == obligation:
            return found
    raise UnknownObligation(obligation=obligation)


def _is_meant(one: Obligation, obligation: str) -> bool:
    # An industry may be called paper, too: its file is no paper of another one.
    return one.id == obligation or (one.is_paper and one.id == obligation + PAPER)
