"""What the steps of a stock-taking (到期清点) work with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from phaseout.domain.campaign import Campaign, Milestone
from phaseout.domain.obligation import Obligation, StandingView
from phaseout.ports import Definitions, Documents, Ledger, Pages, Warehouse


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures of documents come from, as of an instant, and where the documents go."""

    campaign: Campaign
    as_of: datetime
    definitions: Definitions
    ledger: Ledger
    warehouse: Warehouse
    pages: Pages
    documents: Documents

    def ask(self, name: str, **parameters: object) -> Sequence[Mapping[str, object]]:
        """Return the rows of a statement on the marts, for the campaign."""
        return self.warehouse.query(name, parameters={"campaign_id": self.campaign.id, **parameters})


@dataclass(frozen=True, slots=True)
class Bench:
    """The sources, and the milestone of which stock is taken."""

    sources: Sources
    milestone: Milestone
    obligations: Sequence[Obligation]
    views: Mapping[str, StandingView]
    notes: list[str] = field(default_factory=list)  # what somebody should know of the documents, in Chinese
