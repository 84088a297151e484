"""Paper copies (纸质件): what the office has received of a form's sealed copies, and whether it is enough."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from phaseout.domain.calendar import CHINA
from phaseout.domain.decision import Decision
from phaseout.domain.obligation import PAPER, Submitted


class PaperFault(StrEnum):
    """What is wrong with paper that was received."""

    NOT_ACCEPTED = "not_accepted"  # there is no accepted file yet of which it could be the copy
    OTHER_FIGURE = "other_figure"  # it is a copy of something else, or of an older version
    NO_SEAL = "no_seal"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """The act: an officer registers copies that have come. *obligation* is the one that is owed on paper."""

    obligation: str
    copies: int
    copies_wanted: int  # when they came
    is_sealed: bool
    check_figure: str  # as it stands on them
    received_on: date
    by: str
    reason: str
    at: datetime


def file_of(paper: str) -> str:
    """Return the obligation whose file the paper is a copy of."""
    return paper.removesuffix(PAPER)


def written_figure(text: str) -> str:
    """Return a check figure as we write it, however somebody copied it from paper."""
    plain = "".join(char for char in text.upper() if char.isalnum())
    half = len(plain) // 2
    return f"{plain[:half]}-{plain[half:]}" if plain else ""


def faults_of(receipts: Sequence[PaperReceipt], figure: str | None) -> Iterator[tuple[PaperFault, ...]]:
    """Yield what is wrong with each receipt, in the order in which they were registered; copies add up.

    *figure* is that of the newest accepted file, empty if it has none, None if nothing is accepted yet.
    """
    good = 0
    for receipt in receipts:
        faults = []
        if figure is None:
            faults.append(PaperFault.NOT_ACCEPTED)
        elif figure and receipt.check_figure != figure:
            faults.append(PaperFault.OTHER_FIGURE)
        if not receipt.is_sealed:
            faults.append(PaperFault.NO_SEAL)
        good += 0 if faults else receipt.copies
        if (good if not faults else receipt.copies) < receipt.copies_wanted:
            faults.append(PaperFault.TOO_FEW)
        yield tuple(faults)


def as_submitted(receipts: Sequence[PaperReceipt], figure: str | None) -> list[Submitted]:
    """Return what standing needs of an obligation's receipts: complete ones are accepted, others held.

    A later accepted file makes older copies incomplete again.
    """
    return [
        Submitted(
            obligation=receipt.obligation,
            version=version,
            # Only the day is known. It counts from its first minute: nobody is late for the hour of our desk.
            arrived_at=datetime.combine(receipt.received_on, time(0), CHINA),
            decided_at=receipt.at,
            decision=Decision.HELD if faults else Decision.ACCEPTED,
            findings=len(faults),
            figures={},
        )
        for version, (receipt, faults) in enumerate(zip(receipts, faults_of(receipts, figure), strict=True), start=1)
    ]
