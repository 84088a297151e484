"""What an invented unit writes on each form at a point in time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from phaseout.domain.calendar import month_of
from phaseout.domain.campaign import Campaign, Unit
from phaseout.domain.form import Field, Form
from phaseout.domain.invented.chance import dice
from phaseout.domain.invented.course import Agenda, Course
from phaseout.domain.invented.equipment import Enterprise, Item, invented_people
from phaseout.domain.invented.places import invented_phone
from phaseout.domain.invented.values import InventedSheet, InventedWorkbook
from phaseout.domain.obligation import Obligation
from phaseout.domain.submission import Value

Values = Mapping[str, Value]

_SHEET_NAME_LENGTH = 31


@dataclass(frozen=True, slots=True)
class Paper:
    """One workbook that a unit means to file: for which obligation, on which days."""

    obligation: Obligation
    form: Form
    filed_on: date
    corrected_on: date  # when it is returned at once

    def filled_on(self, version: int) -> date:
        """Return the day that a version says it was filled in."""
        return self.corrected_on if version else self.filed_on


@dataclass(frozen=True, slots=True)
class InventedUnit:
    """A unit with all that it has to tell."""

    campaign: Campaign
    unit: Unit
    agenda: Agenda
    enterprises: tuple[Enterprise, ...]
    seed: int

    def people(self, about: str, count: int) -> tuple[str, ...]:
        """Return invented people of the unit; the same ones for the same purpose."""
        return invented_people(dice(self.seed, self.unit.code, "people", about), count)


def write_workbook(paper: Paper, unit: InventedUnit, *, version: int) -> InventedWorkbook:
    """Return the workbook of a paper as the unit rightly fills it in."""
    obligation, form = paper.obligation, paper.form
    correction = f"（更正{version}）" if version else ""
    return InventedWorkbook(
        file_name=f"{unit.unit.name}{title_of(paper, unit.campaign)}{correction}.xlsx",
        form=form.id,
        industry=obligation.industry,
        period=obligation.period,
        sheets=tuple(_SHEETS[form.id](paper, unit, paper.filled_on(version))),
    )


def title_of(paper: Paper, campaign: Campaign) -> str:
    """Return what a workbook is called, such as 表3 关停淘汰落后生产工艺装备进展情况表（2022年8月）."""
    what = " ".join(part for part in (paper.form.number, paper.form.title) if part)
    if paper.obligation.industry:
        return f"{what}（{campaign.industry(paper.obligation.industry).name}）"
    if paper.obligation.period:
        year, month = month_of(paper.obligation.period)
        return f"{what}（{year}年{month}月）"
    return what


def _contact(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    leader, responsible, contact = unit.people("contact", 3)
    domain = unit.unit.mailbox.rpartition("@")[2]
    row = {
        "city": unit.unit.name,
        "organisation": unit.unit.body,
        "leader_name": leader,
        "leader_title": "副局长",
        "office_desk": unit.campaign.office.desk,
        "responsible_name": responsible,
        "contact_name": contact,
        "contact_title": "科员",
        "office_phone": invented_phone(unit.unit.code, 1),
        "fax": invented_phone(unit.unit.code, 2),
        "email": f"lianxi@{domain if domain.endswith('.example') else f'u{unit.unit.code}.example'}",
    }
    return [_sheet(paper.form, unit, day, head={}, rows=[row])]


def _inventory_statement(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    rows: list[Values] = []
    for key in unit.unit.industries:
        surveyed = _of_industry(unit, key)
        rows.append(
            {
                "industry": unit.campaign.industry(key).name,
                "surveyed_count": len(surveyed),
                "checked_count": len(surveyed),
                "outdated_count": sum(1 for enterprise in surveyed if enterprise.outdated),
                "outdated_equipment_count": _sets(surveyed),
                "is_zero_report": not surveyed,
            }
        )
    return [_sheet(paper.form, unit, day, head={}, rows=rows)]


def _survey_summary(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    key = paper.obligation.industry or unit.unit.industries[0]
    checkers = "、".join(unit.people("checkers", 2))
    rows = [
        {
            **_item_values(unit, enterprise, item),
            "product": enterprise.product,
            "output": enterprise.output,
            "process": enterprise.process,
            "is_outdated": item.catalogue_ref is not None,
            "checked_on": enterprise.checked_on,
            "checked_by": checkers,
            **(_plan_values(enterprise.course) if enterprise.course and item.catalogue_ref else {}),
        }
        for enterprise in _of_industry(unit, key)
        for item in enterprise.items
    ]
    return [_sheet(paper.form, unit, day, head={"industry": unit.campaign.industry(key).name}, rows=rows)]


def _progress(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    period = paper.obligation.period or unit.agenda.reports[-1][0]
    told_by, told_before = unit.agenda.told_by(period), unit.agenda.told_before(period)
    due = _to_close(unit)
    done = _sets(enterprise for enterprise, course in due if course.is_closed_on(told_by))
    before = _sets(enterprise for enterprise, course in due if told_before and course.is_closed_on(told_before))
    sets = _sets(enterprise for enterprise, _ in due)
    head: Values = {
        "as_of_date": told_by,
        "stated_enterprises": len(due),
        "stated_items": sets,
        "stated_month_done": done - before,
        "stated_done": done,
        "stated_rate": _percent(done, sets),
    }
    rows = [
        {**_item_values(unit, enterprise, item), **_standing_values(course, item, told_by)}
        for enterprise, course in due
        for item in enterprise.outdated
    ]
    return [_sheet(paper.form, unit, day, head=head, rows=rows)]


def _inspection(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    sheets = [
        _sheet(
            paper.form,
            unit,
            day,
            name=enterprise.name,
            head=_inspection_head(unit, enterprise, course),
            rows=[_item_values(unit, enterprise, item) for item in enterprise.outdated],
        )
        for enterprise, course in _closed(unit)
    ]
    return sheets or [_sheet(paper.form, unit, day, head={}, rows=[])]


def _completed_list(paper: Paper, unit: InventedUnit, day: date) -> Iterable[InventedSheet]:
    rows = [
        {
            **_item_values(unit, enterprise, item),
            "measure": course.measure,
            "completed_on": course.completed_on,
            "inspected_on": course.inspected_on,
            "inspecting_body": _inspecting_body(enterprise),
            "result": "通过",
        }
        for enterprise, course in _closed(unit)
        for item in enterprise.outdated
    ]
    return [_sheet(paper.form, unit, day, head={}, rows=rows)]


_SHEETS: Mapping[str, Callable[[Paper, InventedUnit, date], Iterable[InventedSheet]]] = {
    "contact": _contact,
    "inventory_statement": _inventory_statement,
    "survey_summary": _survey_summary,
    "progress": _progress,
    "inspection": _inspection,
    "completed_list": _completed_list,
}
WRITTEN_FORMS = frozenset(_SHEETS)


def _sheet(
    form: Form, unit: InventedUnit, day: date, *, head: Values, rows: Sequence[Values], name: str | None = None
) -> InventedSheet:
    approver, reviewer, preparer, contact = unit.people("foot", 4)
    frame: Values = {
        "reporting_unit": unit.unit.body,
        "filled_on": day,
        "approver": approver,
        "reviewer": reviewer,
        "preparer": preparer,
        "contact_person": contact,
        "contact_phone": invented_phone(unit.unit.code, 3),
    }
    return InventedSheet(
        name=(name or form.number or form.title)[:_SHEET_NAME_LENGTH],
        head=_asked(form.head, {**frame, **head}),
        rows=tuple(_asked(form.columns, {**row, "seq": number}) for number, row in enumerate(rows, start=1)),
        is_zero=not rows,
    )


def _asked(fields: Iterable[Field], values: Values) -> Values:
    return {field.name: values.get(field.name) for field in fields}


def _item_values(unit: InventedUnit, enterprise: Enterprise, item: Item) -> Values:
    return {
        "city": unit.unit.name,
        "county": enterprise.county.name,
        "enterprise_name": enterprise.name,
        "uscc": enterprise.uscc,
        "industry": enterprise.industry.name,
        "capacity": enterprise.capacity,
        "capacity_unit": enterprise.capacity_unit,
        "equip_name": item.name,
        "equip_model": item.model,
        "equip_params": item.params,
        "equip_count": item.count,
        "commissioned": item.commissioned,
        "catalogue_ref": item.catalogue_ref,
    }


def _plan_values(course: Course) -> Values:
    return {"measure": course.measure, "plan_date": course.plan_date}


def _standing_values(course: Course, item: Item, day: date) -> Values:
    is_closed = course.is_closed_on(day)
    return {
        **_plan_values(course),
        "closure_status": course.status_on(day),
        "stopped_on": _by(course.stopped_on, day),
        "completed_on": _by(course.completed_on, day),
        "done_count": item.count if is_closed else 0,
        **(_sealing_values(course, day) if course.is_sealed else {}),
        "is_inspected": course.is_inspected_on(day),
        "open_reason": None if is_closed or day < course.stopped_on else course.open_reason,
        "next_step": None if is_closed else "按计划推进关停，落实主体设备处置措施",
        "remark": "晚于计划时限完成" if is_closed and course.open_reason else None,
    }


def _sealing_values(course: Course, day: date) -> Values:
    return {
        "is_water_cut": course.cut_off_on <= day,
        "is_power_cut": course.cut_off_on <= day,
        "is_power_unit_removed": _by(course.power_unit_removed_on, day) is not None,
        "is_equipment_sealed": course.is_closed_on(day),
        "has_public_commitment": course.is_closed_on(day),
    }


def _inspection_head(unit: InventedUnit, enterprise: Enterprise, course: Course) -> Values:
    team = unit.people(enterprise.uscc, 3)
    paper = "封存记录" if course.is_sealed else "报废协议"
    return {
        "enterprise_name": enterprise.name,
        "uscc": enterprise.uscc,
        "address": enterprise.address,
        "legal_rep": enterprise.legal_rep,
        "enterprise_phone": enterprise.phone,
        "industry": enterprise.industry.name,
        "stopped_on": course.stopped_on,
        "dismantled_from": course.begun_on,
        "dismantled_to": None if course.is_sealed else course.completed_on,
        "measure": course.measure,
        "destination": "留存封存" if course.is_sealed else "报废切割",
        "certificate": f"{paper} 示例〔{unit.campaign.year}〕{enterprise.uscc[12:16]}号",
        **(_sealed_head(unit, enterprise, course) if course.is_sealed else {}),
        "inspected_on": course.inspected_on,
        "team": "、".join(team),
        "team_size": len(team),
        "inspecting_body": _inspecting_body(enterprise),
        "site_findings": "现场核对名称、规格型号和数量，与清单一致，主体设备已按要求处置，不具备恢复生产条件",
        "result": "通过",
        "pictures_before": 2 * len(enterprise.outdated),
        "pictures_after": 2 * len(enterprise.outdated),
    }


def _sealed_head(unit: InventedUnit, enterprise: Enterprise, course: Course) -> Values:
    sealed_on = course.completed_on or unit.agenda.last_report
    return {
        **_sealing_values(course, sealed_on),
        "commitment_url": f"https://u{unit.unit.code}.example/gongshi/{enterprise.uscc}",
        "posted_on": sealed_on,
        "dismantle_by": date(sealed_on.year + 1, 6, 30),
    }


def _to_close(unit: InventedUnit) -> list[tuple[Enterprise, Course]]:
    return [(enterprise, enterprise.course) for enterprise in unit.enterprises if enterprise.course]


def _closed(unit: InventedUnit) -> list[tuple[Enterprise, Course]]:
    """Return the enterprises whose closure the progress forms have told before the final list."""
    told_by = unit.agenda.last_report
    return [(enterprise, course) for enterprise, course in _to_close(unit) if course.is_closed_on(told_by)]


def _of_industry(unit: InventedUnit, key: str) -> list[Enterprise]:
    return [enterprise for enterprise in unit.enterprises if enterprise.industry.key == key]


def _sets(enterprises: Iterable[Enterprise]) -> int:
    return sum(item.count for enterprise in enterprises for item in enterprise.outdated)


def _percent(done: int, due: int) -> Decimal:
    return (Decimal(100 * done) / (due or 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _inspecting_body(enterprise: Enterprise) -> str:
    return f"{enterprise.county.name}工业和信息化局"


def _by(step: date | None, day: date) -> date | None:
    return step if step is not None and step <= day else None
