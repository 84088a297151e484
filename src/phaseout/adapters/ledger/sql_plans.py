"""Plans and the office's acts on them in the ledger's database: one short transaction a promise."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from phaseout.adapters.ledger import acts, documents, plans, tables
from phaseout.adapters.ledger.engine import Database
from phaseout.domain.calendar import WorkCalendar
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
from phaseout.ports.plans import Contact, LedgerOfPlans


class SqlPlans(LedgerOfPlans):
    """The part of the ledger that says what is owed, by whom, and who changed it."""

    def __init__(self, database: Database, *, calendar: WorkCalendar) -> None:
        self._database = database
        self._calendar = calendar

    def open_campaign(
        self, campaign: Campaign, obligations: Sequence[Obligation], contacts: Sequence[Contact], *, as_of: datetime
    ) -> int:
        """Write the campaign with its obligations; return how many were new."""
        with self._database.writing() as writer:
            plans.add_campaign(writer, campaign, as_of=as_of)
            plans.add_planned_contacts(writer, contacts, campaign=campaign.id)
            return plans.add_obligations(writer, obligations, as_of=as_of)

    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""
        with self._database.reading() as connection:
            return plans.campaign_ids(connection)

    def opened_at(self, campaign: str) -> datetime | None:
        """Return when a campaign was opened; None before that."""
        with self._database.reading() as connection:
            return plans.opened_at(connection, campaign)

    def add_obligations(self, obligations: Sequence[Obligation], *, as_of: datetime) -> int:
        """Add conditional obligations; return how many were new."""
        with self._database.writing() as writer:
            return plans.add_obligations(writer, obligations, as_of=as_of)

    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, re-plannings and persons' acts applied, in the order it was planned."""
        with self._database.reading() as connection:
            return plans.obligations(connection, campaign, calendar=self._calendar)

    def histories(self, campaign: str) -> Sequence[ObligationHistory]:
        """Return every obligation that was ever written, with every act on it, in the order it was planned."""
        with self._database.reading() as connection:
            return plans.histories(connection, campaign)

    def planned(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed as the campaign's data had it last, persons' acts aside."""
        with self._database.reading() as connection:
            return plans.planned(connection, campaign)

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
        with self._database.writing() as writer:
            plans.add_planned_contacts(writer, contacts, campaign=campaign.id)
            return plans.replan(writer, campaign.id, change, by=by, reason=reason, as_of=as_of)

    def exempt(self, exemptions: Sequence[Exemption]) -> int:
        """Record exemptions (免报), in one transaction; return of how many obligations that was not so before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        with self._database.writing() as writer:
            plans.require(writer, (one.obligation for one in exemptions))
            return acts.exempt(writer, exemptions)

    def withdraw_exemption(self, obligation: str, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that an obligation is owed again; False when no exemption holds."""
        with self._database.writing() as writer:
            return acts.withdraw_exemption(writer, obligation, by=by, reason=reason, as_of=as_of)

    def exemptions(self, campaign: str) -> Sequence[ExemptionRecord]:
        """Return every exemption of a campaign with its withdrawal, oldest first."""
        with self._database.reading() as connection:
            return acts.exemptions(connection, campaign)

    def record_papers(self, receipts: Sequence[PaperReceipt]) -> int:
        """Record paper copies (纸质件) that have come, in one transaction; return how many were not there already.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        with self._database.writing() as writer:
            plans.require(writer, (one.obligation for one in receipts))
            return acts.add_papers(writer, receipts)

    def papers(self, campaign: str) -> Sequence[PaperReceipt]:
        """Return the paper copies that have come, in the order in which they were registered."""
        with self._database.reading() as connection:
            return acts.papers(connection, campaign)

    def record_visit(self, visit: Visit) -> bool:
        """Record a supervision visit (调研督导); False when it is there already."""
        with self._database.writing() as writer:
            return acts.add_visit(writer, visit)

    def visits(self, campaign: str) -> Sequence[Visit]:
        """Return the visits of a campaign, in the order of their days."""
        with self._database.reading() as connection:
            return acts.visits(connection, campaign)

    def extend(self, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
        """Record an extension (延期); the newest counts.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        with self._database.writing() as writer:
            plans.extend(writer, obligation, due, by=by, reason=reason, as_of=as_of)

    def extensions(self, campaign: str) -> Sequence[Extension]:
        """Return every extension of a campaign, oldest first."""
        with self._database.reading() as connection:
            return plans.extensions(connection, campaign)

    def reopen(self, reopening: Reopening) -> bool:
        """Record that an obligation is open again (重新开放); False when it was reopened until that day before.

        Raises:
            UnknownObligation: the ledger has no such obligation.
        """
        with self._database.writing() as writer:
            return plans.reopen(writer, reopening)

    def reopenings(self, campaign: str) -> Sequence[Reopening]:
        """Return every reopening of a campaign, oldest first."""
        with self._database.reading() as connection:
            return plans.reopenings(connection, campaign)

    def contacts(self, campaign: str, *, as_of: datetime, unit: str | None = None) -> Sequence[Contact]:
        """Return the contacts that are valid as of an instant, newest of each unit and role; of senders all."""
        with self._database.reading() as connection:
            return plans.contacts(connection, campaign, as_of=as_of, unit=unit)

    def all_contacts(self, campaign: str) -> Sequence[Contact]:
        """Return every contact that there ever was, in the order in which they were recorded."""
        with self._database.reading() as connection:
            return plans.contacts_where(connection, tables.contact.c.campaign == campaign)

    def set_contacts(self, contacts: Sequence[Contact]) -> int:
        """Record contacts as a named person gives them, in one transaction; return how many were not there already."""
        with self._database.writing() as writer:
            return plans.add_contacts(writer, contacts)

    def stock_taken(self, campaign: str) -> Collection[tuple[str, str | None]]:
        """Return (milestone, period) of which stock was taken."""
        with self._database.reading() as connection:
            return plans.stock_taken(connection, campaign)

    def record_stock(self, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:
        """Record that stock was taken; False when it was before."""
        with self._database.writing() as writer:
            return plans.record_stock(writer, campaign, milestone, period, as_of=as_of)

    def record_document(self, version: DocumentVersion) -> bool:
        """Record what a version of a document (公文) says; False when a version of that number is there."""
        with self._database.writing() as writer:
            return documents.add_document(writer, version)

    def documents(self, campaign: str) -> Sequence[DocumentVersion]:
        """Return every version of a campaign's documents, in the order in which they were written."""
        with self._database.reading() as connection:
            return documents.documents(connection, campaign)

    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""
        with self._database.reading() as connection:
            return plans.published(connection, campaign)

    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:
        """Record what was published; this alone is no reason to publish again."""
        with self._database.writing(is_counted=False) as writer:
            plans.record_published(writer, campaign, revision, day, content_hash)
