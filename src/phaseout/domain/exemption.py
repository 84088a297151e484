"""An exemption (免报): the office's recorded act by which one unit need not file one thing; another takes it back."""

from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china

EXEMPT = "免报"
NAMELESS_EXEMPTION = "经批准免报"  # where others read it, too


@dataclass(frozen=True, slots=True)
class Exemption:
    """The act: from its instant on the obligation is not owed."""

    obligation: str
    by: str
    reason: str
    at: datetime

    @property
    def since(self) -> date:
        """The day on which it was granted."""
        return day_in_china(self.at)

    @property
    def words(self) -> str:
        """What the board says, in Chinese."""
        return f"经{self.by}批准免报" + (f"：{self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class ExemptionRecord:
    """An exemption as the ledger holds it, with the act that took it back, if one did."""

    exemption: Exemption
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    @property
    def holds(self) -> bool:
        """Say whether nobody has taken it back."""
        return self.withdrawn_at is None
