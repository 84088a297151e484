"""A process that only guards: `python -m benchmarks.guard_alone FOLDER`; tells what it cost as JSON."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from time import process_time

from benchmarks.peaks import peak_mib
from phaseout.adapters.workbook_reader.guard import Refused, guard


def main() -> None:
    """Guard each file of a folder, one in memory at a time."""
    before, seconds = peak_mib(), dict[str, float]()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        content = path.read_bytes()
        start = process_time()
        with suppress(Refused):
            guard(content)
        seconds[path.name] = process_time() - start
        del content
    told = {"slowest_s": max(seconds.values()), "before_mib": before, "peak_mib": peak_mib()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
