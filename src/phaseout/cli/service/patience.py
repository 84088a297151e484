"""How long to wait before a part that failed is started again, and when to call it one that cannot be kept up."""

from collections import deque
from dataclasses import dataclass, field

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
FAILURES = 5
WITHIN = 600.0
WHEN_FAILING = 600.0


@dataclass(slots=True)
class Patience:
    """The failures of one part within the last ten minutes."""

    failures: deque[float] = field(default_factory=deque)

    def failed(self, at: float) -> float:
        """Take note of a failure and return the seconds to wait: twice as long each time, long when it is hopeless."""
        self.failures.append(at)
        while self.failures[0] < at - WITHIN:
            self.failures.popleft()
        if self.is_exhausted:
            return WHEN_FAILING
        return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (len(self.failures) - 1))

    @property
    def is_exhausted(self) -> bool:
        """Whether the part failed so often that a person must look."""
        return len(self.failures) >= FAILURES
