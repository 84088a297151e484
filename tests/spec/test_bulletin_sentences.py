"""What the bulletin (情况通报) says of which figures: the sentences, golden; units are invented."""

from datetime import date

import pytest

from phaseout.adapters.pages.documents.sections import sections_of
from phaseout.settings import PROJECT
from tests.document_facts import bulletin_facts, figures

TEXTS = PROJECT / "data" / "documents" / "text"


def sections(*units, **more):
    return sections_of(TEXTS, "bulletin", bulletin_facts(units=units, **more))


def told(*units, **more):
    """Return the bulletin's text, one paragraph a line."""
    return [
        line
        for section in sections(*units, **more)
        for line in (section.heading, *(f"{one.lead}{one.text}" for one in section.paragraphs))
        if line
    ]


def test_a_whole_bulletin_reads_like_this():
    units = (
        figures("甲市", done=20, done_before=13, done_before_that=10),
        figures("乙市", filing="逾期3个工作日"),
        figures("丙市", done=0, done_before=0, sealed=0, overdue_items=4),
        figures("丁市", filing="退回待更正", returns=1, is_accepted=False),
        figures("戊市", sets=0, done=0, done_before=0, sealed=0),
    )

    assert told(*units) == [
        "现将示例省2022年淘汰落后生产工艺装备工作9月份进展情况（数据截至2022年10月10日9时05分）通报如下。",
        "一、总体情况",
        "5个填报单位累计排查企业600家，其中70家存在落后生产工艺装备，涉及装备100项、120台（套）。",
        (
            "本月完成淘汰21台（套），比上月多8台（套）；累计完成44台（套），完成率36.7%，按企业计算为28.6%。"
            "累计完成数中，拆除35台（套），封存9台（套）；已通过核查验收30台（套）。"
            "截至9月30日，尚有76台（套）未完成，距2022年11月30日关停期限还有61天。"
        ),
        (
            "本月进展情况表应由5个单位报送，按时报送3个、逾期报送1个、退回待更正1个；累计审核退回1件次。"
            "丁市没有审核通过的本月进展情况表，有关进展暂按此前审核通过的数据统计。"
            "戊市报告没有落后生产工艺装备，不参加排名。"
        ),
        "二、进展较好的单位",
        "甲市完成率66.7%，居首位；按时报送且数据通过审核，予以肯定。",
        "三、存在的问题",
        "一是淘汰任务尚未取得进展。丙市尚未完成任何一台（套）装备的拆除或封存。",
        "二是部分装备超过计划完成时限。丙市4项已过计划完成时限，尚未关停。",
        "三是报送不及时。乙市逾期3个工作日报送。",
        "四是报送内容不符合要求。丁市报送的进展情况表经审核存在问题，已退回，尚未完成更正。",
        "四、下一步工作要求",
        (
            "尚未取得进展的单位，请逐台（套）明确完成时限和责任单位，抓紧组织实施；"
            "已超过计划完成时限的装备，请逐项说明原因，明确新的完成时限；被退回的单位，请按退回更正函的期限完成更正。"
        ),
        (
            "请各填报单位对照附件逐项核对未完成的装备。暂不具备拆除条件的，应当落实断水、断电、拆除动力装置、封存主体设备、"
            "公开承诺五项措施，缺少一项的不计入完成。所有淘汰任务应当在2022年11月30日前完成。"
        ),
        "下一次进展情况表的报送截止日期为2022年10月30日，请按时报送。",
    ]


