"""A campaign says which forms stay below and where its enterprises lie; what cannot be is shown by file and line."""

import shutil

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.domain.campaign import Extent
from phaseout.domain.evidence import EvidencePhase
from phaseout.settings import PROJECT
from phaseout.usecases.assess.checking import parameters

CAMPAIGN = "jiangsu-2022"
KEPT = "kept_forms: [enterprise_card]"
PHASES = "evidence_phases: []"
EXTENT = "extent: {longitude: [116.3, 122.0], latitude: [30.7, 35.2]}"


@pytest.fixture(scope="module")
def forms():
    return FileDefinitions(PROJECT).forms()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(PROJECT / "data" / "campaigns" / CAMPAIGN, tmp_path / CAMPAIGN)
    return tmp_path / CAMPAIGN


def changed(folder, old, new):
    path = folder / "campaign.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_campaign_hands_down_the_card_and_knows_where_its_enterprises_lie(folder, forms):
    campaign = load_campaign(folder, forms=forms)

    assert campaign.kept_forms == ("enterprise_card",)
    assert campaign.extent == Extent(longitude=(116.3, 122.0), latitude=(30.7, 35.2))
    asked = parameters(campaign)
    assert (asked["longitude_least"], asked["latitude_most"]) == (116.3, 35.2)


def test_a_campaign_may_want_pictures_of_phases_or_none(folder, forms):
    assert load_campaign(folder, forms=forms).evidence_phases == ()
    changed(folder, PHASES, "evidence_phases: [before, after]")
    assert load_campaign(folder, forms=forms).evidence_phases == (EvidencePhase.BEFORE, EvidencePhase.AFTER)


def test_a_campaign_may_hand_down_nothing_and_lie_anywhere(folder, forms):
    changed(folder, KEPT, "")
    changed(folder, EXTENT, "")
    campaign = load_campaign(folder, forms=forms)

    assert (campaign.kept_forms, campaign.extent) == ((), None)
    assert parameters(campaign)["longitude_least"] is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(KEPT, "kept_forms: [no_such_form]", "there is no form no_such_form", id="no form"),
        pytest.param(KEPT, "kept_forms: [survey_summary]", "survey_summary is owed at a milestone", id="an owed form"),
        pytest.param(EXTENT, "extent: {longitude: [122, 116], latitude: [30.7, 35.2]}", "least", id="turned round"),
        pytest.param(EXTENT, "extent: {longitude: [116.3, 122.0]}", "latitude", id="half an extent"),
        pytest.param(PHASES, "evidence_phases: [before, later]", "evidence_phases", id="no phase"),
        pytest.param(PHASES, "evidence_phases: [after, after]", "after stands twice", id="a phase twice"),
    ],
)
def test_what_cannot_be_is_refused_by_line(folder, forms, old, new, words):
    line = changed(folder, old, new)

    with pytest.raises(BadDefinition, match=words) as wrong:
        load_campaign(folder, forms=forms)

    assert wrong.value.line == line
