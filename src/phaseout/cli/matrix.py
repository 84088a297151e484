"""Units × milestones as a table for the terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from phaseout.bootstrap import App
from phaseout.domain.board import board_facts
from phaseout.domain.obligation import standings


def matrix(home: App, campaign_id: str, *, as_of: datetime, as_json: bool) -> list[dict[str, object]]:
    """Return one row a unit with a word for each milestone; as JSON, one row an obligation."""
    campaign = home.definitions.campaign(campaign_id)
    obligations = home.ledger.obligations(campaign_id)
    views = standings(
        obligations,
        home.ledger.submitted(campaign_id),
        calendar=home.calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    if as_json:
        return [
            {
                "unit_code": one.unit,
                "unit_name": campaign.unit(one.unit).name,
                "milestone": one.milestone,
                "form": one.form,
                "industry": one.industry,
                "period": one.period,
                "due_date": one.due,
                "standing": views[one.id].standing,
                "reason": views[one.id].reason,
                "days_late": views[one.id].days_late,
                "versions": views[one.id].versions,
            }
            for one in obligations
        ]
    facts = board_facts(campaign, obligations, views, as_of=as_of, letters=(), progress=(), todos=())
    columns: Sequence[Mapping[str, object]] = facts["columns"]  # type: ignore[assignment]  # a list of headings
    rows: Sequence[Mapping[str, object]] = facts["rows"]  # type: ignore[assignment]  # a list of rows
    return [
        {"": row["unit_name"]} | {str(c["title"]): _word(row["cells"][c["key"]]) for c in columns}  # type: ignore[index]
        for row in rows
    ]


def _word(cell: Mapping[str, object] | None) -> str:
    if cell is None:
        return "—"
    count = f" {cell['accepted']}/{cell['count']}" if isinstance(cell["count"], int) and cell["count"] > 1 else ""
    late = f" 逾期{cell['days_late']}" if isinstance(cell["days_late"], int) and cell["days_late"] > 0 else ""
    return f"{cell['word']}{count}{late}"
