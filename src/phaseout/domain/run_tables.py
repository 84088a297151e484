"""What the page of a run (运行页面) tells a clerk: sentences and tables, short however many units there are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from phaseout.domain.calendar import CHINA
from phaseout.domain.happened import Dispatched, Handled, HandledForm, UnitStanding, WrittenLetter
from phaseout.domain.letter import DispatchOutcome
from phaseout.domain.markdown import as_markdown
from phaseout.domain.standing_words import DECISION_WORDS, LETTER_WORDS, OUTCOME_WORDS
from phaseout.domain.submission import Outcome

Row: TypeAlias = dict[str, str | int]
T = TypeVar("T")

MOST_ROWS = 200  # a page with thousands of rows is read by nobody, and is slow
MOST_NAMES = 20
LONGEST_NAME = 40

# What comes first where not everything is shown: what a person must look at.
_URGENCY = (Outcome.QUARANTINED, Outcome.REFUSED, Outcome.RETURNED, Outcome.HELD, Outcome.ACCEPTED)

TRY_WORDS: Mapping[DispatchOutcome, str] = {
    DispatchOutcome.SENT: "已发出",
    DispatchOutcome.FILED: "已存发件目录（未设邮件服务器）",
    DispatchOutcome.RETRY: "暂未发出，稍后自动重发",
    DispatchOutcome.UNREACHABLE: "邮件服务器无法连接，稍后自动重发",
    DispatchOutcome.SLOW: "邮件服务器要求放慢，稍后自动重发",
    DispatchOutcome.TOMORROW: "当日额度已满，次日再发",
    DispatchOutcome.HELD: "邮件服务器暂缓受理，稍后自动重发",
    DispatchOutcome.PERMANENT: "收件地址被拒收，请核实邮箱",
    DispatchOutcome.UNCERTAIN: "是否送达待查，请向对方核实",
    DispatchOutcome.AUTH: "邮件服务器拒绝登录，请系统管理员核对账号",
    DispatchOutcome.CONFIG: "发件设置有误，请系统管理员核对",
}


def instant_words(instant: datetime) -> str:
    """Return an instant as officials write it, in China's time."""
    here = instant.astimezone(CHINA)
    return f"{here.year}年{here.month}月{here.day}日{here.hour}时{here.minute:02d}分"


def names_in_short(names: Iterable[str]) -> str:
    """Return names in one line: all of a few, the first of many."""
    known = list(dict.fromkeys(name for name in names if name))
    shown = "、".join(known[:MOST_NAMES])
    return f"{shown}等{len(known)}个单位" if len(known) > MOST_NAMES else shown


def standing_rows(rows: Sequence[UnitStanding]) -> list[Row]:
    """Return where each unit stands, the most urgent first."""
    ordered = sorted(rows, key=lambda one: (one.accepted == one.expected, one.received == one.expected, -one.days_late))
    return _bounded(ordered, _standing_row, of="填报单位")


def _standing_row(one: UnitStanding) -> Row:
    return {
        "填报单位": one.unit_name,
        "应报": one.expected,
        "已报": one.received,
        "审核通过": one.accepted,
        "逾期（工作日）": max(one.days_late, 0) or "",
        "办理状态": one.reason,
    }


def intake_rows(handled: Sequence[Handled]) -> list[Row]:
    """Return what arrived, from whom, what became of it and what was wrong, what needs a person first."""
    places = {outcome: place for place, outcome in enumerate(_URGENCY)}
    ordered = sorted(handled, key=lambda one: (places.get(one.outcome, len(places)), one.arrived_at))
    return _bounded(ordered, _intake_row, of="填报单位")


def _intake_row(one: Handled) -> Row:
    troubles = "；".join(dict.fromkeys(form.trouble for form in one.forms if form.trouble))
    return {  # what a narrow page cuts off is least needed
        "填报单位": one.unit_name or "待核实",
        "结果": OUTCOME_WORDS[one.outcome],
        "说明": _plain(troubles or ("" if one.outcome is Outcome.ACCEPTED else one.reason)),
        "报表": _forms_words(one.forms),
        "来件": _plain(one.name if len(one.name) <= LONGEST_NAME else f"{one.name[:LONGEST_NAME]}…"),
        "收到时间": instant_words(one.arrived_at),
    }


def _forms_words(forms: Sequence[HandledForm]) -> str:
    is_mixed = len({form.decision for form in forms}) > 1
    words = {form: f"，{DECISION_WORDS[form.decision]}" if is_mixed else "" for form in forms}
    return "；".join(f"{form.title}第{form.version}版{words[form]}" for form in forms)


def _plain(text: str) -> str:
    """Return a stranger's words as a cell shows them: Prefect takes cells for Markdown."""
    return as_markdown(" ".join(text.split())).rstrip()


def letter_rows(written: Sequence[WrittenLetter]) -> list[Row]:
    """Return how many letters of each kind were written, and to whom."""
    counts = Counter((one.kind, one.is_draft) for one in written)
    return [
        {
            "函件": LETTER_WORDS[kind],
            "件数": count,
            "办理": "待签发" if is_draft else "待发",
            "填报单位": names_in_short(
                one.unit_name for one in written if (one.kind, one.is_draft) == (kind, is_draft)
            ),
        }
        for (kind, is_draft), count in counts.most_common()
    ]


def try_rows(tried: Sequence[Dispatched], *, names: Mapping[tuple[str, str], str]) -> list[Row]:
    """Return how many letters of each kind left, and what did not, to whom; *names* are those of campaigns' units."""
    counts = Counter((one.kind, one.outcome) for one in tried)
    return [
        {
            "函件": LETTER_WORDS[kind],
            "件数": count,
            "结果": TRY_WORDS[outcome],
            "填报单位": names_in_short(
                names.get((one.campaign, one.unit), "") for one in tried if (one.kind, one.outcome) == (kind, outcome)
            ),
        }
        for (kind, outcome), count in sorted(counts.items(), key=lambda item: (item[0][1] in SMOOTH, -item[1]))
    ]


SMOOTH: Collection[DispatchOutcome] = frozenset({DispatchOutcome.SENT, DispatchOutcome.FILED})


def standing_words(
    rows: Sequence[UnitStanding], *, title: str, taken: Sequence[str], as_of: datetime, is_goal: bool
) -> str:
    """Return how a milestone stands, in a heading and a sentence."""
    accepted = sum(one.accepted == one.expected for one in rows)
    received = sum(one.received == one.expected for one in rows)
    late = sum(one.received < one.expected and one.days_late > 0 for one in rows)
    how = (
        f"应完成单位{len(rows)}个，已完成{accepted}个"
        if is_goal
        else f"应报单位{len(rows)}个，已报送{received}个，审核通过{accepted}个"
    )
    counted = f"\n\n本次到期清点：{'、'.join(taken)}。" if taken else ""
    return f"## {title}\n\n截至{instant_words(as_of)}，{how}，逾期{late}个。{counted}"


def _bounded(rows: Sequence[T], row: Callable[[T], Row], *, of: str) -> list[Row]:
    shown = [row(one) for one in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        rest: Row = dict.fromkeys(shown[0], "")
        shown.append(rest | {of: f"其余{len(rows) - MOST_ROWS}项从略"})
    return shown
