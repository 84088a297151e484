"""What waits for a person (待办): what it is, since when, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Pressing(StrEnum):
    """How much hangs on it, the most pressing first."""

    NOW = "now"  # letters and files stand still until somebody decides
    SOON = "soon"  # a unit waits for an answer, or cannot be reached
    CHECK = "check"  # something is to be looked at
    FOLLOW = "follow"  # something is to be followed up


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for a person. *command* is for who works without the pages."""

    pressing: Pressing
    title: str
    unit_name: str
    detail: str
    since: date
    handling: str
    unit_code: str | None = None
    command: str = ""

    def age(self, today: date) -> int:
        """Return for how many days it has waited."""
        return max((today - self.since).days, 0)


_ORDER = tuple(Pressing)


def by_urgency(todos: Iterable[Todo]) -> tuple[Todo, ...]:
    """Return them with the most pressing first, and the oldest first among those."""
    return tuple(sorted(todos, key=lambda one: (_ORDER.index(one.pressing), one.since)))
