"""The lease under which a batch is assessed (审核租约): renewed while work goes on, asked for when it is recorded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from phaseout.ports import Assessment, Lease, Ledger

RENEW_EVERY = timedelta(minutes=2).total_seconds()


@dataclass(slots=True, kw_only=True)
class Hold:
    """A lease in the hands of this process, since *as_of*; *clock* measures seconds."""

    lease: Lease
    ledger: Ledger
    as_of: datetime
    clock: Callable[[], float]
    _taken: float = field(init=False)
    _renewed: float = field(init=False)

    def __post_init__(self) -> None:
        self._taken = self._renewed = self.clock()

    def go_on(self) -> None:
        """Tell the others that work goes on, if they were not told for a while.

        Raises:
            LeaseLost: one of them has taken it over.
        """
        now = self.clock()
        if now - self._renewed >= RENEW_EVERY:
            self.ledger.renew(self.lease, as_of=self.as_of + timedelta(seconds=now - self._taken))
            self._renewed = now

    def record(self, assessment: Assessment) -> None:
        """Write down what was decided.

        Raises:
            LeaseLost: another process has taken the work over, and decides it.
        """
        self.ledger.record(assessment, under=self.lease)