@pytest.mark.parametrize(
    ("units", "facts", "sentence"),
    [
        pytest.param([{"done_before": 12}], {}, "本月没有新增完成；", id="nothing new this month"),
        pytest.param([{"done_before": 15}], {}, "本月经更正核减3台（套）；", id="a correction takes some back"),
        pytest.param(
            [{"done_before": 6, "done_before_that": 0}],
            {},
            "本月完成淘汰6台（套），与上月持平；",
            id="as in the month before",
        ),
        pytest.param(
            [{"done_before": 9, "done_before_that": 0}],
            {},
            "本月完成淘汰3台（套），比上月少6台（套）；",
            id="less than last month",
        ),
        pytest.param([{}], {"number": 1}, "本月完成淘汰7台（套）；累计", id="the first month is compared with none"),
        pytest.param([{"sealed": 0}], {}, "累计完成的均为拆除；", id="nothing sealed"),
        pytest.param([{"sealed": 12}], {}, "累计完成的均为封存；", id="all sealed"),
        pytest.param([{"inspected": 0}], {}, "目前尚无通过核查验收的装备。", id="nothing inspected"),
        pytest.param([{"done": 0, "done_before": 0, "sealed": 0}], {}, "累计完成数为零。", id="nothing done at all"),
        pytest.param([{"done": 30}], {}, "全部淘汰任务已经完成关停。", id="all done"),
        pytest.param(
            [{}],
            {"stands_on": date(2022, 11, 30)},
            "至2022年11月30日关停期限，尚有18台（套）未完成。",
            id="on the closing day",
        ),
        pytest.param(
            [{}], {"stands_on": date(2022, 12, 30)}, "2022年11月30日关停期限已过，仍有18台（套）未完成。", id="after it"
        ),
        pytest.param(
            [{"sets": 0, "done": 0, "done_before": 0}], {}, "目前未报告落后生产工艺装备。", id="nothing found"
        ),
        pytest.param(
            [{"sets": 0, "has_inventory": False}],
            {},
            "甲市尚无审核通过的排查汇总表，有关数据暂未计入。",
            id="never said",
        ),
        pytest.param([{}], {}, "应由1个单位报送，全部按时报送。", id="all on time"),
        pytest.param([{"filing": "未报"}], {}, "甲市至今未报送本月进展情况表。", id="silence"),
        pytest.param([{"filing": "未到期限"}], {}, "经批准延期、尚未到期1个。", id="an extension is no silence"),
        pytest.param([{"done": 30}, {"done": 3}], {}, "甲市已全部完成淘汰任务；按时报送", id="who has finished"),
        pytest.param([{"done": 25}, {"done": 24}], {}, "甲市完成率83.3%，居首位；", id="the leader above the whole"),
        pytest.param(
            [{"done": 25}, {"done": 24}, {"done": 1}],
            {},
            "甲市完成率83.3%、乙市完成率80.0%，位居前列；以上单位均按时报送",
            id="several leaders",
        ),
        pytest.param(
            [{"done_before": 12}], {}, "本月没有新增完成。甲市仍有任务未完成", id="a lone point has no number"
        ),
    ],
)
def test_a_sentence_is_chosen_by_the_figures(units, facts, sentence):
    named = [figures(name, **more) for name, more in zip(("甲市", "乙市", "丙市"), units, strict=False)]

    assert sentence in "".join(told(*named, **facts))


@pytest.mark.parametrize(
    ("unit", "unsaid"),
    [
        pytest.param(
            {"done": 0, "done_before": 0, "sealed": 0, "filing": "未报"}, "尚未取得进展", id="by an earlier month"
        ),
        pytest.param({"overdue_items": 3, "is_accepted": False}, "超过计划", id="overdue by an earlier month"),
        pytest.param({"filing": "未到期限"}, "报送不及时", id="late within an extension"),
        pytest.param({"done": 25, "overdue_items": 1}, "予以肯定", id="good with items overdue"),
        pytest.param({"done": 25, "is_accepted": False}, "予以肯定", id="good with figures not yet accepted"),
        pytest.param({"filing": "无需报送", "done_before": 12}, "没有新增完成。甲市", id="idle where nothing was owed"),
    ],
)
def test_nobody_is_praised_or_blamed_wrongly(unit, unsaid):
    assert unsaid not in "".join(told(figures("甲市", **unit), figures("乙市", done=2)))


def test_a_section_without_content_is_left_out_and_the_others_are_numbered_on():
    headings = [one.heading for one in sections(figures("甲市"), figures("乙市", done=11), next_due=None)]

    assert headings == ["", "一、总体情况", "二、进展较好的单位", "三、下一步工作要求"]


def test_when_all_is_done_nothing_is_asked_for():
    headings = [one.heading for one in sections(figures("甲市", done=30), next_due=None)]

    assert headings == ["", "一、总体情况", "二、进展较好的单位"]
