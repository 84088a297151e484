"""Writes the marts as of an instant from those of today; `python -m tools.as_of_marts`.

A mart as of an instant is the same statement, over the core layer as it was known then: whatever `core.x` has a macro
`core.x_as_of` is read by that. So a figure of today and the same figure of another day can never be made differently.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from phaseout.settings import PROJECT

SQL = PROJECT / "data" / "sql"
MARTS = SQL / "mart"
PARAMETER = "-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day"

# The marts that are told as of an instant, with what cannot be told so.
TWINS = {
    "completed_list": "",
    "completeness": "",
    "equipment": "the judgement by the catalogue is the one of today",
    "finding": "what was found before a held submission was decided again is not known",
    "inspection": "",
    "letter": "when a letter was withdrawn is not known, it counts as withdrawn from the first",
    "obligation": "one that was held until it was decided again counts as received until then",
    "obligation_measure": "",
    "progress_item": "",
    "progress_monthly": "",
    "reconciliation": "",
    "submission": "one that was held until it was decided again counts as undecided until then",
    "unit_measure": "",
}
_MACRO = re.compile(r"^CREATE MACRO core\.(\w+)_as_of\(as_of\)", re.MULTILINE)
_READ = re.compile(r"\b(?P<schema>core|mart)\.(?P<name>\w+)\b(?!\()")


def told_as_of() -> frozenset[str]:
    """Return the tables and views of the core layer that are told as of an instant."""
    forms = (path.stem for path in (PROJECT / "data" / "forms").glob("*.yaml"))
    history = (SQL / "warehouse" / "history.sql").read_text("utf-8")
    return frozenset((*_MACRO.findall(history), *(f"{form}_current" for form in forms)))


def twin(name: str) -> str:
    """Return the statement of a mart as of an instant."""
    first, *lines = (MARTS / f"{name}.sql").read_text("utf-8").splitlines()
    head = [line for line in lines[:2] if line.startswith(("-- Grain:", "-- Key:"))]
    told = {"core": told_as_of(), "mart": TWINS}

    def known(found: "re.Match[str]") -> str:
        return f"{found[0]}_as_of(as_of)" if found["name"] in told[found["schema"]] else found[0]

    rest = "\n".join(lines[len(head) :])
    described, statement = rest.split(f"CREATE VIEW mart.{name} AS\n")
    statement = f"{described}CREATE MACRO mart.{name}_as_of(as_of) AS TABLE\n{_READ.sub(known, statement)}"
    return "\n".join((_first(first, TWINS[name]), *head, PARAMETER, statement)) + "\n"


def _first(line: str, untold: str) -> str:
    words = line.removeprefix("-- ").removesuffix(".").removesuffix(", as of the last publication")
    return f"-- As of an instant: {words[0].lower()}{words[1:]}{f'; {untold}' if untold else ''}."


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each file with what belongs in it."""
    for name in TWINS:
        yield MARTS / f"{name}_as_of.sql", twin(name)


def main() -> None:
    """Write the files."""
    for path, text in pages():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
