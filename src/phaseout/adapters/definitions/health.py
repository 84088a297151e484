"""Reads the words for troubles (运行问题), Chinese and English."""

import string
from pathlib import Path

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.health import Check
from phaseout.domain.health_words import HealthWords, Wording


class Name(Definition):
    zh: str
    en: str


class Words(Definition):
    title: str
    what: str
    do: str


class Trouble(Definition):
    zh: Words
    en: Words


class HealthFile(Definition):
    names: dict[str, Name]
    troubles: dict[str, Trouble]


def load_health_words(path: Path) -> HealthWords:
    """Return the words of a file.

    Raises:
        BadDefinition: the file is wrong, or a check has no name, with its line.
    """
    file = read_model(path, HealthFile)
    names = {key: (one.zh, one.en) for key, one in file.names.items()}
    for check in Check:
        if check.value not in names:
            raise BadDefinition(path, line_of(path, ("names",)), f"names: {check.value} is missing")
    return HealthWords(
        troubles={key: (_wording(one.zh), _wording(one.en)) for key, one in file.troubles.items()},
        checks={check: names[check.value] for check in Check},
        names=names,
    )


def _wording(words: Words) -> Wording:
    return Wording(words.title, words.what, words.do)


def quoted(wording: Wording) -> set[str]:
    """Return the facts that a wording quotes."""
    texts = (wording.title, wording.what, wording.do)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
