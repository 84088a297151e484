"""A figure of a benchmark, beside what it is compared with."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; *yardstick* was measured in the same run, and *ratio* compares the two."""

    figure: str
    value: float
    unit: str
    yardstick: float | None = None
    ratio: float | None = None


def show(figures: Sequence[Figure], results: Path) -> None:
    """Print the figures as a table and write them to a file."""
    for each in figures:
        yardstick = "" if each.yardstick is None else f"{each.yardstick:12.2f}"
        ratio = "" if each.ratio is None else f"{each.ratio:8.2f} x"
        sys.stdout.write(f"{each.figure:28} {each.value:12.2f} {each.unit:16} {yardstick:>12} {ratio}\n")
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n")
