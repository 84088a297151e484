"""Facts of bulletins and editions for tests; the units and the office are invented."""

from dataclasses import asdict
from datetime import date, datetime

from phaseout.domain.bulletin import UnitFigures, bulletin
from phaseout.domain.calendar import CHINA
from phaseout.domain.document import DocumentKind, Edition, FigureChange

AS_OF = datetime(2022, 10, 10, 9, 5, tzinfo=CHINA)


def figures(name, **more):
    given = {"sets": 30, "done": 12, "done_before": 5, "sealed": 3, "inspected": 6, "filing": "按时"} | more
    return UnitFigures(
        code=name,
        name=name,
        enterprises=120,
        outdated_enterprises=14,
        items=20,
        **{"returns": 0, "overdue_items": 0, "closed_enterprises": 4} | given,
    )


UNITS = (
    figures("甲市", done=20),
    figures("乙市", filing="逾期3个工作日"),
    figures("丙市", done=0, done_before=0, sealed=0, filing="未报", overdue_items=4),
    figures("丁市", filing="退回待更正", returns=1),
    figures("戊市", sets=0, done=0, done_before=0, sealed=0),
)


def bulletin_facts(*, units=UNITS, **more):
    facts = {
        "campaign": "sample-2022",
        "campaign_title": "示例省2022年淘汰落后生产工艺装备工作",
        "office_body": "示例省工业和信息化厅",
        "office_desk": "示例处",
        "addressees": "各设区市工业和信息化局",
        "period": "2022-09",
        "number": 2,
        "as_of": AS_OF,
        "stands_on": date(2022, 9, 30),
        "closures_due": date(2022, 11, 30),
        "next_due": date(2022, 10, 30),
    }
    return facts | asdict(bulletin(units)) | more


CHANGE = FigureChange("甲市", "累计完成台（套）数", "19", "20", "2022年9月进展情况表第2版（2022年10月8日审核通过）")
LISTS = {
    "分行业进展": [{"行业": "铁合金", "企业数": 3}],
    "分行业产能": [],
    "逐月进展": [{"月份": "2022-09", "累计完成": 63}],
}


def edition(*, version=1, changes=(), **more):
    return Edition(
        "sample-2022", DocumentKind.BULLETIN, "2022-09", version, AS_OF, bulletin_facts(**more), changes, LISTS
    )
