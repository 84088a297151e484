"""The catalogue's own file says at which line it is wrong."""

import shutil

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.catalogue import load_catalogue
from phaseout.adapters.definitions.comparison import load_comparison_lists
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.domain.catalogue import Category, Confidence
from phaseout.settings import PROJECT

WORDS = PROJECT / "data" / "catalogue"
HEAD = """\
title: 示例目录
source: 示例
in_force: 2020-01-01
items:
"""


def loaded(tmp_path, items):
    path = tmp_path / "catalogue.yaml"
    path.write_text(HEAD + items, encoding="utf-8")
    return load_catalogue(path, words=WORDS)


def test_our_file_says_how_sure_each_item_is():
    items = FileDefinitions(PROJECT).catalogue().items

    assert len(items) == 160
    assert {level: sum(item.confidence is level for item in items) for level in Confidence} == {
        Confidence.HIGH: 117,
        Confidence.MEDIUM: 37,
        Confidence.LOW: 6,
    }
    assert {item.id for item in items if item.category is Category.RESTRICTED} == {"FA-90", "CA-90"}
    assert all(item.evidence for item in items)


def test_every_item_says_how_lists_write_it():
    items = FileDefinitions(PROJECT).catalogue().items

    assert [item.id for item in items if not item.wordings and not item.anywhere] == []


ITEM = "  - {id: X-1, industry: paper, name: 示例, words: [示例]}\n"
ASKS = "  - {{id: X-1, industry: paper, name: 示例, all_of: [{}]}}\n"


@pytest.mark.parametrize(
    ("items", "line", "word"),
    [
        (ITEM.replace("paper", "nowhere"), 5, "nowhere"),
        (ITEM + ITEM, 6, "twice"),
        (ASKS.format("{parameter: speed, is: below, value: 80, unit: m/min}"), 5, "speed"),
        (ASKS.format("{parameter: speed_m_min, is: below, value: 80, unit: t}"), 5, "m/min"),
        (ASKS.format("{parameter: fuel, is: one_of, value: 80, unit: t}"), 5, "one_of"),
        (ITEM.replace("words: [示例]", "words: ['-没有']"), 5, "names nothing"),
        (ITEM.replace("words", "wording"), 5, "wording"),
    ],
    ids=["industry", "number", "parameter", "unit", "operator", "words", "key"],
)
def test_a_wrong_item_is_named_with_its_line(tmp_path, items, line, word):
    with pytest.raises(BadDefinition, match=word) as wrong:
        loaded(tmp_path, items)

    assert wrong.value.line == line


def test_local_items_stand_beside_the_national_ones(tmp_path):
    catalogue = loaded(
        tmp_path,
        "  - {id: X-1, industry: paper, name: 示例, words: [示例]}\n"
        "local_items:\n"
        "  - {id: JS-1, industry: paper, name: 本省示例, words: [本省]}\n",
    )

    assert [item.id for item in catalogue.items] == ["X-1", "JS-1"]


def test_a_comparison_list_names_units_and_industries_of_the_campaign(tmp_path):
    path = tmp_path / "permits.csv"
    path.write_text(
        "名单,填报单位,行业,企业名称,统一社会信用代码\n排污许可证,南京市,铁合金,南京示例合金有限公司,91320116MA00000000\n",
        "utf-8",
    )
    campaign = FileDefinitions(PROJECT).campaign("jiangsu-2022")

    (listed,) = load_comparison_lists([path, tmp_path / "absent.csv"], campaign=campaign)
    assert (listed.list_name, listed.unit, listed.industry) == ("排污许可证", "320100", "ferroalloy")

    path.write_text("名单,填报单位,行业,企业名称\n排污许可证,北京市,铁合金,某某\n", "utf-8")
    with pytest.raises(BadDefinition, match="北京市") as wrong:
        load_comparison_lists([path], campaign=campaign)
    assert wrong.value.line == 2


def test_an_office_keeps_its_comparison_lists_in_its_home(tmp_path):
    folder = tmp_path / "comparison" / "jiangsu-2022"
    folder.mkdir(parents=True)
    (folder / "permits.csv").write_text(
        "名单,填报单位,行业,企业名称\n排污许可证,320200,paper,无锡示例纸业有限公司\n", "utf-8"
    )

    (listed,) = FileDefinitions(PROJECT, office=tmp_path).comparison_list("jiangsu-2022")
    assert listed.name == "无锡示例纸业有限公司"

    shutil.rmtree(folder)
    assert FileDefinitions(PROJECT, office=tmp_path).comparison_list("jiangsu-2022") == ()
