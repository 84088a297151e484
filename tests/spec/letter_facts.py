"""Facts of one letter of each kind. Every unit, person, telephone number and address is invented."""

from datetime import date, datetime

from phaseout.domain.calendar import CHINA
from phaseout.domain.finding import Finding, Severity

COMMON = {
    "campaign_title": "2022年重点行业落后生产工艺装备排查和淘汰工作",
    "notice": "《关于组织开展2022年重点行业落后生产工艺装备排查和淘汰工作的通知》",
    "office_body": "某省工业和信息化厅",
    "office_desk": "产业转型升级处",
    "office_phone": "000-00000000",
    "office_mailbox": "office@gxt.example",
    "unit_name": "甲市",
    "unit_body": "甲市工业和信息化局",
    "is_replay": False,
    "entries": {"kept": 0, "cancelled": 0},
}


def line(**changes: object) -> dict[str, object]:
    return {
        "letter": "request",
        "milestone_title": "排查汇总",
        "form_title": "企业生产工艺装备情况调查汇总表",
        "form_number": "表2",
        "allows_zero": True,
        "is_paper": False,
        "paper_copies": 2,
        "period": None,
        "industries": ["铁合金", "铝熔炼", "制革", "造纸", "印染", "化纤"],
        "opens": date(2022, 8, 1),
        "nominal_due": date(2022, 8, 12),
        "due": date(2022, 8, 12),
        "closes": date(2022, 12, 31),
        "days_late": -9,
        "is_soft": False,
        "is_correction": False,
        "correction_due": None,
        "basis": "二（三）1",
    } | changes


def finding(**changes: object) -> Finding:
    return Finding(
        **{
            "rule": "SUM-101",
            "severity": Severity.ERROR,
            "title": "统一社会信用代码校验位",
            "message": "统一社会信用代码“91320100MA1X7YZ02K”未通过校验位核验",
            "remedy": "请对照营业执照核对后更正",
            "file": "甲市表2铁合金.xlsx",
            "sheet": "铁合金",
            "row": 12,
            "cell": "E12",
            "field": "uscc",
            "field_label": "统一社会信用代码",
            "found": "91320100MA1X7YZ02K",
            "expected": "18位，符合GB 32100-2015",
        }
        | changes
    )


def workbook(**changes: object) -> dict[str, object]:
    return {
        "file_name": "甲市表2铁合金.xlsx",
        "form_title": "企业生产工艺装备情况调查汇总表",
        "form_number": "表2",
        "industry": "铁合金",
        "period": None,
        "decision": "accepted",
        "version": 1,
        "is_zero": False,
        "due": date(2022, 8, 12),
        "days_late": 0,
        "correction_due": None,
        "findings": [],
        "reached": "consistent",
        "waiting": [],
        "paper_copies": 0,
        "check_figure": None,
        "refusal": None,
        "duplicate_of": None,
        "duplicate_decision": None,
        "duplicate_figures": [],
    } | changes


def open_item(enterprise: str, equipment: str, **changes: object) -> dict[str, object]:
    return {
        "enterprise": enterprise,
        "equipment": equipment,
        "count": 1,
        "planned": date(2022, 10, 31),
        "reason": "未说明",
        "period": "2022-11",
    } | changes


def filed(filed_on: date, accepted_on: date, **changes: object) -> dict[str, object]:
    return line(**changes) | {"filed_on": filed_on, "accepted_on": accepted_on}


INVENTORY = line(
    milestone_title="排查底数",
    form_title="排查完成情况表",
    form_number=None,
    allows_zero=False,
    paper_copies=0,
    industries=[],
    nominal_due=date(2022, 7, 30),
    due=date(2022, 7, 30),
    is_soft=True,
    basis="二（一）",
)
PROGRESS = line(
    milestone_title="月度进展",
    form_title="关停淘汰落后生产工艺装备进展情况表",
    form_number="表3",
    paper_copies=0,
    period="2022-08",
    industries=[],
    opens=date(2022, 8, 22),
    nominal_due=date(2022, 8, 30),
    due=date(2022, 8, 30),
    days_late=-6,
    basis="二（三）2",
)

