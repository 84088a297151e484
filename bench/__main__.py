"""Runs every benchmark: `python -m bench [UNITS]`, a thousand workbooks if no number of units is given."""

import sys

from bench import intake

if __name__ == "__main__":
    intake.run(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
