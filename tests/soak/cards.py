"""Enterprise cards (表1) of invented enterprises, as an enterprise rightly fills them in; nobody owes them upwards."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from phaseout.domain.form import Field, Form
from phaseout.domain.invented.equipment import Enterprise, Item
from phaseout.domain.invented.workbooks import InventedUnit
from phaseout.domain.submission import Value
from phaseout.ports import FormSheet

_CLASSES = ("3140", "3216", "1910", "2221", "1713")  # of GB/T 4754


def card(form: Form, unit: InventedUnit, enterprise: Enterprise, chance: Random) -> FormSheet:
    """Return the card of an enterprise; some leave out what nobody must say."""
    head = _head(unit, enterprise, chance)
    rows = list(_rows(unit, enterprise, chance))
    return FormSheet(form.number or form.title, _asked(form.head, head), [_asked(form.columns, row) for row in rows])


def _asked(fields: tuple[Field, ...], values: Mapping[str, Value]) -> dict[str, Value]:
    return {field.name: values.get(field.name) for field in fields}


def filled_on(enterprise: Enterprise) -> date:
    """Return the day on which an enterprise fills in its card: when it was looked at, or a little later."""
    return enterprise.checked_on + timedelta(days=2)


def _head(unit: InventedUnit, enterprise: Enterprise, chance: Random) -> dict[str, Value]:
    checkers = unit.people(f"card {enterprise.uscc}", 3)
    owed: dict[str, Value] = {
        "enterprise_name": enterprise.name,
        "uscc": enterprise.uscc,
        "reporting_unit": unit.unit.body,
        "filled_on": filled_on(enterprise),
        "city": unit.unit.name,
        "county": enterprise.county.name,
        "address": enterprise.address,
        "legal_rep": enterprise.legal_rep,
        "contact_person": checkers[2],
        "contact_phone": enterprise.phone,
        "industry": enterprise.industry.name,
        "gbt4754": chance.choice(_CLASSES),
        "status": chance.choice(("在产", "半停产", "停产")),
        "is_true_and_complete": True,
        "signed_by": enterprise.legal_rep,
        "signed_on": filled_on(enterprise),
        "checked_on": enterprise.checked_on,
        "checked_by": "、".join(checkers[:2]),
        "verdict": "属于" if enterprise.outdated else "不属于",
    }
    free: dict[str, Value] = {
        "longitude": Decimal(chance.randint(1_185_000, 1_205_000)).scaleb(-4),
        "latitude": Decimal(chance.randint(315_000, 335_000)).scaleb(-4),
        "capital": Decimal(chance.randint(100, 90_000)),
        "founded": date(1992, 3, 1) + timedelta(days=chance.randint(0, 900)),
        "staff": chance.randint(8, 900),
        "revenue": Decimal(chance.randint(100, 9_000_000)).scaleb(-2),
        "tax": Decimal(chance.randint(1, 90_000)).scaleb(-2),
        "power": Decimal(chance.randint(1, 90_000)).scaleb(-2),
        "energy": Decimal(chance.randint(1, 90_000)).scaleb(-1),
        "project_approval": f"示例备〔2003〕{chance.randint(1, 99)}号",
        "eia_approval": f"示例环审〔2003〕{chance.randint(1, 99)}号",
        "pictures": chance.randint(1, 9),
        "audit_opinion": "经核对，填报内容属实",
    }
    return owed | {name: value for name, value in free.items() if chance.random() < 0.6}


def _rows(unit: InventedUnit, enterprise: Enterprise, chance: Random) -> Iterator[dict[str, Value]]:
    shares = _shares(enterprise.capacity, len(enterprise.items))
    for number, (item, share) in enumerate(zip(enterprise.items, shares, strict=True), start=1):
        yield {
            "seq": number,
            "product": enterprise.product,
            "capacity": enterprise.capacity,
            "capacity_unit": enterprise.capacity_unit,
            "output": enterprise.output,
            "feed": "外购原料",
            "process": enterprise.process,
            "line_name": f"{number}号生产线",
            "equip_name": item.name,
            "equip_model": item.model,
            "equip_count": item.count,
            "equip_params": item.params,
            "line_capacity": share,
            "line_capacity_unit": enterprise.capacity_unit,
            "commissioned": item.commissioned,
            "origin": chance.choice(("国产", "进口")),
            "fuel": chance.choice(("电", "天然气", "煤")),
            **_judged(enterprise, item),
        }


def _judged(enterprise: Enterprise, item: Item) -> dict[str, Value]:
    if item.catalogue_ref is None or enterprise.course is None:
        return {"self_judged": "否"}
    course = enterprise.course
    plan: dict[str, Value] = {"measure": course.measure, "plan_date": course.plan_date}
    return {"self_judged": "是", "catalogue_ref": item.catalogue_ref, **plan}


def _shares(whole: Decimal, parts: int) -> list[Decimal]:
    """Divide a capacity over the lines; what is left over belongs to the first."""
    share = (whole / parts).quantize(Decimal("0.01"))
    return [whole - share * (parts - 1), *[share] * (parts - 1)]
