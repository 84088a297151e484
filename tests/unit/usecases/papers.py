"""Forms as cities fill them in for the tests of use cases; enterprises and people are invented."""

import functools
from datetime import date, timedelta
from decimal import Decimal

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.form import in_year
from phaseout.ports import FormSheet, FormStamp
from phaseout.settings import PROJECT

CAMPAIGN = "jiangsu-2022"
SUZHOU, WUXI = "320500", "320200"
BODY = {SUZHOU: "苏州市工业和信息化局", WUXI: "无锡市工业和信息化局"}
CITY = {SUZHOU: ("苏州市", "吴中区"), WUXI: ("无锡市", "江阴市")}
ENTERPRISE = {"enterprise_name": "苏州示例合金有限公司", "uscc": "91320281MA1TE5T18Y"}
FURNACE = {"equip_name": "矿热炉", "equip_model": "HTK-A", "equip_params": "6300kVA", "equip_count": 2}
NOT_AN_EXCEL_FILE = b"%PDF-1.7 a scan"


@functools.cache
def forms():
    return in_year(FileDefinitions(PROJECT).forms(), 2022)


def workbook(form, head, rows, *, unit=SUZHOU, industry=None, period=None):
    """Return a form as .xlsx; no rows are a zero report."""
    sheets = [FormSheet("Sheet1", {"reporting_unit": BODY[unit], **head}, rows, is_zero=not rows)]
    return XlsxWriterWorkbooks().write(
        forms()[form], sheets, stamp=FormStamp(CAMPAIGN, unit, industry, period), choices={}
    )


def place(unit):
    city, county = CITY[unit]
    return {"seq": 1, "city": city, "county": county, **ENTERPRISE}


def survey(*rows, unit=SUZHOU, industry="铁合金", filled_on=date(2022, 8, 5)):
    """Return a 表2; each row says in what it differs from one outdated furnace."""
    head = {"industry": industry, "filled_on": filled_on}
    return workbook("survey_summary", head, _surveyed(rows, unit=unit), unit=unit)


def survey_of(industries, *, unit=SUZHOU, filled_on=date(2022, 8, 5)):
    """Return a 表2 with a sheet for each industry, given with its rows; no rows are a zero report."""
    sheets = [
        FormSheet(
            industry,
            {"reporting_unit": BODY[unit], "industry": industry, "filled_on": filled_on},
            _surveyed(rows, unit=unit),
            is_zero=not rows,
        )
        for industry, rows in industries.items()
    ]
    return XlsxWriterWorkbooks().write(
        forms()["survey_summary"], sheets, stamp=FormStamp(CAMPAIGN, unit, None, None), choices={}
    )


def _surveyed(rows, *, unit):
    whole = {
        **place(unit),
        **FURNACE,
        "product": "硅锰合金",
        "capacity": Decimal("5.5"),
        "capacity_unit": "万吨",
        "output": Decimal("4.1"),
        "process": "矿热炉冶炼",
        "is_outdated": True,
        "catalogue_ref": "三/一",
        "checked_on": date(2022, 7, 15),
        "measure": "拆除",
        "plan_date": date(2022, 10, 31),
    }
    return [{**whole, "seq": number, **row} for number, row in enumerate(rows, start=1)]


