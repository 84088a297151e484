"""Reads the signals of suspected omissions (疑似漏报): their order, words and limits."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.omission import Signal

Key = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class _Signal(Definition):
    signal: Key
    word: str
    look_at: str
    limits: dict[Key, Annotated[int, Field(ge=0)]] = {}  # noqa: RUF012 - pydantic copies the default


class _Signals(Definition):
    signals: tuple[_Signal, ...]


def load_omission_signals(path: Path) -> tuple[Signal, ...]:
    """Return the signals of a file, the strongest first.

    Raises:
        BadDefinition: the file is wrong, or names a signal twice, with its line.
    """
    entries = read_model(path, _Signals).signals
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.signal in seen:
            raise BadDefinition(path, line_of(path, ("signals", number)), f"the signal {entry.signal} stands twice")
        seen.add(entry.signal)
    return tuple(Signal(entry.signal, entry.word, entry.look_at, entry.limits) for entry in entries)
