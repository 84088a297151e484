"""Units × milestones as a table for the terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from phaseout.bootstrap import App
from phaseout.domain.board import board_facts, period_title
from phaseout.domain.campaign import Campaign
from phaseout.domain.exemption import EXEMPT
from phaseout.domain.obligation import Obligation, Standing, StandingView, standings
from phaseout.domain.standing_words import NO_TASK


def matrix(home: App, campaign_id: str, *, as_of: datetime) -> list[dict[str, object]]:
    """Return one row a unit with a word for each milestone."""
    campaign = home.definitions.campaign(campaign_id)
    obligations, views = _standing(home, campaign, as_of=as_of)
    facts = board_facts(campaign, obligations, views)
    return [_line(row, facts["columns"]) for row in facts["rows"]]


def obligation_rows(home: App, campaign_id: str, *, as_of: datetime, unit: str | None) -> list[dict[str, object]]:
    """Return one row an obligation, of one unit or of all."""
    campaign = home.definitions.campaign(campaign_id)
    obligations, views = _standing(home, campaign, as_of=as_of)
    return [
        {
            "obligation": one.id,
            "title": _title(one, campaign),
            "unit_code": one.unit,
            "unit_name": campaign.unit(one.unit).name,
            "milestone": one.milestone,
            "form": one.form,
            "industry": one.industry,
            "period": one.period,
            "is_paper": one.is_paper,
            "due_date": one.due,
            "standing": views[one.id].standing,
            "reason": views[one.id].reason,
            "days_late": views[one.id].days_late,
            "versions": views[one.id].versions,
            "is_exempt": views[one.id].exempt is not None,
        }
        for one in obligations
        if unit in {None, one.unit}
    ]


def in_short(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return of the rows what a person needs who is to act on one of them."""
    words = {"编号": "obligation", "事项": "title", "截止日期": "due_date", "办理状态": "reason"}
    return [{word: row[name] for word, name in words.items()} for row in rows]


def _title(obligation: Obligation, campaign: Campaign) -> str:
    """Return what is owed, short enough to stand beside its id."""
    industry = campaign.industry(obligation.industry).name if obligation.industry else ""
    period = period_title(obligation.period, year=campaign.year) if obligation.period else ""
    parts = (campaign.milestone(obligation.milestone).short_title, industry, period, "纸质件" * obligation.is_paper)
    return "·".join(part for part in parts if part)


def _standing(
    home: App, campaign: Campaign, *, as_of: datetime
) -> tuple[Sequence[Obligation], Mapping[str, StandingView]]:
    obligations = home.ledger.obligations(campaign.id)
    views = standings(
        obligations,
        home.ledger.submitted(campaign.id),
        calendar=home.calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    return obligations, views


def _line(row: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    return {"": row["unit_name"]} | {column["short_title"]: _mark(row["cells"][column["key"]]) for column in columns}


LEGEND = (
    "✓ 通过  +N 逾期N个工作日  待 待报送  逾 逾期未报  退 退回待更正  核 待核  × 始终未报  无 无任务  免 免报  "
    "— 不需报送"
)
MARKS = {
    Standing.NOT_OPEN: "·",
    Standing.OPEN: "待",
    Standing.LATE: "逾",
    Standing.RECEIVED: "收",
    Standing.HELD: "核",
    Standing.RETURNED: "退",
    Standing.ACCEPTED: "✓",
    Standing.NEVER_FILED: "×",
}


def _mark(cell: Mapping[str, Any] | None) -> str:
    """Return a cell in a few characters, so that the year fits a terminal of 80."""
    if cell is None:
        return "—"
    if cell["word"] == NO_TASK:
        return "无"
    if cell["word"] == EXEMPT:
        return "免"
    late = f"+{cell['days_late']}" if cell["days_late"] > 0 else ""
    return MARKS[cell["standing"]] + late
