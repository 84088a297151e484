"""Plans and the office's acts on them in the ledger in memory."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from phaseout.adapters.memory.intake import LedgerOfIntake
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.document import DocumentKind, DocumentVersion
from phaseout.domain.exemption import Exemption, ExemptionRecord
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation, UnknownObligation
from phaseout.domain.obligation_history import ObligationHistory
from phaseout.domain.paper import PaperReceipt
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import PlanChange, Replanning, as_moved, as_replanned
from phaseout.domain.visit import Visit
from phaseout.ports import Contact


class LedgerOfPlansInMemory(LedgerOfIntake):
    """The part of the ledger that says what is owed, by whom, and who changed it."""

    def __init__(self, *, calendar: WorkCalendar) -> None:
        super().__init__()
        self._calendar = calendar
        self._campaigns: dict[str, datetime] = {}
        self._obligations: dict[str, Obligation] = {}
        self._written_at: dict[str, datetime] = {}
        self._extensions: list[Extension] = []
        self._replannings: dict[str, list[Replanning]] = {}
        self._exemptions: list[ExemptionRecord] = []
        self._papers: dict[object, PaperReceipt] = {}
        self._visits: list[Visit] = []
        self._reopenings: list[Reopening] = []
        self._stock: set[tuple[str, str, str | None]] = set()
        self._documents: dict[tuple[str, DocumentKind, str | None, int], DocumentVersion] = {}
        self._published: dict[str, tuple[int, date]] = {}

    def open_campaign(
        self, campaign: Campaign, obligations: Sequence[Obligation], contacts: Sequence[Contact], *, as_of: datetime
    ) -> int:
        """Write the campaign with its obligations; return how many were new."""
        if campaign.id not in self._campaigns:
            self._campaigns[campaign.id] = as_of
            self._changed()
        known = {replace(contact, valid_from=as_of, by=None, reason=None) for contact in self._contacts}
        self._add_contacts(contact for contact in contacts if replace(contact, valid_from=as_of) not in known)
        return self.add_obligations(obligations, as_of=as_of)

    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""
        return list(self._campaigns)

    def opened_at(self, campaign: str) -> datetime | None:
        """Return when a campaign was opened; None before that."""
        return self._campaigns.get(campaign)

    def add_obligations(self, obligations: Sequence[Obligation], *, as_of: datetime) -> int:
        """Add conditional obligations; return how many were new."""
        new = {obligation.id: obligation for obligation in obligations if obligation.id not in self._obligations}
        self._obligations |= new
        self._written_at |= dict.fromkeys(new, as_of)
        self._changed(bool(new))
        return len(new)

    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, re-plannings and persons' acts applied, in the order it was planned."""
        until = {one.obligation: one.until for one in sorted(self.reopenings(campaign), key=lambda one: one.until)}
        exempt: dict[str, list[ExemptionRecord]] = {}
        for record in self._exemptions:
            exempt.setdefault(record.exemption.obligation, []).append(record)
        extensions: dict[str, list[Extension]] = {}
        for extension in self.extensions(campaign):
            extensions.setdefault(extension.obligation, []).append(extension)
        moved = [
            as_moved(
                one,
                replannings=self._replannings.get(one.id, ()),
                extensions=extensions.get(one.id, ()),
                calendar=self._calendar,
            )
            for one in self._written(campaign)
        ]
        reopened = [one.open_until(until[one.id]) if one.id in until else one for one in moved if one is not None]
        return [one.exempted(exempt.get(one.id, ())) for one in reopened]

    def histories(self, campaign: str) -> Sequence[ObligationHistory]:
        """Return every obligation that was ever written, with every act on it, in the order it was planned."""
        return [
            ObligationHistory(
                one,
                self._written_at[one.id],
                replannings=self._replannings.get(one.id, ()),
                extensions=[act for act in self.extensions(campaign) if act.obligation == one.id],
                reopenings=[act for act in self.reopenings(campaign) if act.obligation == one.id],
                exemptions=[record for record in self._exemptions if record.exemption.obligation == one.id],
            )
            for one in self._written(campaign)
        ]

    def planned(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed as the campaign's data had it last, persons' acts aside."""
        latest = (as_replanned(one, self._replannings.get(one.id, ())) for one in self._written(campaign))
        return [one for one in latest if one is not None]

    def _written(self, campaign: str) -> list[Obligation]:
        return [one for one in self._obligations.values() if one.campaign == campaign]

    def replan(
        self,
        campaign: Campaign,
        change: PlanChange,
        contacts: Sequence[Contact],
        *,
        by: str,
        reason: str,
        as_of: datetime,
    ) -> int:
        """Record a re-planning (重新编排); return how many obligations are new, planned otherwise, or gone."""
        everything = change.acts(by=by, reason=reason, at=as_of)
        now = {one.id: one for one in self.planned(campaign.id)}
        known = [act for act in everything if act.obligation in self._obligations]
        new = [act for act in known if act.changes(now.get(act.obligation))]
        added = self.open_campaign(campaign, change.new, contacts, as_of=as_of) + len(new)
        for act in new:
            self._replannings.setdefault(act.obligation, []).append(act)
        self._changed(bool(new))
        self._withdraw(change.touched)
        return added

    def exempt(self, exemptions: Sequence[Exemption]) -> int:
        """Record exemptions (免报); return of how many obligations that was not so before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        self._require(one.obligation for one in exemptions)
        held = {one.exemption.obligation for one in self._exemptions if one.holds}
        new = [one for one in exemptions if one.obligation not in held]
        self._exemptions += [ExemptionRecord(one) for one in new]
        self._changed(bool(new))
        self._withdraw({one.obligation for one in new})
        return len(new)

    def withdraw_exemption(self, obligation: str, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that an obligation is owed again; False when no exemption holds."""
        for place, record in enumerate(self._exemptions):
            if record.holds and record.exemption.obligation == obligation:
                self._exemptions[place] = ExemptionRecord(record.exemption, as_of, by, reason)
                self._changed()
                return True
        return False

    def exemptions(self, campaign: str) -> Sequence[ExemptionRecord]:
        """Return every exemption of a campaign with its withdrawal, oldest first."""
        return [one for one in self._exemptions if self._obligations[one.exemption.obligation].campaign == campaign]

    def record_papers(self, receipts: Sequence[PaperReceipt]) -> int:
        """Record paper copies (纸质件) that have come; return how many were not there already.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        self._require(one.obligation for one in receipts)
        before = len(self._papers)
        for receipt in receipts:
            key = (receipt.obligation, receipt.received_on, receipt.check_figure, receipt.copies, receipt.is_sealed)
            self._papers.setdefault(key, receipt)
        self._changed(len(self._papers) > before)
        self._withdraw({one.obligation for one in receipts})
        return len(self._papers) - before

    def papers(self, campaign: str) -> Sequence[PaperReceipt]:
        """Return the paper copies that have come, in the order in which they were registered."""
        return [one for one in self._papers.values() if self._obligations[one.obligation].campaign == campaign]

    def record_visit(self, visit: Visit) -> bool:
        """Record a supervision visit (调研督导); False when it is there already."""
        is_new = visit.key not in {one.key for one in self._visits}
        self._visits += [visit] if is_new else []
        self._changed(is_new)
        return is_new

    def visits(self, campaign: str) -> Sequence[Visit]:
        """Return the visits of a campaign, in the order of their days."""
        return sorted((one for one in self._visits if one.campaign == campaign), key=lambda one: one.day)

    def _require(self, obligations: Iterable[str]) -> None:
        for obligation in sorted(obligations):
            if obligation not in self._obligations:
                raise UnknownObligation(obligation=obligation)

    @abstractmethod
    def _withdraw(self, obligations: Collection[str]) -> int:
        """Take back what was to be said of obligations; return how many letters that were."""

    def _goals_told_of(self, obligations: Collection[str]) -> set[str]:
        """Return the goals of the same units of which the periodic forms among *obligations* tell how they stand."""
        told = [self._obligations[one] for one in obligations]
        units = {(one.campaign, one.unit) for one in told if one.period is not None}
        goals = (one for one in self._obligations.values() if one.form is None) if units else ()
        return {one.id for one in goals if (one.campaign, one.unit) in units}

    def extend(self, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
        """Record an extension (延期); the newest counts.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        self._require([obligation])
        if (obligation, due, as_of) not in {(one.obligation, one.due, one.at) for one in self._extensions}:
            self._extensions.append(Extension(obligation, due, by, reason, as_of))
            self._changed()
            self._withdraw({obligation})

    def extensions(self, campaign: str) -> Sequence[Extension]:
        """Return every extension of a campaign, oldest first."""
        of_campaign = [one for one in self._extensions if self._obligations[one.obligation].campaign == campaign]
        return sorted(of_campaign, key=lambda one: one.at)

    def reopen(self, reopening: Reopening) -> bool:
        """Record that an obligation is open again (重新开放); False when it was reopened until that day before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        self._require([reopening.obligation])
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

    def record_document(self, version: DocumentVersion) -> bool:
        """Record what a version of a document (公文) says; False when a version of that number is there."""
        key = (version.campaign, version.kind, version.period, version.version)
        is_new = key not in self._documents
        self._documents.setdefault(key, version)
        self._changed(is_new)
        return is_new

    def documents(self, campaign: str) -> Sequence[DocumentVersion]:
        """Return every version of a campaign's documents, in the order in which they were written."""
        return [version for version in self._documents.values() if version.campaign == campaign]

    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""
        return self._published.get(campaign)

    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:  # noqa: ARG002 - the port's
        """Record what was published; this alone is no reason to publish again."""
        self._published[campaign] = (revision, day)
