"""Growth (历史增长): what ten million rows of earlier campaigns cost today's intake, snapshot and questions."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import beside_history, history, questions, snapshots
from benchmarks.figure import Figure
from benchmarks.telling import tell


def run(*, units: int = history.UNITS, rounds: int = beside_history.ROUNDS) -> list[Figure]:
    """Return the figures of growth; fewer *units* make less of a history."""
    with TemporaryDirectory(prefix="bench-growth-") as folder:
        home = Path(folder)
        tell("writing the earlier campaigns")
        made = history.write(home / "history.duckdb", units=units)
        note = f"beside {made.rows:,} rows of {made.submissions:,} submissions of {history.YEARS} earlier campaigns"
        return [
            Figure("history_rows", made.rows, "rows"),
            *beside_history.figures(home, rounds=rounds, note=note),
            *snapshots.figures(home / "history.duckdb", note=note),
            *questions.figures(home / "history.duckdb", note=note),
        ]
