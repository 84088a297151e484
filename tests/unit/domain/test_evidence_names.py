"""What a picture's name and folders say; enterprises are invented."""

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.evidence import EvidencePhase, MatchedBy
from phaseout.domain.evidence_names import Enterprise, NamedAs, named_as
from phaseout.settings import PROJECT

CUSTOMS = FileDefinitions(PROJECT).evidence_customs()
BEFORE, DURING, AFTER = EvidencePhase
ALLOY, PAPER, NEW_ALLOY = "南京示例合金有限公司", "江宁虚构造纸厂", "新南京示例合金有限公司"
FURNACE, OTHER_FURNACE, KILN = ("矿热炉", "HTK-A"), ("矿热炉", "HTK-B"), ("回转窑", "")
ENTERPRISES = (Enterprise(ALLOY, frozenset({FURNACE, OTHER_FURNACE, KILN})), Enterprise(PAPER), Enterprise(NEW_ALLOY))


def said(file_name):
    found = named_as(file_name, ENTERPRISES, CUSTOMS)
    return found.enterprise, found.phase, found.matched_by


@pytest.mark.parametrize(
    ("file_name", "enterprise", "phase", "matched_by"),
    [
        ("南京示例合金有限公司-拆除前-1.jpg", ALLOY, BEFORE, MatchedBy.NAME),
        ("南京示例合金有限公司拆除后（2）.JPG", ALLOY, AFTER, MatchedBy.NAME),
        ("南京示例合金 拆中.mp4", ALLOY, DURING, MatchedBy.NAME),
        ("佐证/南京示例合金有限公司/拆除后/IMG_001.jpg", ALLOY, AFTER, MatchedBy.FOLDER),
        ("拆除前/江宁虚构造纸/IMG_001.jpg", PAPER, BEFORE, MatchedBy.FOLDER),
        ("江宁虚构造纸厂.zip/1.jpg", PAPER, None, MatchedBy.FOLDER),
        ("江宁虚构造纸厂-改造前.png", PAPER, BEFORE, MatchedBy.NAME),
        ("江宁虚构造纸厂-矿热炉-前1.jpg", PAPER, BEFORE, MatchedBy.NAME),
        ("江宁虚构造纸厂前进路.jpg", PAPER, None, MatchedBy.NAME),
        ("新南京示例合金有限公司-拆后.jpg", NEW_ALLOY, AFTER, MatchedBy.NAME),
        ("南京示例合金（有限公司）拆除前.jpg", ALLOY, BEFORE, MatchedBy.NAME),
        ("江宁虚构造纸厂-拆除前后对比.jpg", PAPER, None, MatchedBy.NAME),
        ("拆除前/江宁虚构造纸厂-拆除后.jpg", PAPER, AFTER, MatchedBy.NAME),
        ("南京示例合金有限公司/江宁虚构造纸厂-拆除后.jpg", PAPER, AFTER, MatchedBy.NAME),
        ("南京示例合金有限公司和江宁虚构造纸厂-拆除后.jpg", None, AFTER, None),
        ("IMG_20221020.jpg", None, None, None),
        ("拆除前/拆除后/江宁虚构造纸厂/1.jpg", PAPER, AFTER, MatchedBy.FOLDER),
        ("南京示例合金有限公司/江宁虚构造纸厂/1.jpg", PAPER, None, MatchedBy.FOLDER),
        ("拆除后.jpg", None, AFTER, None),
        ("示例.jpg", None, None, None),
    ],
)
def test_a_name_or_a_folder_says_whose_picture_it_is_and_of_when(file_name, enterprise, phase, matched_by):
    assert said(file_name) == (enterprise, phase, matched_by)


@pytest.mark.parametrize(
    ("file_name", "item"),
    [
        pytest.param(f"{ALLOY}-矿热炉HTK-A-拆除前.jpg", "矿热炉／HTK-A", id="name and model"),
        pytest.param(f"{ALLOY}/矿热炉/拆除前/1.jpg", "矿热炉", id="one name of two models"),
        pytest.param(f"{ALLOY}-回转窑-拆除前.jpg", "回转窑", id="no model"),
        pytest.param(f"{ALLOY}-拆除前.jpg", None, id="no equipment"),
        pytest.param(f"{ALLOY}-矿热炉和回转窑-拆除前.jpg", None, id="two of them"),
    ],
)
def test_a_name_may_say_which_equipment_it_shows(file_name, item):
    assert named_as(file_name, ENTERPRISES, CUSTOMS).item == item


def test_two_enterprises_that_are_one_without_their_legal_form_are_for_a_person():
    alike = (Enterprise("虚构铸造有限公司"), Enterprise("虚构铸造厂"))

    assert named_as("虚构铸造-拆除后.jpg", alike, CUSTOMS) == NamedAs(phase=AFTER)
    assert named_as("虚构铸造厂-拆除后.jpg", alike, CUSTOMS).enterprise == "虚构铸造厂"
