"""The decision (审核结论) about a submission, from its findings."""

from collections.abc import Iterable
from enum import StrEnum

from phaseout.domain.finding import Finding, returns


class Decision(StrEnum):
    """Accepted, sent back for correction, or waiting for an officer."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    HELD = "held"


def decide(findings: Iterable[Finding]) -> Decision:
    """Return the decision that *findings* lead to: blocking and error findings return a submission."""
    return Decision.RETURNED if returns(findings) else Decision.ACCEPTED
