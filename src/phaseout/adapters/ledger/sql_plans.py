"""Plans and the office's acts on them in the ledger's database: one short transaction a promise."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from phaseout.adapters.ledger import plans
from phaseout.adapters.ledger.engine import Database
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation
from phaseout.domain.reopening import Reopening
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
            return plans.add_obligations(writer, obligations)

    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""
        with self._database.reading() as connection:
            return plans.campaign_ids(connection)

    def add_obligations(self, obligations: Sequence[Obligation]) -> int:
        """Add conditional obligations; return how many were new."""
        with self._database.writing() as writer:
            return plans.add_obligations(writer, obligations)

    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, extensions and reopenings applied, in the order it was planned."""
        with self._database.reading() as connection:
            return plans.obligations(connection, campaign, calendar=self._calendar)

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

    def contacts(self, campaign: str, *, as_of: datetime) -> Sequence[Contact]:
        """Return the contacts that are valid as of an instant, newest of each unit and role; of senders all."""
        with self._database.reading() as connection:
            return plans.contacts(connection, campaign, as_of=as_of)

    def stock_taken(self, campaign: str) -> Collection[tuple[str, str | None]]:
        """Return (milestone, period) of which stock was taken."""
        with self._database.reading() as connection:
            return plans.stock_taken(connection, campaign)

    def record_stock(self, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:
        """Record that stock was taken; False when it was before."""
        with self._database.writing() as writer:
            return plans.record_stock(writer, campaign, milestone, period, as_of=as_of)

    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""
        with self._database.reading() as connection:
            return plans.published(connection, campaign)

    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:
        """Record what was published; this alone is no reason to publish again."""
        with self._database.writing(is_counted=False) as writer:
            plans.record_published(writer, campaign, revision, day, content_hash)
