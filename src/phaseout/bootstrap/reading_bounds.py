"""What the settings say of the bounds of reading (读取限额): as the reader takes them, and as refusals tell them."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from phaseout.settings import Settings

if TYPE_CHECKING:
    from phaseout.adapters.workbook_reader.limits import Limits
_MOST_READERS = 4  # more than one process of ours can take from


def limits_of(settings: Settings) -> "Limits":
    """Return the bounds as the reader takes them."""
    from phaseout.adapters.workbook_reader.limits import Limits  # noqa: PLC0415

    return Limits(
        file_bytes=settings.workbook_largest_file,
        inflated_bytes=settings.workbook_largest_inflated,
        parts=settings.workbook_most_parts,
        rows=settings.workbook_most_rows,
        columns=settings.workbook_most_columns,
        cells=settings.workbook_most_cells,
        memory_bytes=settings.workbook_memory,
        seconds=settings.workbook_seconds,
        takes_strict=settings.workbook_strict,
    )


def readers_of(settings: Settings) -> int:
    """Return how many processes read at once: while they read, one process of ours takes what was read."""
    return settings.workbook_readers or max(1, min(_MOST_READERS, (os.cpu_count() or 1) // 2))


def told_bounds(settings: Settings) -> Mapping[str, int]:
    """Return the bounds that a refusal tells the unit."""
    return {
        "megabytes": settings.workbook_largest_file >> 20,
        "rows": settings.workbook_most_rows,
        "columns": settings.workbook_most_columns,
        "cells": settings.workbook_most_cells,
    }
