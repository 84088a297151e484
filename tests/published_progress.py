"""A small published folder with every kind of unit that the progress knows; enterprises and figures are invented."""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.pages import FilePages
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.decision import Decision
from phaseout.domain.document import DocumentKind, DocumentVersion
from phaseout.domain.obligation import Submitted, plan_obligations, standings
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.site import QUESTIONS, SiteFacts
from phaseout.settings import PROJECT
from phaseout.usecases.publish.facts import ask
from phaseout.usecases.publish.mirror import ledger_tables
from tests.site_figures import Published
from tests.warehouse_rows import load, open_warehouse, workbook

NANJING, WUXI, XUZHOU, CHANGZHOU, SUZHOU, NANTONG = "320100", "320200", "320300", "320400", "320500", "320600"
AS_OF = datetime(2022, 10, 11, 9, tzinfo=CHINA)
CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
CALENDAR_FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
DOCUMENT = b"what the machine wrote"
DOCUMENT_NAME = "bulletins/jiangsu-2022-2022-09-第1版.docx"

SEALED = {
    "closure_status": "已封存",
    "measure": "封存",
    "is_water_cut": True,
    "is_power_cut": True,
    "is_power_unit_removed": True,
    "is_equipment_sealed": True,
    "has_public_commitment": True,
}
HALF_SEALED = SEALED | {"has_public_commitment": False, "open_reason": "资产抵押"}
GONE = {"closure_status": "已拆除"}
STOPPED = {"closure_status": "已停产", "open_reason": "家中有事"}  # words of the unit's own


def item(model, count=1, **more):
    return {"equip_model": model, "equip_count": count, **more}


def paper(model, count=1, **more):
    other = {"enterprise_name": "南京示例纸业有限公司", "uscc": "91320100MA0000000B", "industry": "造纸"}
    return item(model, count, **other, **more)


BOOKS = (
    # Closed in both months; what was sealed in the first is dismantled in the second.
    ("progress", NANJING, "2022-08", [item("A", 4, **SEALED), item("B", 3), paper("C", 5, plan_date="2022-11-20")]),
    ("progress", NANJING, "2022-09", [item("A", 4, **GONE), item("B", 3, **SEALED), paper("C", 5, **HALF_SEALED)]),
    # Nothing to close, and says so.
    ("progress", WUXI, "2022-08", []),
    ("progress", WUXI, "2022-09", []),
    # Filed the first month only.
    ("progress", XUZHOU, "2022-08", [item("D", 6, **GONE), item("E", 2, **STOPPED)]),
    # A hundred per cent, later than the others.
    ("progress", CHANGZHOU, "2022-09", [item("F", 2, **GONE)]),
    # Surveyed, and silent since.
    ("survey_summary", SUZHOU, None, [item("G", 7)]),
)


def campaign():
    whole = FileDefinitions(PROJECT).campaign("jiangsu-2022")
    known = {NANJING, WUXI, XUZHOU, CHANGZHOU, SUZHOU, NANTONG}
    units = tuple(replace(unit, industries=("ferroalloy",)) for unit in whole.units if unit.code in known)
    return replace(whole, units=units)


def obligations(known):
    """Return what is owed; Nantong has an extension for its survey."""
    planned = plan_obligations(known, calendar=CALENDAR)
    return [
        one.extended_to(date(2022, 10, 14), times=1, calendar=CALENDAR)
        if (one.unit, one.milestone) == (NANTONG, "summary") and not one.is_paper
        else one
        for one in planned
    ]


def submitted(owed):
    """Return what was accepted: the forms of BOOKS, two days before each was due; and Nantong's survey of nothing."""
    filed = {(unit, form, period) for form, unit, period, _ in BOOKS} | {(NANTONG, "survey_summary", None)}
    return {
        one.id: [_accepted(one, datetime(one.due.year, one.due.month, 10, 9, tzinfo=CHINA))]
        for one in owed
        if (one.unit, one.form, one.period) in filed and not one.is_paper
    }


def _accepted(one, arrived_at):
    return Submitted(one.id, 1, arrived_at, arrived_at, Decision.ACCEPTED, 0, {})


def bulletin(folder):
    """Let a bulletin lie where it is written; return it as the ledger knows it."""
    (folder / DOCUMENT_NAME).parent.mkdir()
    (folder / DOCUMENT_NAME).write_bytes(DOCUMENT)
    files = {DOCUMENT_NAME: sha256(DOCUMENT).hexdigest()}
    return DocumentVersion("jiangsu-2022", DocumentKind.BULLETIN, "2022-09", 1, AS_OF, "{}", (), files)


def publish(folder, *, known=None, as_of=AS_OF):
    """Publish snapshot and site into a folder."""
    known = known or campaign()
    owed = obligations(known)
    answered = submitted(owed)
    views = standings(
        owed, answered, calendar=CALENDAR, correction_working_days=known.correction_working_days, as_of=as_of
    )
    warehouse = open_warehouse(folder / "warehouse.duckdb")
    warehouse.refresh(reference_tables(known) | ledger_tables(known, owed, views, (), ()), campaign=known.id)
    with warehouse.batch():
        load(warehouse, *(workbook(form, rows, unit=unit, period=period) for form, unit, period, rows in BOOKS))
        warehouse.commit()
    (folder / "published").mkdir()
    warehouse.publish(folder / "published" / "phaseout.duckdb")
    facts = SiteFacts(
        known,
        as_of,
        ask(known, as_of=as_of, warehouse=warehouse),
        CALENDAR,
        warehouse.content_hash(),
        calendar_file=CALENDAR_FILE,
        documents=(bulletin(folder / "published"),),
    )
    warehouse.close()
    FilePages(folder / "published", templates=PROJECT / "data" / "pages").site(facts)
    return Published(folder / "published", facts.today)


def publish_nothing(folder):
    """Publish the site of a campaign of which nothing is known yet."""
    facts = SiteFacts(campaign(), AS_OF, dict.fromkeys(QUESTIONS, ()), CALENDAR, "")
    FilePages(folder, templates=PROJECT / "data" / "pages").site(facts)
    return Published(folder, facts.today)
