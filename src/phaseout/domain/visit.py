"""A supervision visit (调研督导): somebody of a higher level looked on the spot how the work is done."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """The act by which the office records a visit; what was found is free text and stays in the ledger."""

    campaign: str
    unit: str
    day: date
    place: str  # a county, a town or an enterprise
    finding: str  # 发现问题
    visited_by: str
    by: str
    reason: str
    at: datetime

    @property
    def key(self) -> tuple[str, str, date, str, str]:
        """What tells visits apart: the same one recorded again is no other visit."""
        return (self.campaign, self.unit, self.day, self.place, self.finding)
