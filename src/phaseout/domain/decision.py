"""The decision (审核结论) about a submission, from its findings."""

from collections.abc import Iterable
from enum import StrEnum

from phaseout.domain.finding import Finding, returns


class Decision(StrEnum):
    """Accepted, sent back for correction, or waiting for an officer."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    HELD = "held"


def decide(findings: Iterable[Finding], *, is_after_close: bool = False) -> Decision:
    """Return the decision that *findings* lead to: blocking and error findings return a submission.

    What came after the close date is held, whatever it holds: it is kept and shown, and counts when an officer reopens.
    """
    if is_after_close:
        return Decision.HELD
    return Decision.RETURNED if returns(findings) else Decision.ACCEPTED
