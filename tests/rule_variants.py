"""Rules with one thing wrong in each: every one of them must be noticed by the rule's own examples."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from phaseout.adapters.definitions.rules import RuleEntry

_COMMENT_OR_TEXT = re.compile(r"--[^\n]*|'[^']*'")
_COMPARISON = re.compile(r"<>|<=|>=|<|>|=")
FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "="}


@dataclass(frozen=True, slots=True)
class Variant:
    """What is wrong with a rule, and the rule with it."""

    fault: str
    entry: RuleEntry


def statements(text: str) -> Iterator[tuple[str, str]]:
    """Yield a statement with one fault each: it selects nothing, or one of its comparisons is flipped."""
    first, _, rest = text.partition("\n")
    yield (
        "selects nothing",
        f"{first}\nSELECT *\nFROM (\n{rest.strip().removesuffix(';')}\n) AS found\nWHERE FALSE;\n",
    )
    hidden = _COMMENT_OR_TEXT.sub(lambda found: "#" * len(found[0]), text)
    for found in _COMPARISON.finditer(hidden):
        line = text.count("\n", 0, found.start()) + 1
        flipped = FLIPPED[found[0]]
        words = f"line {line}: {text.splitlines()[line - 1].strip()} ({found[0]} for {flipped})"
        yield words, text[: found.start()] + flipped + text[found.end() :]


def entries(entry: RuleEntry, *, parameters: Mapping[str, object]) -> Iterator[Variant]:
    """Yield an entry with one argument of its expectation wrong each."""
    expectation = entry.expectation or {}
    kwargs: Mapping[str, object] = expectation["kwargs"]  # type: ignore[assignment]  # from YAML
    for name, value in kwargs.items():
        for fault, changed in _changed(name, value, parameters):
            others = {key: one for key, one in kwargs.items() if key != name}
            altered = {**others, name: changed} if changed is not None else others
            yield Variant(f"{name}: {fault}", replace(entry, expectation={**expectation, "kwargs": altered}))
    if {"first", "second"} <= kwargs.keys() and not kwargs.get("equal"):
        swapped = {**kwargs, "first": kwargs["second"], "second": kwargs["first"]}
        yield Variant("first and second swapped", replace(entry, expectation={**expectation, "kwargs": swapped}))


def _changed(name: str, value: object, parameters: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    if name == "when" and isinstance(value, Mapping):
        yield from _conditions(value)
    elif isinstance(value, Mapping):
        yield from _beside(parameters[str(value["$PARAMETER"])])
    elif isinstance(value, bool):
        yield "dropped", None
    elif isinstance(value, int | float):
        step = 0.1 if name == "factor" and value < 10 else 1
        yield from ((f"{sign * step:+g}", value + sign * step) for sign in (-1, 1))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((f"without {one}", [other for other in value if other != one]) for one in value)
    elif name in {"separators", "ignored"}:
        yield "dropped", None


def _beside(value: object) -> Iterator[tuple[str, object]]:
    """Yield what lies one day, or one, beside what a campaign says."""
    if isinstance(value, date):
        yield from ((f"{step:+d} day", (value + timedelta(days=step)).isoformat()) for step in (-1, 1))
    elif isinstance(value, int | float):
        yield from ((f"{step:+d}", value + step) for step in (-1, 1))


def _conditions(when: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield "dropped", None
    for column, values in when.items():
        if len(when) > 1:
            yield f"without {column}", {name: value for name, value in when.items() if name != column}
        if isinstance(values, list):
            for one in values:
                yield f"without {column} {one}", {**when, column: [other for other in values if other != one]}
