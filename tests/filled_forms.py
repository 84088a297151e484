"""Forms as a city fills them in; the people in them are invented."""

from datetime import date
from functools import cache

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.ports import FormSheet, FormStamp
from phaseout.settings import PROJECT

CAMPAIGN = "jiangsu-2022"
SUZHOU = "320500"


@cache
def _definitions():
    return FileDefinitions(PROJECT)


def contact_form(unit_code=SUZHOU, *, filled_on=date(2022, 5, 31), **changed):
    """Return a contact form that the checks accept; *changed* fields are another value, or None."""
    definitions = _definitions()
    unit = definitions.campaign(CAMPAIGN).unit(unit_code)
    row = {
        "city": unit.name,
        "organisation": unit.body,
        "leader_name": "赵示例",
        "leader_title": "副局长",
        "office_desk": "产业处",
        "responsible_name": "钱示例",
        "contact_name": "孙示例",
        "contact_title": "科员",
        "office_phone": "0512-68000000",
        "email": f"sunsl@{unit.mailbox.rpartition('@')[2]}",
    }
    head = {"reporting_unit": unit.body, "filled_on": filled_on}
    return XlsxWriterWorkbooks().write(
        definitions.forms()["contact"].in_year(2022),
        [FormSheet("工作联系人信息", head, [row | changed])],
        stamp=FormStamp(CAMPAIGN, unit_code, None, None),
        choices={},
    )


def put_into_inbox(home, content, *, unit_code=SUZHOU, name="工作联系人信息.xlsx"):
    """Put a file into the inbox folder of a unit, as its clerk would."""
    folder = home / "inbox" / unit_code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
