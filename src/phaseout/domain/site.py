"""What the site (工作看板) is made from: the campaign, the answers of the marts, and what waits for a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.document import DocumentVersion
from phaseout.domain.signing import SigningTime
from phaseout.domain.todo import Todo

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]
Answers: TypeAlias = Mapping[str, Rows]

# What is asked of the marts: statements of data/sql/board, each with the campaign and the day as parameters.
QUESTIONS = (
    "calendar_days",
    "calendar_own",
    "columns",
    "completion",
    "dictionary",
    "doubtful",
    "findings",
    "held",
    "letter_counts",
    "letters",
    "matrix",
    "obligations",
    "papers",
    "progress",
    "progress_industries",
    "progress_inventory",
    "progress_open",
    "progress_units",
    "submissions",
    "trend",
    "units",
)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All that the pages of the site say, as of an instant."""

    campaign: Campaign
    as_of: datetime
    answers: Answers  # of the marts, by the name of the question
    calendar: WorkCalendar
    content_hash: str  # of the snapshot (内容校验值)
    calendar_file: bytes | None = None  # the days of all, for people's own calendars
    forms: Mapping[str, str] = field(default_factory=dict)  # what each form is called
    documents: Sequence[DocumentVersion] = ()  # every version, in the order in which they were written
    copies: Collection[str] = ()  # of their files, that lie in the site; known to what writes it
    todos: Sequence[Todo] = ()
    signing: SigningTime | None = None
    is_current: bool = True  # of the campaign opened last; an earlier one has its site elsewhere
    troubles: Rows | None = None  # of this installation: title, what, do, since; none: nobody has looked

    @property
    def today(self) -> date:
        """The day in China."""
        return day_in_china(self.as_of)
