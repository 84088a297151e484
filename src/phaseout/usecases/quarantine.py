"""Quarantine (隔离待查): a named person lets a delivery in as a unit's, or sends it away."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.contact_list import code_of
from phaseout.domain.quarantine import NotInQuarantine, QuarantineDecision
from phaseout.errors import UsageError
from phaseout.ports import SENDER, Contact, Definitions, DeliveryRecord, Ledger
from phaseout.usecases import AssessIsRunning


class NobodyDecides(UsageError):
    """A decision about the quarantine needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class UnitNeeded(UsageError):
    """A delivery cannot be let in as nobody's."""

    def __init__(self, *, delivery: str, unit: str | None) -> None:
        self.unit = unit
        why = f"no open campaign has a unit {unit}" if unit else "its sender is in no register"
        super().__init__(f"delivery {delivery}: {why}; name the unit with --unit CODE")


class NothingToRemember(UsageError):
    """A delivery that came without a usable address leaves nothing for the register."""

    def __init__(self, *, delivery: str) -> None:
        super().__init__(f"delivery {delivery} came from no address that could be remembered; leave out --remember")


def let_in(
    delivery: str,
    *,
    unit: str | None,
    remember: bool,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
) -> bool:
    """Record that a delivery is a unit's; the next assess takes it as of its arrival. False if that was decided before.

    Raises:
        NobodyDecides: no name or no reason was given.
        NotInQuarantine: the delivery does not wait for a decision.
        UnitNeeded: no unit was given and the sender is in no register, or no campaign has the unit.
        NothingToRemember: the sender's address is to be remembered, and there is none.
        AssessIsRunning: try again.
    """
    record = _record(delivery, ledger)
    campaigns = [definitions.campaign(campaign) for campaign in ledger.open_campaigns()]
    meant = _code(unit, campaigns) if unit else _registered(record, campaigns, as_of=as_of, ledger=ledger)
    known = [campaign for campaign in campaigns if meant in {one.code for one in campaign.units}]
    if meant is None or not known:
        raise UnitNeeded(delivery=delivery, unit=meant)
    if remember and not record.sender:
        raise NothingToRemember(delivery=delivery)
    decision = QuarantineDecision(delivery, True, meant, by.strip(), reason.strip(), as_of)  # noqa: FBT003 - its field
    contacts = list(_contacts(record, known, meant, as_of=as_of, ledger=ledger)) if remember else []
    return _decide(decision, contacts, ledger=ledger)


def send_away(delivery: str, *, by: str, reason: str, as_of: datetime, ledger: Ledger) -> bool:
    """Record that a delivery goes no further; False if that was decided before.

    Raises:
        NobodyDecides: no name or no reason was given.
        NotInQuarantine: the delivery does not wait for a decision.
        AssessIsRunning: try again.
    """
    decision = QuarantineDecision(delivery, False, None, by.strip(), reason.strip(), as_of)  # noqa: FBT003 - its field
    return _decide(decision, [], ledger=ledger)


def _decide(decision: QuarantineDecision, contacts: list[Contact], *, ledger: Ledger) -> bool:
    if not decision.by or not decision.reason:
        raise NobodyDecides
    # A batch that runs has read what was decided before.
    with ledger.lease("assess", as_of=decision.decided_at) as lease:
        if lease is None:
            raise AssessIsRunning
        return ledger.decide_quarantine(decision, contacts=contacts)


def _record(delivery: str, ledger: Ledger) -> DeliveryRecord:
    for record in ledger.deliveries():
        if record.delivery.id == delivery:
            return record
    raise NotInQuarantine(delivery=delivery, outcome=None)


def _code(written: str, campaigns: Sequence[Campaign]) -> str:
    """Return the code of the unit that is meant by its code, its name or its short name; what names none as it is."""
    for campaign in campaigns:
        code = code_of(written.strip(), campaign)
        if code in {unit.code for unit in campaign.units}:
            return code
    return written


def _registered(record: DeliveryRecord, campaigns: list[Campaign], *, as_of: datetime, ledger: Ledger) -> str | None:
    """Return the unit in whose register the sender is."""
    address = (record.sender or "").lower()
    for campaign in reversed(campaigns):
        for contact in ledger.contacts(campaign.id, as_of=as_of):
            if address and contact.address.lower() == address:
                return contact.unit
    return None


def _contacts(
    record: DeliveryRecord, campaigns: list[Campaign], unit: str, *, as_of: datetime, ledger: Ledger
) -> Iterator[Contact]:
    """Yield the sender's address for the register of each campaign that does not have it."""
    address = record.sender or ""
    for campaign in campaigns:
        known = {one.address.lower() for one in ledger.contacts(campaign.id, as_of=as_of) if one.unit == unit}
        if address.lower() not in known:
            yield Contact(campaign.id, unit, SENDER, campaign.unit(unit).body, address, "", as_of)
