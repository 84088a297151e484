"""Invented survey summaries (表2) in bulk: many units, fifty rows each, some rows wrong."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.campaign import Campaign, County, Unit
from phaseout.domain.credit_code import check_character
from phaseout.domain.form import Form
from phaseout.domain.submission import Value
from phaseout.ports import FormSheet, FormStamp

ROWS = 50
WRONG_EVERY = 25  # 4 % of the rows carry a credit code with a wrong check character
INDUSTRIES = ("ferroalloy", "aluminium_melting", "secondary_lead", "leather")


def crowd(campaign: Campaign, units: int) -> Campaign:
    """Return the campaign with that many invented units instead of its own."""
    return replace(campaign, units=tuple(_unit(number) for number in range(units)))


def _unit(number: int) -> Unit:
    name = f"示例{number:04d}市"
    return Unit(
        code=f"{900000 + number}",
        name=name,
        short_name=f"示例{number:04d}",
        body=f"{name}工业和信息化局",
        mailbox=f"unit{number}@sample.example",
        leader_mailbox=f"leader{number}@sample.example",
        industries=INDUSTRIES,
        counties=(County(f"{900000 + number}01", "甲县"), County(f"{900000 + number}02", "乙县")),
    )


def workbook(campaign: Campaign, form: Form, unit: Unit, industry: str, *, number: int) -> bytes:
    """Return one unit's survey summary of an industry."""
    head: dict[str, Value] = {
        "reporting_unit": unit.body,
        "industry": campaign.industry(industry).name,
        "filled_on": date(2022, 8, 8),
    }
    rows = [_row(unit, number * ROWS + place, is_wrong=(place + number) % WRONG_EVERY == 0) for place in range(ROWS)]
    return XlsxWriterWorkbooks().write(
        form,
        [FormSheet("表2", head, rows)],
        stamp=FormStamp(campaign.id, unit.code, industry, None),
        choices={"industry": [head["industry"]], "city": [unit.name], "county": ["甲县", "乙县"]},  # type: ignore[list-item]  # a name
    )


def _row(unit: Unit, number: int, *, is_wrong: bool) -> dict[str, Value]:
    body = f"9132{number % 10000:04d}{number:09d}"
    right = check_character(body)
    return {
        "seq": number % ROWS + 1,
        "city": unit.name,
        "county": "甲县" if number % 2 else "乙县",
        "enterprise_name": f"示例{number}号有限公司",
        "uscc": body + (("1" if right != "1" else "2") if is_wrong else right),
        "product": "硅铁",
        "capacity": Decimal("1.5"),
        "capacity_unit": "万吨",
        "output": Decimal("1.2"),
        "process": "矿热炉冶炼",
        "equip_name": "矿热炉",
        "equip_model": f"HK-{number % 9 + 1}000",
        "equip_params": "6000kVA",
        "equip_count": number % 3 + 1,
        "commissioned": "2004-05",
        "is_outdated": True,
        "catalogue_ref": "三/一",
        "checked_on": date(2022, 7, 20),
        "measure": "拆除",
        "plan_date": date(2022, 10, 31),
    }
