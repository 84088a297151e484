"""Plans and the office's acts on them in the ledger in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from phaseout.adapters.memory.intake import LedgerOfIntake
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation, UnknownObligation
from phaseout.domain.reopening import Reopening
from phaseout.ports import Contact


class LedgerOfPlansInMemory(LedgerOfIntake):
    """The part of the ledger that says what is owed, by whom, and who changed it."""

    def __init__(self, *, calendar: WorkCalendar) -> None:
        super().__init__()
        self._calendar = calendar
        self._campaigns: list[str] = []
        self._obligations: dict[str, Obligation] = {}
        self._extensions: list[Extension] = []
        self._reopenings: list[Reopening] = []
        self._stock: set[tuple[str, str, str | None]] = set()
        self._published: dict[str, tuple[int, date]] = {}

    def open_campaign(
        self, campaign: Campaign, obligations: Sequence[Obligation], contacts: Sequence[Contact], *, as_of: datetime
    ) -> int:
        """Write the campaign with its obligations; return how many were new."""
        if campaign.id not in self._campaigns:
            self._campaigns.append(campaign.id)
            self._changed()
        known = {replace(contact, valid_from=as_of) for contact in self._contacts}
        self._add_contacts(contact for contact in contacts if replace(contact, valid_from=as_of) not in known)
        return self.add_obligations(obligations)

    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""
        return list(self._campaigns)

    def add_obligations(self, obligations: Sequence[Obligation]) -> int:
        """Add conditional obligations; return how many were new."""
        new = {obligation.id: obligation for obligation in obligations if obligation.id not in self._obligations}
        self._obligations |= new
        self._changed(bool(new))
        return len(new)

    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, extensions and reopenings applied, in the order it was planned."""
        granted: dict[str, list[date]] = {}
        for one in self.extensions(campaign):
            granted.setdefault(one.obligation, []).append(one.due)
        until = {one.obligation: one.until for one in sorted(self.reopenings(campaign), key=lambda one: one.until)}
        planned = [one for one in self._obligations.values() if one.campaign == campaign]
        extended = [
            one.extended_to(dues[-1], times=len(dues), calendar=self._calendar)
            if (dues := granted.get(one.id))
            else one
            for one in planned
        ]
        return [one.open_until(until[one.id]) if one.id in until else one for one in extended]

    def extend(self, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
        """Record an extension (延期); the newest counts.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        if obligation not in self._obligations:
            raise UnknownObligation(obligation=obligation)
        if (obligation, due, as_of) not in {(one.obligation, one.due, one.at) for one in self._extensions}:
            self._extensions.append(Extension(obligation, due, by, reason, as_of))
            self._changed()

    def extensions(self, campaign: str) -> Sequence[Extension]:
        """Return every extension of a campaign, oldest first."""
        of_campaign = [one for one in self._extensions if self._obligations[one.obligation].campaign == campaign]
        return sorted(of_campaign, key=lambda one: one.at)

    def reopen(self, reopening: Reopening) -> bool:
        """Record that an obligation is open again (重新开放); False when it was reopened until that day before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        if reopening.obligation not in self._obligations:
            raise UnknownObligation(obligation=reopening.obligation)
        known = {(one.obligation, one.until) for one in self._reopenings}
        is_new = (reopening.obligation, reopening.until) not in known
        self._reopenings += [reopening] if is_new else []
        self._changed(is_new)
        return is_new

    def reopenings(self, campaign: str) -> Sequence[Reopening]:
        """Return every reopening of a campaign, oldest first."""
        return [one for one in self._reopenings if self._obligations[one.obligation].campaign == campaign]

    def stock_taken(self, campaign: str) -> Collection[tuple[str, str | None]]:
        """Return (milestone, period) of which stock was taken."""
        return {(milestone, period) for of_campaign, milestone, period in self._stock if of_campaign == campaign}

    def record_stock(self, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:  # noqa: ARG002 - the port's
        """Record that stock was taken; False when it was before."""
        is_new = (campaign, milestone, period) not in self._stock
        self._stock.add((campaign, milestone, period))
        self._changed(is_new)
        return is_new

    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""
        return self._published.get(campaign)

    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:  # noqa: ARG002 - the port's
        """Record what was published; this alone is no reason to publish again."""
        self._published[campaign] = (revision, day)
