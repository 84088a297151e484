"""Tell (告知) of a new plan: units that were asked for something by another day hear of the new one, at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Audience, Campaign
from phaseout.domain.entries import Entries
from phaseout.domain.form import in_year
from phaseout.domain.letter import Letter, LetterKind
from phaseout.domain.letter_facts import moved_facts
from phaseout.domain.obligation import Obligation
from phaseout.domain.replanning import Moved
from phaseout.ports import Definitions, Ledger
from phaseout.usecases import Addresses, Desk


def replanning_letters(
    before: Mapping[str, Obligation],
    *,
    campaign: Campaign,
    definitions: Definitions,
    ledger: Ledger,
    desk: Callable[[Campaign], Desk],
    as_of: datetime,
) -> list[Letter]:
    """Return one letter for each unit that was asked for what is due another day now; *before* is what was planned.

    Who was not asked yet hears of the day when he is; of what is met or not owed nobody hears.
    """
    owed, items = ledger.obligations(campaign.id), ledger.items(campaign.id)
    entries = Entries(owed, ledger.submitted(campaign.id), written=items)
    moved = _moved(before, owed, asked={item.obligation for item in items} - entries.settled)
    if not moved:
        return []
    addresses = Addresses(campaign, ledger.contacts(campaign.id, as_of=as_of))
    forms = in_year(definitions.forms(), campaign.year)
    written = [record.letter.key for record in ledger.letters(campaign.id)]
    letters = []
    for unit, own in groupby(moved, lambda one: one.becomes.unit):
        about = list(own)
        shared = {one.id: one for each in about for one in entries.about(each.becomes)}
        letter = desk(campaign).letter(
            LetterKind.EXTENSION,
            {"is_replanned": True, "lines": moved_facts(about, campaign=campaign, forms=forms)},
            key=_key(f"replanned/{campaign.id}/{unit}/{day_in_china(as_of)}", written),
            campaign=campaign,
            unit=unit,
            recipient=addresses.of(unit, Audience.CONTACT),
            deadlines=list(shared.values()),
            settled=entries.settled,
            threads=[one.becomes for one in reversed(about)],  # the most urgent last
            as_of=as_of,
        )
        letters.append(letter)
    return letters


def _moved(before: Mapping[str, Obligation], owed: Sequence[Obligation], *, asked: Collection[str]) -> list[Moved]:
    """Return what is due another day than before of what was asked for, unit by unit, the most urgent first."""
    known = [Moved(before[one.id], one) for one in owed if one.id in asked and one.id in before]
    moved = [one for one in known if one.was.due != one.becomes.due]
    return sorted(moved, key=lambda one: (one.becomes.unit, one.becomes.due))


def _key(first: str, written: Sequence[str]) -> str:
    """Return a key of its own for what is planned anew twice a day: the second day counts, and must be told, too."""
    same = sum(key == first or key.startswith(f"{first}/") for key in written)
    return f"{first}/{same + 1}" if same else first
