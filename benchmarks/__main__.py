"""Runs every benchmark: `python -m benchmarks [UNITS]`, a thousand workbooks if no number of units is given."""

import sys

from benchmarks import intake, letters, site
from benchmarks.figure import show
from phaseout.bootstrap.collector import let_values_be
from phaseout.settings import Settings

if __name__ == "__main__":
    let_values_be()  # as in every process of ours; the scripts beside it have the same
    figures = [*intake.run(int(sys.argv[1]) if len(sys.argv) > 1 else 250), *letters.run(), *site.run()]
    show(figures, Settings().home / "bench" / "results.json")