REQUEST = COMMON | {
    "written_on": date(2022, 8, 1),
    "lines": [line()],
    "files": ["甲市表2空白表.xlsx"],
    "entries": {"kept": 1, "cancelled": 0},
}
REMINDER = COMMON | {
    "written_on": date(2022, 8, 22),
    "lines": [
        line(
            letter="reminder", industries=["铁合金"], days_late=0, due=date(2022, 8, 22), nominal_due=date(2022, 8, 20)
        ),
        line(
            letter="reminder",
            industries=["造纸", "印染"],
            is_correction=True,
            correction_due=date(2022, 8, 24),
            days_late=-2,
        ),
        PROGRESS,
    ],
    "files": ["甲市表3预填表（2022年8月）.xlsx"],
    "entries": {"kept": 2, "cancelled": 0},
}
OVERDUE = COMMON | {
    "written_on": date(2022, 8, 16),
    "lines": [
        line(letter="overdue", industries=["铁合金", "铝熔炼"], days_late=2),
        INVENTORY | {"letter": "reminder", "days_late": 12},
        PROGRESS | {"opens": date(2022, 8, 16), "days_late": -10},
    ],
    "files": ["甲市-表2-铁合金.xlsx", "甲市-表2-铝熔炼.xlsx", "甲市-表3-2022-08.xlsx"],
}
RECEIPT = COMMON | {
    "written_on": date(2022, 8, 11),
    "delivery_number": "2022-0042",
    "arrived_at": datetime(2022, 8, 11, 9, 5, tzinfo=CHINA),
    "subject": "报送表2（铁合金等）",
    "is_late": False,
    "is_again": False,
    "workbooks": [
        workbook(paper_copies=2, check_figure="7KM3-XWP9"),
        workbook(
            file_name="甲市表2制革.xlsx",
            industry="制革",
            is_zero=True,
            version=2,
            paper_copies=2,
            check_figure="4HNC-R6TA",
        ),
        workbook(
            file_name="甲市表2铝熔炼.et",
            industry="铝熔炼",
            findings=[
                finding(
                    rule="SUM-120",
                    severity=Severity.WARNING,
                    message="2021年产量12万吨，超过产能8万吨的1.2倍",
                    expected="不高于产能的1.2倍",
                    remedy="请核对产能和产量的计量单位",
                    sheet="铝熔炼",
                    cell="J9",
                    field_label="2021年产量",
                ),
                finding(
                    rule="SUM-120",
                    severity=Severity.WARNING,
                    message="2021年产量6万吨，超过产能4万吨的1.2倍",
                    expected="不高于产能的1.2倍",
                    remedy="请核对产能和产量的计量单位",
                    sheet="铝熔炼",
                    cell="J11",
                    field_label="2021年产量",
                    explained_on=date(2022, 8, 9),
                ),
                finding(severity=Severity.NOTE, sheet="铝熔炼", waived_on=date(2022, 8, 10)),
            ],
        ),
        workbook(file_name="甲市表2造纸.xlsx", industry="造纸", decision="held"),
        workbook(
            file_name="表2铁合金（副本）.xlsx",
            decision="duplicate",
            version=None,
            reached=None,
            duplicate_of="2022年8月10日收到的《企业生产工艺装备情况调查汇总表》（铁合金）",
            duplicate_decision="accepted",
            duplicate_figures=["7KM3-XWP9"],
        ),
    ],
    "still_owed": [line(letter="reminder", industries=["印染", "化纤"], days_late=-1)],
    "files": ["批注件-甲市表2铝熔炼.xlsx"],
    "files_left_out": [],
}
RETURN = COMMON | {
    "written_on": date(2022, 8, 15),
    "delivery_number": "2022-0057",
    "arrived_at": datetime(2022, 8, 15, 16, 40, tzinfo=CHINA),
    "subject": "甲市表2",
    "is_late": True,
    "is_again": False,
    "workbooks": [
        workbook(
            decision="returned",
            days_late=1,
            correction_due=date(2022, 8, 18),
            findings=[
                finding(explained_on=date(2022, 8, 12)),
                finding(
                    rule="SUM-304",
                    message="同一企业同一装备在第9行和第15行重复填报",
                    expected="每台（套）装备填报一行",
                    remedy="请合并为一行或者补充规格型号加以区分",
                    cell="F15",
                    field_label="装备名称",
                ),
                finding(
                    rule="SUM-310",
                    message="合计栏填报37台（套），逐行相加为35台（套）",
                    expected="35",
                    remedy="请核对明细后更正合计",
                    cell=None,
                    row=22,
                    field_label="数量（台、套）",
                ),
                finding(
                    rule="READ-004",
                    severity=Severity.BLOCKING,
                    message="缺少“填报单位（盖章）”",
                    expected=None,
                    remedy="请补填填报单位",
                    sheet=None,
                    cell=None,
                    row=None,
                    field_label=None,
                ),
                finding(
                    rule="SUM-130",
                    severity=Severity.NOTE,
                    message="备注栏写有“待定”",
                    expected=None,
                    remedy="请在下次报送前明确",
                    cell="V18",
                    field_label="备注",
                ),
            ],
        ),
        workbook(
            file_name="甲市表2扫描件.pdf",
            form_title=None,
            form_number=None,
            industry=None,
            decision="refused",
            version=None,
            due=None,
            reached=None,
            refusal={"title": "文件不是电子表格", "remedy": "请附可以编辑的电子表格，扫描件可作为纸质件另行寄送"},
        ),
        workbook(
            file_name="甲市排查完成情况表.xlsx",
            form_title="排查完成情况表",
            form_number=None,
            industry=None,
            decision="after_close",
            version=None,
        ),
    ],
    "still_owed": [],
    "files": ["批注件-甲市表2铁合金.xlsx"],
    "files_left_out": [],
}
SUPERVISION = COMMON | {
    "written_on": date(2022, 8, 17),
    "lines": [line(letter="overdue", industries=["铁合金", "铝熔炼"], days_late=3)],
}
CRITICISM = COMMON | {
    "written_on": date(2022, 8, 23),
    "units": [
        {"unit_name": "甲市", "lines": [line(letter="overdue", industries=["铁合金", "铝熔炼"], days_late=7)]},
        {"unit_name": "乙市", "lines": [line(letter="overdue", industries=["造纸"], days_late=7)]},
    ],
}
VERIFICATION = COMMON | {
    "written_on": date(2022, 8, 11),
    "delivery_number": "1A2B3C4D",
    "arrived_at": datetime(2022, 8, 11, 9, 5, tzinfo=CHINA),
    "address": "zhang.shili@elsewhere.example",
    "reason": "发件人不在联系人名册内",
}
RESEND = COMMON | {
    "written_on": date(2022, 8, 11),
    "delivery_number": "1A2B3C4D",
    "arrived_at": datetime(2022, 8, 11, 9, 5, tzinfo=CHINA),
    "subject": "报送表2（铁合金等）",
    "reason": "报表以网盘链接或者超大附件形式发送，未随邮件到达",
}
PREVIEW = COMMON | {
    "written_on": date(2022, 8, 11),
    "delivery_number": "1A2B3C4D",
    "arrived_at": datetime(2022, 8, 11, 9, 5, tzinfo=CHINA),
    "subject": "表2预检",
    "workbooks": [
        workbook(decision="clean", version=None),
        workbook(file_name="甲市表2制革.xlsx", industry="制革", decision="faulty", version=None, findings=[finding()]),
        workbook(
            file_name="甲市表2扫描件.pdf",
            form_title=None,
            form_number=None,
            industry=None,
            decision="unreadable",
            version=None,
            due=None,
            reached=None,
            refusal={"title": "文件不是电子表格", "remedy": "请附可以编辑的电子表格，扫描件可作为纸质件另行寄送"},
        ),
    ],
    "still_owed": [],
    "files": ["批注件-甲市表2制革.xlsx"],
    "files_left_out": [],
    "most_a_day": 20,
}
SIGNING = COMMON | {
    "written_on": date(2022, 8, 22),
    "unit_name": "",
    "unit_body": "",
    "page": None,
    "drafts": [
        {
            "number": 53,
            "kind_title": "督办函",
            "unit_name": "甲市",
            "subject": "【督办】2022年重点行业落后生产工艺装备排查和淘汰工作（甲市）：请立即报送排查汇总（表2）",
            "drafted_on": date(2022, 8, 17),
            "age": 3,
        },
        {
            "number": 61,
            "kind_title": "通报批评",
            "unit_name": "乙市",
            "subject": "【通报批评】关于乙市未按期报送2022年重点行业落后生产工艺装备排查和淘汰工作有关材料的通报",
            "drafted_on": date(2022, 8, 22),
            "age": 0,
        },
    ],
}

