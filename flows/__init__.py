"""The campaign as Prefect flows: the runbook in Python."""

from datetime import UTC, datetime

from phaseout.domain.calendar import CHINA

# What a run works on unless it is told otherwise; `prefect.yaml` names it in every deployment.
CAMPAIGN = "jiangsu-2022"


def as_of_or_now(as_of: datetime | None) -> datetime:
    """Return *as_of*, or the instant this run starts, in China's time."""
    # The start, not the schedule: a run that an outage delayed by three days must
    # ask what is due today, or it would write letters for a day gone by.
    return (as_of or datetime.now(UTC)).astimezone(CHINA)  # noqa: TID251  the flows' one clock
