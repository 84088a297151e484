"""Documents (公文) as values: their content, what differs between two versions, whom they address."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.calendar import CHINA
from phaseout.domain.document import DocumentKind, Draft, FigureChange, changes_between, content_of, facts_of
from phaseout.domain.document_words import addressees, cut_off_words
from phaseout.domain.shares import share_words
from phaseout.settings import PROJECT

FACTS = {
    "due": date(2022, 9, 30),
    "at": datetime(2022, 10, 1, 9, 0, tzinfo=CHINA),
    "period": "2022-09",
    "rows": ({"name": "甲市", "rate": 0.5, "rank": None},),
}
DRAFT = Draft("sample-2022", DocumentKind.BULLETIN, "2022-09", FACTS, {"甲市": {"累计完成": 3, "报送": "按时"}}, {})


def with_figures(**figures):
    return content_of(replace(DRAFT, figures=figures))


def test_facts_come_back_from_the_ledger_as_they_were():
    assert facts_of(content_of(DRAFT)) == FACTS | {"rows": [*FACTS["rows"]]}


def test_a_list_that_is_not_kept_still_makes_another_content():
    longer = replace(DRAFT, lists={"清单": [{"企业名称": "示例合金有限公司"}]})

    assert content_of(longer) != content_of(DRAFT)
    assert "示例合金" not in content_of(longer)


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        pytest.param({"甲市": {"累计完成": 3}}, [], id="nothing"),
        pytest.param({"甲市": {"累计完成": 4}}, [("甲市", "3", "4", "补报")], id="a figure"),
        pytest.param({"甲市": {"累计完成": None}}, [("甲市", "3", "—", "补报")], id="a figure that is gone"),
        pytest.param({"甲市": {"累计完成": 3}, "乙市": {"累计完成": 1}}, [("乙市", "—", "1", "")], id="a new unit"),
        pytest.param({}, [("甲市", "3", "—", "补报")], id="a unit that is gone"),
    ],
)
def test_what_differs_is_told_by_unit_and_figure(after, changes):
    def causes(place, figure):
        return "补报" if (place, figure) == ("甲市", "累计完成") else ""

    found = changes_between(with_figures(甲市={"累计完成": 3}), with_figures(**after), causes=causes)

    assert found == tuple(FigureChange(place, "累计完成", old, new, by) for place, old, new, by in changes)


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        pytest.param("jiangsu-2022", "各设区市工业和信息化局", id="bureaux of one name"),
        pytest.param("luojiang-2023", "各填报单位", id="towns and sub-districts"),
        pytest.param("jiangmen-2021", "各填报单位", id="cities and bureaux"),
    ],
)
def test_a_document_addresses_all_units_by_what_they_have_in_common(campaign, expected):
    assert addressees(FileDefinitions(PROJECT).campaign(campaign)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2022-10-01T09:00:00+08:00", "数据截至2022年10月1日9时", id="on the hour"),
        pytest.param("2022-10-01T01:05:00+00:00", "数据截至2022年10月1日9时05分", id="in China's time"),
    ],
)
def test_the_cut_off_is_written_out(moment, expected):
    assert cut_off_words(datetime.fromisoformat(moment)) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(None, "—", id="of nothing"),
        pytest.param(0.99996, "99.9%", id="never all while something is left"),
        pytest.param(1.0, "100.0%", id="all"),
    ],
)
def test_a_share_is_written_with_one_decimal(share, expected):
    assert share_words(share) == expected
