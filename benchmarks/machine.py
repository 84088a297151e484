"""The machine's facts: a figure is worth little without them."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("duckdb", "great_expectations", "pandas", "python-calamine", "openpyxl", "prefect", "sqlalchemy")


def facts() -> Iterator[str]:
    """Yield lines about the machine, its Python, and the libraries that the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0))
    yield f"machine: {cores} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    yield f"load when it began: {busy:.2f}" + (
        " - busy: figures by the clock are worse than they would be" if busy > 1 else ""
    )
    yield f"Python {sys.version.split()[0]}, " + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
