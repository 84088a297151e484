"""A county's month (月度报送): survey summary (表2) and progress form (表3) of the same fifty machines."""

import random
from collections.abc import Mapping
from datetime import date

from benchmarks import samples
from phaseout.domain.campaign import Campaign, Unit
from phaseout.domain.form import Form
from phaseout.domain.submission import Value

PERIOD, AS_OF_DATE, FILLED_ON = "2022-08", date(2022, 8, 30), date(2022, 8, 29)
FORMS = ("survey_summary", "progress")
_KEPT = ("seq", "city", "county", "enterprise_name", "uscc", "equip_name", "equip_model", "equip_params", "equip_count")
_KEPT_TOO = ("capacity", "capacity_unit", "plan_date", "measure")
_MEASURES = ("拆除", "整体关停")


def month(
    campaign: Campaign, forms: Mapping[str, Form], unit: Unit, *, number: int, is_wrong: bool
) -> dict[str, bytes]:
    """Return a unit's workbooks by form, the survey with faults if it is to be wrong."""
    dice = random.Random(number)  # noqa: S311 - samples, no secrets
    (industry,) = unit.industries
    kind = samples.INDUSTRIES.index(industry)
    rows = [samples.survey_row(dice, unit, place=place, kind=kind, outdated=1.0) for place in range(samples.ROWS)]
    for row in rows:
        row["measure"] = dice.choice(_MEASURES)
    title = campaign.industry(industry).name
    progress = [_progress_row(row, title) for row in rows]
    if is_wrong:
        samples.put_faults(dice, rows)
    survey, monthly = (forms[name] for name in FORMS)
    return {
        survey.id: samples.written(campaign, survey, unit, industry, rows, filled_on=FILLED_ON),
        monthly.id: samples.written(
            campaign, monthly, unit, industry, progress, period=PERIOD, filled_on=FILLED_ON, as_of_date=AS_OF_DATE
        ),
    }


def _progress_row(row: Mapping[str, Value], industry: str) -> dict[str, Value]:
    return {name: row[name] for name in (*_KEPT, *_KEPT_TOO)} | {
        "industry": industry,
        "closure_status": "未启动",
        "done_count": 0,
        "is_inspected": False,
        "open_reason": "职工安置",
        "next_step": "按计划推进",
    }
