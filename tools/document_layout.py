"""What the standard Word templates look like (公文版式): fonts, styles and tables, after GB/T 9704."""

from collections.abc import Mapping, Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt

SONG, FANG, KAI, HEI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
LATIN = "Times New Roman"
# What stands in where a machine lacks a font.
FALLBACKS = {SONG: "宋体,SimSun", FANG: "仿宋,FangSong", KAI: "楷体,KaiTi", HEI: "SimHei", PLAIN: "SimSun"}
TWO, THREE, FOUR, FIVE = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号、三号、四号、五号
LINE = Pt(28)
# Name, font, size, alignment, first line in characters, right indent in characters, what more.
STYLES: Sequence[tuple[str, str, Any, Any, int, int, Mapping[str, Any]]] = (
    ("Title", SONG, TWO, ALIGN.CENTER, 0, 0, {"line": Pt(36), "after": 6}),
    ("Subtitle", KAI, FOUR, ALIGN.CENTER, 0, 0, {"after": 14}),
    ("Body Text", FANG, THREE, ALIGN.JUSTIFY, 2, 0, {}),
    ("Heading 1", HEI, THREE, ALIGN.JUSTIFY, 2, 0, {"keep": True}),
    ("Heading 2", SONG, Pt(18), ALIGN.CENTER, 0, 0, {"keep": True, "line": Pt(30), "after": 4}),
    ("发文字号", FANG, THREE, ALIGN.CENTER, 0, 0, {"after": 20}),
    ("主送机关", FANG, THREE, ALIGN.LEFT, 0, 0, {}),
    ("附件说明", FANG, THREE, ALIGN.LEFT, -3, 0, {"left": 5, "keep": True}),
    ("署名", FANG, THREE, ALIGN.RIGHT, 0, 2, {"before": 56, "keep": True}),
    ("成文日期", FANG, THREE, ALIGN.RIGHT, 0, 4, {}),
    ("附注", FANG, THREE, ALIGN.LEFT, 2, 0, {}),
    ("附件标记", HEI, THREE, ALIGN.LEFT, 0, 0, {"keep": True, "page": True}),
    ("表头", HEI, FIVE, ALIGN.CENTER, 0, 0, {"line": Pt(15)}),
    ("表格文字", FANG, FIVE, ALIGN.CENTER, 0, 0, {"line": Pt(15)}),
    ("表格数字", FANG, FIVE, ALIGN.RIGHT, 0, 0, {"line": Pt(15)}),
    ("表注", FANG, FIVE, ALIGN.JUSTIFY, 0, 0, {"line": Pt(17), "before": 4}),
    ("图", FANG, FIVE, ALIGN.CENTER, 0, 0, {"single": True}),
    ("演练提示", KAI, FOUR, ALIGN.CENTER, 0, 0, {"after": 10, "colour": "9C3A00"}),
)
REPLAY = "回放演练（虚构数据）：所涉单位、企业和数据均为虚构，不作为公文，请勿据此办理。"
BULLETIN_HEAD: Sequence[tuple[str, Sequence[str]]] = (
    ("排名", ()),
    ("填报单位", ()),
    ("排查企业数", ()),
    ("落后生产工艺装备", ("企业数", "项数", "台（套）数")),
    ("完成情况（台、套）", ("本月", "累计", "其中拆除", "其中封存", "通过验收")),
    ("完成率", ("按台套", "按企业")),
    ("报送情况", ("本月", "退回件次")),
    ("超计划时限（项）", ()),
)
BULLETIN_FIELDS = (
    "rank_word", "unit_name", "enterprises", "outdated_enterprises", "item_count", "sets", "done_this_month", "done",
    "dismantled", "sealed", "inspected", "rate", "enterprise_rate", "filing", "returns", "overdue_items",
)  # fmt: skip
BULLETIN_WIDTHS = (16, 20, 15, 13, 12, 18, 12, 12, 13, 13, 13, 16, 16, 30, 13, 17)
CHANGE_HEAD = ("单位（事项）", "数据项", "更正前", "更正后", "变动依据")
CHANGE_FIELDS = ("place", "figure", "before", "after", "by")
CHANGE_WIDTHS = (36, 50, 26, 26, 105)
CLOSING_TABLES = (
    (
        "units",
        ("填报单位", "应报件数", "按时", "逾期", "未报", "退回件次", "应淘汰企业数", "完成企业数", "应淘汰台（套）数",
         "完成台（套）数", "其中拆除", "其中封存", "通过验收", "尚未完成", "完成率"),
        ("unit_name", "expected", "on_time", "late", "missing", "returns", "enterprises", "closed_enterprises", "sets",
         "done", "dismantled", "sealed", "inspected", "left_open", "rate"),
        (24, 14, 13, 13, 13, 14, 18, 16, 18, 18, 15, 15, 15, 15, 20),
        "totals",
    ),
    (
        "filings",
        ("报送事项", "截止日期", "应报件数", "已报", "按时", "审核通过", "一次通过"),
        ("name", "due_date", "expected", "received", "on_time", "accepted", "accepted_first_time"),
        (84, 44, 23, 23, 23, 23, 23),
        "filing_totals",
    ),
    (
        "industries",
        ("行业", "企业数", "装备项数", "台（套）数", "累计完成", "其中拆除", "其中封存", "尚未完成"),
        ("industry", "enterprises", "item_count", "sets", "done", "dismantled", "sealed", "left_open"),
        (38, 29, 29, 29, 29, 29, 29, 29),
        None,
    ),
    (
        "open_items",
        ("填报单位", "县（市、区）", "企业名称", "行业", "装备名称", "规格型号", "数量（台、套）", "当前状态",
         "未完成原因", "计划完成时限"),
        ("unit_name", "county", "enterprise_name", "industry", "equip_name", "equip_model", "sets", "closure_status",
         "open_reason", "plan_date"),
        (20, 22, 50, 18, 26, 28, 16, 24, 22, 26),
        None,
    ),
)  # fmt: skip
