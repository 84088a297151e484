"""A waiver (豁免): the office's recorded leave to pass a finding; one act grants it, another may withdraw it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.decision import Decision
from phaseout.domain.finding import RETURNING
from phaseout.domain.item import Scope, is_part_of
from phaseout.domain.submission import Submission
from phaseout.errors import UsageError


class UnknownWaiver(UsageError):
    """A waiver is asked for that the ledger does not have."""

    def __init__(self, *, waiver: int) -> None:
        self.waiver = waiver
        super().__init__(f"the ledger has no waiver {waiver}")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave for one unit and rule; what is None is not narrowed down."""

    campaign: str
    unit: str
    rule: str
    item: str | None  # one item, or the first parts of its key: a credit code means all items of an enterprise
    form: str | None
    industry: str | None
    period: str | None
    until: date | None  # the last day on which a workbook may arrive that it covers
    by: str
    reason: str
    granted_at: datetime

    @property
    def granted_on(self) -> date:
        """The day that letters name."""
        return day_in_china(self.granted_at)


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """A waiver as the ledger holds it, with the act that withdrew it, if one did."""

    number: int
    waiver: Waiver
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    def holds(self, *, as_of: datetime) -> bool:
        """Say whether it has been granted and not been withdrawn as of an instant."""
        return self.waiver.granted_at <= as_of and (self.withdrawn_at is None or as_of < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class Filed:
    """Whose form a workbook is, for which period, and when it came."""

    scope: Scope
    period: str | None
    arrived_on: date


def waiver_for(
    waivers: Iterable[WaiverRecord], filed: Filed, *, rule: str, item: str | None, as_of: datetime
) -> Waiver | None:
    """Return the waiver by which a finding passes, the earliest if there are several."""
    holding = (record.waiver for record in waivers if record.waiver.rule == rule and record.holds(as_of=as_of))
    return next((waiver for waiver in holding if _covers(waiver, filed, item or "")), None)


def _covers(waiver: Waiver, filed: Filed, item: str) -> bool:
    scope = filed.scope
    return (
        (waiver.campaign, waiver.unit) == (scope.campaign, scope.unit)
        and waiver.form in {None, scope.form}
        and waiver.industry in {None, scope.industry}
        and waiver.period in {None, filed.period}
        and (waiver.until is None or filed.arrived_on <= waiver.until)
        and (waiver.item is None or is_part_of(waiver.item, item))
    )


def is_waived_since(submission: Submission, waivers: Sequence[WaiverRecord], filed: Filed, *, as_of: datetime) -> bool:
    """Say whether the office has let pass, since it was decided, something that returned a submission.

    Then the same bytes are no duplicate: they lead to another decision.
    """
    later = [record for record in waivers if record.waiver.granted_at > submission.decided_at]
    return submission.decision is Decision.RETURNED and any(
        waiver_for(later, filed, rule=finding.rule, item=finding.item, as_of=as_of) is not None
        for finding in submission.findings
        if finding.severity in RETURNING
    )
