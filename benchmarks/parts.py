"""The parts of the benchmarks, in the order in which they run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from benchmarks.figure import Figure


@dataclass(frozen=True, slots=True)
class Part:
    """What can be run alone; its module of the same name has a `run` that takes sizes and returns figures."""

    name: str
    says: str
    tiny: Mapping[str, Any] = field(default_factory=dict)  # sizes at which it only shows that it works
    is_usual: bool = True  # else it runs only when it is asked for

    def run(self, *, is_tiny: bool = False) -> Sequence[Figure]:
        """Run it in this process."""
        figures: Sequence[Figure] = import_module(f"benchmarks.{self.name}").run(**(self.tiny if is_tiny else {}))
        return figures


PARTS = (
    Part(
        "intake",
        "1,000 workbooks from archive to decision and warehouse, beside the usual script and the bare floor",
        {"units": 2, "rounds": 1},
    ),
    Part("answers", "receipts and marked copies in intake", {"units": 2}),
    Part(
        "growth",
        "intake, queries and snapshot with ten million rows of earlier campaigns",
        {"units": 2, "rounds": 1},
    ),
    Part(
        "letters",
        "planning for 3,000 units, writing with a prefilled form, sending over TLS",
        {"planned_units": 2, "written_units": 2, "sent_letters": 2},
    ),
    Part("site", "the board's site for 13 units and for 3,000", {"units": 2}),
    Part(
        "replay",
        "the whole of jiangsu-2022, through Prefect and without it",
        {"until": "2022-05-20", "with_prefect": False},
    ),
    Part("rebuild", "the warehouse of 12,000 workbooks made again from archive and ledger", {"units": 2}),
    Part("idle", "`collect` and `deliver` with nothing to do, as whole processes", {"units": (2,), "runs": 1}),
    Part("receipt", "one workbook from the mailbox to its receipt", {"times": 1}),
    Part(
        "reader",
        "the reader's process and the guard, on the nastiest files we know",
        {"twisted_files": 5, "greedy_files": 1},
    ),
    Part(
        "national",
        "a month of 3,000 counties: 6,000 workbooks with their letters, and the board",
        {"counties": 2},
        is_usual=False,
    ),
)


class UnknownPart(Exception):
    """There is no part of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no part {name}; known: {', '.join(part.name for part in PARTS)}")


def parts_named(names: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts asked for, in their order; without names all that run usually.

    Raises:
        UnknownPart: there is none of that name.
    """
    known = {part.name: part for part in PARTS}
    for name in names:
        if name not in known:
            raise UnknownPart(name)
    return tuple(part for part in PARTS if (part.name in names if names else part.is_usual))
