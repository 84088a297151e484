"""Tell (告知) of a decision: the letter by which a unit hears of an extension or an exemption, at once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from phaseout.domain.campaign import Audience, Campaign
from phaseout.domain.entries import Entries
from phaseout.domain.form import in_year
from phaseout.domain.letter import Letter, LetterKind
from phaseout.domain.letter_facts import obligation_facts
from phaseout.domain.obligation import Obligation
from phaseout.ports import Definitions, Ledger
from phaseout.usecases import Addresses, Desk


def extension_letter(
    extended: Obligation,
    before: date,
    *,
    definitions: Definitions,
    ledger: Ledger,
    desk: Callable[[Campaign], Desk],
    as_of: datetime,
) -> Letter:
    """Return the letter on an extension that was granted (延期通知函), to the unit's contact; *before* was the day."""
    return _letter(
        extended,
        LetterKind.EXTENSION,
        {"is_replanned": False, "due_before": before},
        key=f"extension/{extended.id}/{extended.due}",
        definitions=definitions,
        ledger=ledger,
        desk=desk,
        as_of=as_of,
    )


def exemption_letter(
    obligation: Obligation,
    *,
    definitions: Definitions,
    ledger: Ledger,
    desk: Callable[[Campaign], Desk],
    as_of: datetime,
) -> Letter:
    """Return the letter on an exemption (免报), to the unit's contact: that it holds, or that it holds no longer."""
    is_owed = obligation.exempt is None
    milestone = definitions.campaign(obligation.campaign).milestone(obligation.milestone)
    return _letter(
        obligation,
        LetterKind.EXEMPTION,
        {"is_owed": is_owed, "copies": milestone.paper_copies},
        key=f"exemption/{obligation.id}/{obligation.moves}/{'ended' if is_owed else 'granted'}",
        definitions=definitions,
        ledger=ledger,
        desk=desk,
        as_of=as_of,
    )


def _letter(
    obligation: Obligation,
    kind: LetterKind,
    facts: Mapping[str, object],
    *,
    key: str,
    definitions: Definitions,
    ledger: Ledger,
    desk: Callable[[Campaign], Desk],
    as_of: datetime,
) -> Letter:
    """Return the letter that tells a unit's contact what was decided of one obligation, with its calendar entry."""
    campaign = definitions.campaign(obligation.campaign)
    addresses = Addresses(campaign, ledger.contacts(campaign.id, as_of=as_of))
    said = obligation_facts(obligation, campaign=campaign, forms=in_year(definitions.forms(), campaign.year))
    entries = Entries(ledger.obligations(campaign.id), ledger.submitted(campaign.id))
    shared = entries.about(obligation)
    ids = {one.id for one in shared}
    is_known = any(item.obligation in ids for item in ledger.items(campaign.id))  # else there is nothing to cancel
    return desk(campaign).letter(
        kind,
        {"lines": [said | {"is_correction": False, "correction_due": None}], **facts},
        key=key,
        campaign=campaign,
        unit=obligation.unit,
        recipient=addresses.of(obligation.unit, Audience.CONTACT),
        deadlines=shared if is_known or not ids <= entries.settled else (),
        settled=entries.settled,
        threads=[obligation],
        as_of=as_of,
    )
