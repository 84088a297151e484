"""When the sealed copies (纸质件) of what was accepted reach the office, in an invented year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.invented.chance import dice
from phaseout.domain.invented.habits import Part
from phaseout.domain.obligation import Obligation
from phaseout.domain.paper import PaperReceipt
from phaseout.domain.submission import Submission

_SLOWEST = 5  # working days from acceptance
_REGISTERED_BY = "经办人（回放虚构）"
_WHY = "纸质件收件登记"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Paper that is wanted, the file of which it is a copy, and what has come of it by now."""

    owed: Obligation
    copies: int
    file: Submission
    received: Sequence[PaperReceipt]


def papers_on(
    day: date,
    awaited: Sequence[Awaited],
    *,
    parts: Mapping[str, Part],
    calendar: WorkCalendar,
    seed: int,
    as_of: datetime,
) -> Iterator[PaperReceipt]:
    """Yield what the office registers on *day*; a unit's copies come in one envelope, days after acceptance.

    The unit that gets things wrong forgets the seal at first; the one that never sends its contacts sends no paper.
    """
    for one in awaited:
        part = parts[one.owed.unit]
        if part is Part.NO_CONTACTS:
            continue
        own = [receipt for receipt in one.received if receipt.check_figure == one.file.check_figure]
        last = own[-1].received_on if own else day_in_china(one.file.decided_at)
        days = dice(seed, one.owed.unit, "paper").randint(1, _SLOWEST)
        if calendar.shift(last, days) <= day:
            yield PaperReceipt(
                obligation=one.owed.id,
                copies=one.copies,
                copies_wanted=one.copies,
                is_sealed=bool(own) or part is not Part.WRONG,
                check_figure=one.file.check_figure or "",
                received_on=day,
                by=_REGISTERED_BY,
                reason=_WHY,
                at=as_of,
            )
