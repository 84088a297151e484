"""On which letters calendar entries (日程) ride."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from phaseout.domain.deadline import Group, entry_key
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import REQUEST_ORDER, Line, Planned
from phaseout.domain.letter import LetterItem
from phaseout.domain.obligation import Obligation, Standing, Submitted


class Entries:
    """The calendar entries of a campaign, by what it asks for, what was submitted and what was written."""

    def __init__(
        self,
        obligations: Sequence[Obligation],
        submitted: Mapping[str, Sequence[Submitted]],
        *,
        written: Collection[LetterItem] = (),
    ) -> None:
        self._obligations = obligations
        self._submitted = submitted
        self._written = written

    @cached_property
    def _climbs(self) -> Collection[tuple[str, int]]:
        return {(item.obligation, item.version) for item in self._written}

    @cached_property
    def settled(self) -> frozenset[str]:
        """The ids of the obligations that nobody waits for any more: met, or exempt from (免报)."""
        return frozenset(
            one.id
            for one in self._obligations
            if one.exempt is not None or any(s.decision is Decision.ACCEPTED for s in self._submitted.get(one.id, ()))
        )

    @cached_property
    def _sharing(self) -> Mapping[Group, Sequence[Obligation]]:
        # Of thousands of units each letter would look through all obligations.
        groups: dict[Group, list[Obligation]] = {}
        for one in self._obligations:
            groups.setdefault(entry_key(one), []).extend([] if one.is_paper else [one])
        return groups

    def about(self, obligation: Obligation) -> list[Obligation]:
        """Return all that share an entry with an obligation."""
        return list(self._sharing.get(entry_key(obligation), ()))

    def of(self, plan: Planned) -> list[Obligation]:
        """Return those of what a letter asks for first, and of what it says first since the due date moved."""
        about = [line.obligation for line in plan.lines if self._is_news(line)]
        return [one for group in dict.fromkeys(map(entry_key, about)) for one in self._sharing.get(group, ())]

    def _is_news(self, line: Line) -> bool:
        if any(item.rung == REQUEST_ORDER for item in line.items):
            return True
        if line.obligation.moves == 0 or line.view.standing is Standing.RETURNED:  # climbs by its correction date
            return False
        return any((item.obligation, item.version) not in self._climbs for item in line.items)
