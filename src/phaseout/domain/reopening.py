"""Reopening (重新开放): a named person opens one unit's closed obligation again, until a day."""

from dataclasses import dataclass
from datetime import date, datetime

# So long a reopened obligation stays open where the person who reopens it names no day.
WORKING_DAYS = 10


@dataclass(frozen=True, slots=True)
class Reopening:
    """The act: what arrived after the close date, and what arrives until that day, counts."""

    obligation: str
    until: date
    by: str
    reason: str
    at: datetime
