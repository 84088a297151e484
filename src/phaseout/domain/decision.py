"""The decision (审核结论) about a submission, from its findings, and how far its answer goes."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from phaseout.domain.finding import RETURNING, Finding, Severity, returns
from phaseout.domain.phase import Phase


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


def phase_reached(findings: Iterable[Finding], phases: Mapping[str, Phase]) -> Phase:
    """Return the last phase whose findings may be told; *phases* are those of the rules.

    A later phase is held back only where it would mislead. Behind a blocking finding (阻断) rows are not what was
    meant, so its phase is the last. Behind any other returning finding one cell is wrong: what is said of other cells
    holds and is said at once, for nobody is to be sent back twice for what was known the first time. Only sums and
    comparisons would be made with the wrong cell, so they wait.
    """
    returning = [(phases[finding.rule], finding.severity) for finding in findings if finding.severity in RETURNING]
    blocked = {phase for phase, severity in returning if severity is Severity.BLOCKING}
    last = next((phase for phase in Phase if phase in blocked), Phase.CONSISTENT)
    if last is Phase.CONSISTENT and any(phase is not Phase.CONSISTENT for phase, _ in returning):
        return Phase.VALID
    return last


def told(findings: Sequence[Finding], phases: Mapping[str, Phase], *, reached: Phase) -> tuple[Finding, ...]:
    """Return the findings of the phases up to the one that was reached."""
    waiting = frozenset(reached.later)
    return tuple(finding for finding in findings if phases[finding.rule] not in waiting)
