"""The Chinese words for what the board and the command line show: standings, letters, decisions, outcomes."""

from collections.abc import Mapping
from types import MappingProxyType

from phaseout.domain.campaign import UnitKind
from phaseout.domain.decision import Decision
from phaseout.domain.finding import Severity
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.obligation import Standing
from phaseout.domain.submission import Outcome

NO_TASK = "无任务"

STANDING_WORDS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.NOT_OPEN: "未开始",
        Standing.OPEN: "待报送",
        Standing.LATE: "逾期未报",
        Standing.RECEIVED: "待审核",
        Standing.HELD: "待核定",
        Standing.RETURNED: "退回待更正",
        Standing.ACCEPTED: "审核通过",
        Standing.NEVER_FILED: "始终未报",
    }
)

# A goal is met, not filed: four standings read differently.
GOAL_WORDS: Mapping[Standing, str] = MappingProxyType(
    {
        **STANDING_WORDS,
        Standing.OPEN: "推进中",
        Standing.LATE: "逾期未完成",
        Standing.ACCEPTED: "已完成",
        Standing.NEVER_FILED: "始终未完成",
    }
)

LETTER_WORDS: Mapping[LetterKind, str] = MappingProxyType(
    {
        LetterKind.REQUEST: "报送提示函",
        LetterKind.REMINDER: "催报函",
        LetterKind.OVERDUE: "逾期催报函",
        LetterKind.RECEIPT: "回执",
        LetterKind.RETURN: "退回更正函",
        LetterKind.SUPERVISION: "督办函",
        LetterKind.CRITICISM: "通报批评",
        LetterKind.COORDINATION: "提请协调函",
        LetterKind.TABLES: "汇总表分送函",
        LetterKind.THANKS: "致谢及办结函",
        LetterKind.EXTENSION: "延期通知函",
        LetterKind.EXEMPTION: "免报事项通知函",
        LetterKind.SIGNING: "提请签发提醒",
        LetterKind.VERIFICATION: "来件核实函",
        LetterKind.RESEND: "补附报表告知函",
        LetterKind.PREVIEW: "预检告知函",
        LetterKind.HEALTH: "运行情况告知",
    }
)

DECISION_WORDS: Mapping[Decision, str] = MappingProxyType(
    {
        Decision.ACCEPTED: "审核通过",
        Decision.RETURNED: "退回",
        Decision.HELD: "待核定",
    }
)

OUTCOME_WORDS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ACCEPTED: "审核通过",
        Outcome.RETURNED: "退回",
        Outcome.HELD: "待核定",
        Outcome.QUARANTINED: "隔离待查",
        Outcome.REFUSED: "拒收",
        Outcome.DUPLICATE: "重复件",
        Outcome.IGNORED: "不作处理",
    }
)


def standing_word(standing: Standing, *, is_goal: bool = False) -> str:
    """Return the word for a standing (办理状态), as an obligation's or a goal's."""
    return (GOAL_WORDS if is_goal else STANDING_WORDS)[standing]


def late_words(days_late: int) -> str:
    """Return how late something is (逾期天数); nothing when it is not."""
    return f"逾期{days_late}个工作日" if days_late > 0 else ""


LETTER_STATE_WORDS: Mapping[LetterState, str] = MappingProxyType(
    {
        LetterState.DRAFT: "待签发",
        LetterState.QUEUED: "待发",
        LetterState.SENDING: "发送中",
        LetterState.SENT: "已发出",
        LetterState.FAILED: "未能发出",
        LetterState.UNCERTAIN: "是否送达待查",
        LetterState.WITHHELD: "不予签发",
        LetterState.WITHDRAWN: "已撤回",
    }
)

SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.BLOCKING: "无法受理",
        Severity.ERROR: "须更正",
        Severity.WARNING: "请核实",
        Severity.NOTE: "提示",
    }
)

# What all units of a campaign are called together.
GROUP_WORD = "各单位"
GROUP_WORDS: Mapping[UnitKind, str] = MappingProxyType(
    {
        UnitKind.CITY: "各市",
        UnitKind.COUNTY: "各县（市、区）",
        UnitKind.TOWNSHIP: "各乡镇（街道）",
        UnitKind.PARK: "各园区",
        UnitKind.BUREAU: "各部门",
    }
)
