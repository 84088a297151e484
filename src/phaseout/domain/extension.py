"""Extension (延期): a named person grants one unit a later due date."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """The act: from now on the obligation is due on that day."""

    obligation: str
    due: date
    by: str
    reason: str
    at: datetime
