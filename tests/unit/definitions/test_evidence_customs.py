"""How pictures are named is data; what contradicts itself is shown by file and line."""

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.evidence import load_evidence_customs
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.domain.evidence import EvidencePhase
from phaseout.settings import PROJECT

WHOLE = (PROJECT / "data" / "evidence.yaml").read_text("utf-8")


def test_the_office_names_pictures_by_words_of_all_three_phases():
    customs = FileDefinitions(PROJECT).evidence_customs()

    assert set(customs.phases) == set(customs.short_phases) == set(EvidencePhase)
    assert customs.legal_forms[0] == max(customs.legal_forms, key=len)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("after: [后]", "after: [前]", "前 stands twice", id="a word of two phases"),
        pytest.param("near: 6", "near: 8", "near", id="farther than can be found"),
        pytest.param("  during: [中]", "  meanwhile: [中]", "meanwhile", id="no such phase"),
    ],
)
def test_what_cannot_be_is_refused_by_line(tmp_path, old, new, words):
    assert WHOLE.count(old) == 1
    path = tmp_path / "evidence.yaml"
    path.write_text(WHOLE.replace(old, new), "utf-8")

    with pytest.raises(BadDefinition, match=words) as wrong:
        load_evidence_customs(path)

    line = WHOLE[: WHOLE.index(old)].count("\n") + 1
    assert wrong.value.line in {line, line - 2}  # of a key that is none, the line of what holds it