COORDINATION = COMMON | {
    "written_on": date(2022, 12, 7),
    "addressee": "某省淘汰落后产能工作领导小组办公室",
    "milestone_title": "落后生产工艺装备关停淘汰到期",
    "due": date(2022, 11, 30),
    "open_items": [
        open_item("甲市第一铸造有限公司", "工频炉", reason="职工安置"),
        open_item("甲市第一铸造有限公司", "冲天炉", count=2, reason="职工安置"),
        open_item("甲市东方制革厂", "转鼓", count=6, planned=None, reason="其他"),
    ],
    "files": ["甲市-到期未关停淘汰装备清单.xlsx"],
}
TABLES = COMMON | {
    "written_on": date(2022, 8, 15),
    "counted_on": date(2022, 8, 13),
    "unit_name": "",
    "unit_body": "",
    "addressee": "材料工业处",
    "milestone_title": "企业生产工艺装备情况调查汇总",
    "due": date(2022, 8, 12),
    "industries": [
        {"name": "铁合金", "expected": 13, "accepted": 11, "waiting": ["甲市", "乙市"], "items": 214},
        {"name": "铝熔炼", "expected": 13, "accepted": 13, "waiting": [], "items": 0},
    ],
    "files": ["企业生产工艺装备情况调查汇总（铁合金）.xlsx"],
}
THANKS = COMMON | {
    "written_on": date(2022, 12, 19),
    "filed": [
        filed(date(2022, 8, 9), date(2022, 8, 9), industries=["铁合金", "铝熔炼"]),
        filed(date(2022, 8, 11), date(2022, 8, 15), industries=["制革"]),
        filed(date(2022, 8, 16), date(2022, 8, 16), is_paper=True, industries=["铁合金", "铝熔炼", "制革"]),
        PROGRESS | {"filed_on": date(2022, 8, 29), "accepted_on": date(2022, 8, 29)},
        PROGRESS | {"period": "2022-09", "filed_on": None, "accepted_on": None},
    ],
    "closures": {"period": "2022-11", "items": 37, "sets": 52, "closed": 37, "sealed": 4},
    "last_milestone": "完成淘汰清单及核查验收表",
    "last_due": date(2022, 12, 15),
}
EXTENSION = COMMON | {
    "written_on": date(2022, 8, 10),
    "lines": [line(industries=["铁合金"], due=date(2022, 8, 22))],
    "is_replanned": False,
    "due_before": date(2022, 8, 12),
    "entries": {"kept": 1, "cancelled": 0},
}

