"""Invented survey summaries (表2) in bulk: many units, fifty rows each, some rows wrong."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.campaign import Campaign, County, Unit
from phaseout.domain.credit_code import ALPHABET, check_character, organisation_check_character
from phaseout.domain.form import Form
from phaseout.domain.submission import Value
from phaseout.ports import FormSheet, FormStamp

ROWS = 50
WRONG_WORKBOOK_EVERY, WRONG_ROWS = 5, 10  # 4 % of all rows hold a fault; four workbooks of five are right and loaded
INDUSTRIES = ("ferroalloy", "aluminium_melting", "secondary_lead", "leather")
COUNTIES = ("甲县", "乙县", "丙区", "丁区")
PRODUCTS = (
    ("硅铁", "万吨", "矿热炉冶炼", "矿热炉", "{}kVA"),
    ("再生铝锭", "吨", "熔炼", "反射炉", "{}吨"),
    ("再生铅", "吨", "火法熔炼", "鼓风炉", "炉床面积{}平方米"),
    ("轻革", "万平方米", "鞣制", "转鼓", "Φ{}mm"),
)


def crowd(campaign: Campaign, units: int, *, industries: Sequence[str] = INDUSTRIES) -> Campaign:
    """Return the campaign with that many invented units instead of its own."""
    return replace(campaign, units=tuple(_unit(number, industries) for number in range(units)))


def _unit(number: int, industries: Sequence[str]) -> Unit:
    name = f"示例{number:04d}市"
    return Unit(
        code=f"{900000 + number}",
        name=name,
        short_name=f"示例{number:04d}",
        body=f"{name}工业和信息化局",
        mailbox=f"unit{number}@sample.example",
        leader_mailbox=f"leader{number}@sample.example",
        industries=tuple(industries),
        counties=tuple(County(f"{900000 + number}{place:02d}", county) for place, county in enumerate(COUNTIES, 1)),
    )


def workbook(
    campaign: Campaign, form: Form, unit: Unit, industry: str, *, number: int, wrong_every: int = WRONG_WORKBOOK_EVERY
) -> bytes:
    """Return one unit's survey summary of an industry; the same number, the same workbook."""
    dice = random.Random(number)  # noqa: S311 - samples, no secrets
    kind, outdated = INDUSTRIES.index(industry), 0.6
    rows = [survey_row(dice, unit, place=place, kind=kind, outdated=outdated) for place in range(ROWS)]
    if wrong_every and number % wrong_every == 0:
        put_faults(dice, rows)
    return written(campaign, form, unit, industry, rows, filled_on=date(2022, 8, 8))


def put_faults(dice: random.Random, rows: list[dict[str, Value]]) -> None:
    """Make some rows of a survey summary wrong."""
    for place in dice.sample(range(len(rows)), WRONG_ROWS):
        rows[place] |= _fault(dice, rows[place])


def written(
    campaign: Campaign,
    form: Form,
    unit: Unit,
    industry: str,
    rows: list[dict[str, Value]],
    *,
    period: str | None = None,
    **head: Value,
) -> bytes:
    """Return the workbook of a form as our own templates have it, filled in."""
    title = campaign.industry(industry).name
    known: dict[str, Value] = {"reporting_unit": unit.body}
    if not period:
        known["industry"] = title
    return XlsxWriterWorkbooks().write(
        form,
        [FormSheet(str(form.number), known | head, rows)],
        stamp=FormStamp(campaign.id, unit.code, None if period else industry, period),
        choices={"industry": [title], "city": [unit.name], "county": COUNTIES},
    )


def survey_row(dice: random.Random, unit: Unit, *, place: int, kind: int, outdated: float) -> dict[str, Value]:
    """Return a row without a fault; *outdated* is the share of outdated equipment."""
    product, capacity_unit, process, equipment, parameter = PRODUCTS[kind]
    capacity = Decimal(dice.randint(50, 5000)) / 100
    is_outdated = dice.random() < outdated
    row: dict[str, Value] = {
        "seq": place + 1,
        "city": unit.name,
        "county": dice.choice(COUNTIES),
        "enterprise_name": f"{unit.short_name}示例{dice.randrange(10**6):06d}号有限公司",
        "uscc": credit_code(dice),
        "product": product,
        "capacity": capacity,
        "capacity_unit": capacity_unit,
        "output": (capacity * dice.randint(30, 110) / 100).quantize(Decimal("0.01")),
        "process": process,
        "equip_name": equipment,
        "equip_model": f"SL-{dice.randint(1, 99) * 50}",
        "equip_params": parameter.format(dice.randint(1, 60) * 100),
        "equip_count": dice.randint(1, 6),
        "commissioned": f"{dice.randint(1990, 2018)}-{dice.randint(1, 12):02d}",
        "is_outdated": is_outdated,
        "checked_on": date(2022, 6, 10) + timedelta(days=dice.randrange(50)),
        "checked_by": "核查人示例",
        "remark": None if place % 3 else f"样例备注{dice.randrange(1000)}",
    }
    if is_outdated:
        row["catalogue_ref"] = f"三/{dice.randint(1, 12)}"
        row["measure"] = dice.choice(("拆除", "封存", "整体关停"))
        row["plan_date"] = date(2022, 9, 1) + timedelta(days=dice.randrange(90))
    return row


def credit_code(dice: random.Random) -> str:
    """Return a valid credit code of an invented enterprise."""
    organisation = "MA" + "".join(dice.choice(ALPHABET) for _ in range(6))
    organisation += organisation_check_character(organisation)
    body = f"9132{dice.randint(1, 1299):04d}{organisation}"
    return body + check_character(body)


def _fault(dice: random.Random, row: dict[str, Value]) -> dict[str, Value]:
    right = str(row["uscc"])
    faults: tuple[dict[str, Value], ...] = (
        {"uscc": right[:-1] + ("2" if right[-1] != "2" else "3")},
        {"process": None},
        {"equip_count": 0},
        {"checked_on": date(2022, 8, 20)},
    )
    return dice.choice(faults)
