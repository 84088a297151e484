"""What the ledger (报送台账) holds of plans, and of the office's acts on them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.document import DocumentVersion
from phaseout.domain.exemption import Exemption, ExemptionRecord
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation
from phaseout.domain.obligation_history import ObligationHistory
from phaseout.domain.paper import PaperReceipt
from phaseout.domain.reopening import Reopening
from phaseout.domain.replanning import PlanChange
from phaseout.domain.visit import Visit

# An address from which a unit may send; nobody writes to it, and a unit may have several.
SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or mailbox at a unit (联系人), valid from an instant on."""

    campaign: str
    unit: str
    role: str  # contact, unit_mailbox, leader, sender
    name: str
    address: str
    phone: str
    valid_from: datetime
    by: str | None = None  # who of the office registered it; nobody did what forms and campaign data say
    reason: str | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What one contact at a time holds: a unit's role; of senders there may be several."""
        return (self.unit, self.role, self.address.lower() if self.role == SENDER else "")


class LedgerOfPlans(ABC):
    """The part of the ledger that says what is owed, by whom, and who changed it."""

    @abstractmethod
    def open_campaign(
        self, campaign: Campaign, obligations: Sequence[Obligation], contacts: Sequence[Contact], *, as_of: datetime
    ) -> int:
        """Write the campaign with its obligations; return how many were new."""

    @abstractmethod
    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""

    @abstractmethod
    def opened_at(self, campaign: str) -> datetime | None:
        """Return when a campaign was opened; None before that."""

    @abstractmethod
    def add_obligations(self, obligations: Sequence[Obligation], *, as_of: datetime) -> int:
        """Add conditional obligations; return how many were new."""

    @abstractmethod
    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, re-plannings and persons' acts applied, in the order it was planned."""

    @abstractmethod
    def histories(self, campaign: str) -> Sequence[ObligationHistory]:
        """Return every obligation that was ever written, with every act on it, in the order it was planned."""

    @abstractmethod
    def planned(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed as the campaign's data had it last, persons' acts aside."""

    @abstractmethod
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
        """Record a re-planning (重新编排); return how many obligations are new, planned otherwise, or owed no longer.

        What is queued or drafted about those that are due another day, or not owed any more, is withdrawn.
        """

    @abstractmethod
    def exempt(self, exemptions: Sequence[Exemption]) -> int:
        """Record exemptions (免报), in one transaction; return of how many obligations that was not so before.

        What is queued or drafted about them is withdrawn.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """

    @abstractmethod
    def withdraw_exemption(self, obligation: str, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that an obligation is owed again; False when no exemption holds."""

    @abstractmethod
    def exemptions(self, campaign: str) -> Sequence[ExemptionRecord]:
        """Return every exemption of a campaign with its withdrawal, oldest first."""

    @abstractmethod
    def record_papers(self, receipts: Sequence[PaperReceipt]) -> int:
        """Record paper copies (纸质件) that have come, in one transaction; return how many were not there already.

        What is queued or drafted about them is withdrawn. `submitted` tells them as versions of what is owed on paper.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """

    @abstractmethod
    def papers(self, campaign: str) -> Sequence[PaperReceipt]:
        """Return the paper copies that have come, in the order in which they were registered."""

    @abstractmethod
    def record_visit(self, visit: Visit) -> bool:
        """Record a supervision visit (调研督导); False when it is there already."""

    @abstractmethod
    def visits(self, campaign: str) -> Sequence[Visit]:
        """Return the visits of a campaign, in the order of their days."""

    @abstractmethod
    def extend(self, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
        """Record an extension (延期).

        What is queued or drafted about the obligation names the day before and is withdrawn.
        """

    @abstractmethod
    def extensions(self, campaign: str) -> Sequence[Extension]:
        """Return every extension of a campaign, oldest first."""

    @abstractmethod
    def reopen(self, reopening: Reopening) -> bool:
        """Record that an obligation is open again (重新开放); False when it was reopened until that day before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """

    @abstractmethod
    def reopenings(self, campaign: str) -> Sequence[Reopening]:
        """Return every reopening of a campaign, oldest first."""

    @abstractmethod
    def contacts(self, campaign: str, *, as_of: datetime, unit: str | None = None) -> Sequence[Contact]:
        """Return the contacts that are valid as of an instant, newest of each unit and role; of senders all.

        Of the given unit only, if one is given.
        """

    @abstractmethod
    def all_contacts(self, campaign: str) -> Sequence[Contact]:
        """Return every contact that there ever was, in the order in which they were recorded."""

    @abstractmethod
    def set_contacts(self, contacts: Sequence[Contact]) -> int:
        """Record contacts as a named person gives them, in one transaction; return how many were not there already."""

    @abstractmethod
    def stock_taken(self, campaign: str) -> Collection[tuple[str, str | None]]:
        """Return (milestone, period) of which stock was taken."""

    @abstractmethod
    def record_stock(self, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:
        """Record that stock was taken; False when it was before."""

    @abstractmethod
    def record_document(self, version: DocumentVersion) -> bool:
        """Record what a version of a document (公文) says; False when a version of that number is there."""

    @abstractmethod
    def documents(self, campaign: str) -> Sequence[DocumentVersion]:
        """Return every version of a campaign's documents, in the order in which they were written."""

    @abstractmethod
    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""

    @abstractmethod
    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:
        """Record what was published."""
