"""Quarantine (隔离待查): what a person decides of a delivery whose sender is unknown or unproven."""

from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.submission import Outcome
from phaseout.errors import UsageError

NOT_DEALT_WITH = "隔离件经核查不作办理：{reason}"


class NotInQuarantine(UsageError):
    """A delivery is to be let in or sent away that does not wait for that."""

    def __init__(self, *, delivery: str, outcome: Outcome | None) -> None:
        self.delivery = delivery
        super().__init__(f"delivery {delivery} is not in quarantine: {outcome or 'it waits to be assessed'}")


@dataclass(frozen=True, slots=True)
class QuarantineDecision:
    """One act about one delivery; the newest counts."""

    delivery: str
    is_accepted: bool
    unit: str | None  # whose delivery it is, if it was accepted
    by: str
    reason: str
    decided_at: datetime

    @property
    def outcome(self) -> tuple[Outcome | None, str]:
        """What becomes of the delivery: accepted, it waits for the next assess like one that has just arrived."""
        return (None, "") if self.is_accepted else (Outcome.IGNORED, NOT_DEALT_WITH.format(reason=self.reason))


def is_new(decision: QuarantineDecision, *, outcome: Outcome | None, newest: QuarantineDecision | None) -> bool:
    """Say whether a decision changes anything; *newest* is the one about the same delivery that counts so far.

    Raises:
        NotInQuarantine: nobody has to decide about the delivery, or it went its way since somebody did.
    """
    if outcome is Outcome.QUARANTINED:
        return True
    if newest is not None and (decision.is_accepted, decision.unit) == (newest.is_accepted, newest.unit):
        return False
    if newest is None or outcome is not newest.outcome[0]:
        raise NotInQuarantine(delivery=decision.delivery, outcome=outcome)
    return True
