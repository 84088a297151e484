"""The campaign as Prefect flows: the runbook in Python."""

import re
from datetime import UTC, datetime

from phaseout.domain.calendar import CHINA

# What a run works on unless it is told otherwise; `prefect.yaml` names it in every deployment.
CAMPAIGN = "jiangsu-2022"

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # all that Markdown could take for more than a letter


def as_markdown(text: str) -> str:
    """Return plain text as Markdown that shows it as it stands: a stranger's words make no link and no heading."""
    lines = (_MARKS.sub(r"\\\1", line.strip(" \t")) for line in text.splitlines())
    return "\n".join(f"{line}  " if line else "" for line in lines)


def as_of_or_now(as_of: datetime | None) -> datetime:
    """Return *as_of*, or the instant this run starts, in China's time."""
    # The start, not the schedule: a run that an outage delayed by three days must
    # ask what is due today, or it would write letters for a day gone by.
    return (as_of or datetime.now(UTC)).astimezone(CHINA)  # noqa: TID251  the flows' one clock