REPLANNED = COMMON | {
    "written_on": date(2022, 8, 10),
    "lines": [
        line(due=date(2022, 8, 22), due_before=date(2022, 8, 12)),
        line(is_paper=True, is_soft=True, due=date(2022, 8, 22), due_before=date(2022, 8, 12)),
    ],
    "is_replanned": True,
    "entries": {"kept": 1, "cancelled": 0},
}
EXEMPTION = COMMON | {
    "written_on": date(2022, 8, 3),
    "lines": [line(industries=["制革"])],
    "is_owed": False,
    "copies": 2,
    "entries": {"kept": 0, "cancelled": 1},
}
OWED_AGAIN = EXEMPTION | {
    "written_on": date(2022, 8, 5),
    "is_owed": True,
    "entries": {"kept": 1, "cancelled": 0},
}

HEALTH = COMMON | {
    "written_on": date(2022, 10, 12),
    "unit_name": "",
    "unit_body": "",
    "news": "new",
    "looked_at": datetime(2022, 10, 12, 11, 17, tzinfo=CHINA),
    "troubles": [
        {
            "title": "收件邮箱拒绝登录",
            "what": "收件邮箱拒绝本系统登录，新来件不能收取；授权码可能已经过期或者被更换。",
            "do": "请登录邮箱网页，重新生成授权码，交系统管理员更换；各市已发出的邮件不会丢失。",
            "since": datetime(2022, 10, 12, 8, 5, tzinfo=CHINA),
            "is_new": True,
            "is_marked": True,
        },
        {
            "title": "存放数据的磁盘空间不足",
            "what": "存放数据的磁盘仅剩1900兆字节。",
            "do": "请系统管理员清理磁盘或者扩容。",
            "since": datetime(2022, 10, 11, 17, 17, tzinfo=CHINA),
            "is_new": False,
            "is_marked": False,
        },
    ],
    "over": [
        {
            "title": "作业队列已暂停",
            "since": datetime(2022, 10, 11, 15, 17, tzinfo=CHINA),
            "until": datetime(2022, 10, 11, 16, 17, tzinfo=CHINA),
        }
    ],
}

FACTS = {
    "coordination": COORDINATION,
    "exemption": EXEMPTION,
    "tables": TABLES,
    "thanks": THANKS,
    "extension": EXTENSION,
    "request": REQUEST,
    "reminder": REMINDER,
    "overdue": OVERDUE,
    "receipt": RECEIPT,
    "return": RETURN,
    "supervision": SUPERVISION,
    "criticism": CRITICISM,
    "signing": SIGNING,
    "health": HEALTH,
    "verification": VERIFICATION,
    "resend": RESEND,
    "preview": PREVIEW,
}