def card(*rows, unit=SUZHOU, **head):
    """Return a 表1 as the county keeps it; each row says in what it differs from one outdated furnace."""
    city, county = CITY[unit]
    enterprise = {
        **ENTERPRISE,
        "filled_on": date(2022, 7, 10),
        "city": city,
        "county": county,
        "address": "虚构镇示例路1号",
        "legal_rep": "李示例",
        "longitude": Decimal("120.6182"),
        "latitude": Decimal("31.2631"),
        "contact_person": "王示例",
        "contact_phone": "0512-68000000",
        "industry": "铁合金",
        "gbt4754": "3140",
        "capital": Decimal(3000),
        "founded": date(2003, 4, 1),
        "staff": 120,
        "status": "在产",
        "revenue": Decimal("24000.5"),
        "tax": Decimal(860),
        "power": Decimal(5200),
        "energy": Decimal(41000),
        "project_approval": "苏虚构备〔2003〕1号",
        "is_true_and_complete": True,
        "signed_by": "李示例",
        "signed_on": date(2022, 7, 10),
        "audit_opinion": "情况属实，同意按期拆除。",
        "checked_on": date(2022, 7, 15),
        "checked_by": "吴示例、郑示例",
        "verdict": "属于",
        "pictures": 4,
    }
    whole = {
        **FURNACE,
        "product": "硅锰合金",
        "capacity": Decimal("5.5"),
        "capacity_unit": "万吨",
        "output": Decimal("4.1"),
        "feed": "锰矿、硅石",
        "process": "矿热炉冶炼",
        "line_name": "1号生产线",
        "equip_params": "变压器容量6300kVA",
        "line_capacity": Decimal("5.5"),
        "line_capacity_unit": "万吨",
        "commissioned": "2004-06",
        "origin": "国产",
        "fuel": "电",
        "self_judged": "是",
        "catalogue_ref": "三/一",
        "measure": "拆除",
        "plan_date": date(2022, 10, 31),
    }
    rows = [{**whole, "seq": number, **row} for number, row in enumerate(rows, start=1)]
    return workbook("enterprise_card", {**enterprise, **head}, rows, unit=unit)


def progress(*rows, unit=SUZHOU, as_of=date(2022, 8, 30), filled_on=None, **head):
    """Return a 表3; each row says in what it differs from the furnace that nobody has begun with."""
    whole = {
        **place(unit),
        **FURNACE,
        "industry": "铁合金",
        "plan_date": date(2022, 10, 31),
        "measure": "拆除",
        "closure_status": "未启动",
        "done_count": 0,
    }
    rows = [{**whole, "seq": number, **row} for number, row in enumerate(rows, start=1)]
    filled_on = filled_on or as_of - timedelta(days=1)  # sent in time, a form is filled in before the month is over
    return workbook("progress", {"as_of_date": as_of, "filled_on": filled_on, **head}, rows, unit=unit)


DISMANTLED = {
    "closure_status": "已拆除",
    "done_count": 2,
    "stopped_on": date(2022, 9, 1),
    "completed_on": date(2022, 10, 20),
}


def inspection(unit=SUZHOU, **head):
    """Return a 表4 by which the furnace passed."""
    whole = {
        **ENTERPRISE,
        "industry": "铁合金",
        "stopped_on": date(2022, 9, 1),
        "dismantled_from": date(2022, 9, 20),
        "dismantled_to": date(2022, 10, 20),
        "measure": "拆除",
        "inspected_on": date(2022, 11, 20),
        "inspecting_body": "吴中区工业和信息化局",
        "team_size": 3,
        "result": "通过",
        "pictures_before": 2,
        "pictures_after": 2,
        "filled_on": date(2022, 12, 8),
    }
    return workbook("inspection", {**whole, **head}, [{"seq": 1, **FURNACE}], unit=unit)


def completed_list(*rows, unit=SUZHOU):
    """Return a 表5; each row says in what it differs from the furnace that passed."""
    whole = {
        **place(unit),
        **FURNACE,
        "industry": "铁合金",
        "measure": "拆除",
        "completed_on": date(2022, 10, 20),
        "inspected_on": date(2022, 11, 20),
        "inspecting_body": "吴中区工业和信息化局",
        "result": "通过",
    }
    rows = [{**whole, "seq": number, **row} for number, row in enumerate(rows, start=1)]
    return workbook("completed_list", {"filled_on": date(2022, 12, 8)}, rows, unit=unit)


def contact_form(unit=SUZHOU, *, filled_on=date(2022, 5, 31), **changed):
    """Return a contact form; *changed* fields are another value, or None."""
    row = {
        "city": CITY[unit][0],
        "organisation": BODY[unit],
        "leader_name": "赵示例",
        "contact_name": "孙示例",
        "office_phone": "0512-68000000",
        "email": "sunsl@suzhou.example",
        **changed,
    }
    return workbook("contact", {"filled_on": filled_on}, [row], unit=unit)
