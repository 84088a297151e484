"""Runs one part in a process of its own: `python -m benchmarks.part NAME RESULTS`."""

import argparse
import json
from pathlib import Path

from benchmarks.parts import parts_named
from phaseout.bootstrap.collector import let_values_be


def main() -> None:
    """Run it, and leave its figures in a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("results", type=Path)
    parser.add_argument("--tiny", action="store_true")
    asked = parser.parse_args()
    let_values_be()  # as in every process of ours
    (part,) = parts_named([asked.name])
    figures = part.run(is_tiny=asked.tiny)
    asked.results.write_text(json.dumps([each.as_json() for each in figures]), encoding="utf-8")


if __name__ == "__main__":
    main()
