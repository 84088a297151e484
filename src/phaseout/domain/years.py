"""The campaign years in which a layout, a field or a rule holds (适用年度)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Years:
    """From one campaign year to another, both included; without an end, on that side for good."""

    since: int | None = None
    until: int | None = None

    def __contains__(self, year: int) -> bool:
        """Say whether *year* is one of them."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)

    def overlaps(self, other: "Years") -> bool:
        """Say whether some year is in both."""
        ends = ((self.until, other.since), (other.until, self.since))
        return not any(until is not None and since is not None and until < since for until, since in ends)


ALWAYS = Years()
