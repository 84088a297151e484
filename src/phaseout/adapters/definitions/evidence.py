"""Reads how pictures and videos are named (影像命名), and when two look the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.evidence import FARTHEST, EvidencePhase
from phaseout.domain.evidence_names import EvidenceCustoms

Words = tuple[Annotated[str, Field(min_length=1)], ...]


class CustomsFile(Definition):
    phases: Mapping[EvidencePhase, Words]
    short_phases: Mapping[EvidencePhase, Words]
    both: Words
    legal_forms: Words
    near: int = Field(ge=0, le=FARTHEST)


def load_evidence_customs(path: Path) -> EvidenceCustoms:
    """Return the customs of a file.

    Raises:
        BadDefinition: the file is wrong, or a word names two phases, with its line.
    """
    file = read_model(path, CustomsFile)
    for key, words_of in (("phases", file.phases), ("short_phases", file.short_phases)):
        seen: set[str] = set()
        for phase, words in words_of.items():
            for number, word in enumerate(words):
                if word in seen:
                    line = line_of(path, (key, phase.value, number))
                    raise BadDefinition(path, line, f"{key}.{phase}: {word} stands twice")
                seen.add(word)
    forms = tuple(sorted(file.legal_forms, key=len, reverse=True))
    return EvidenceCustoms(dict(file.phases), dict(file.short_phases), file.both, forms, file.near)
