"""Two snapshots, one after the other, for the tests of what is made of them; enterprises are invented."""

from datetime import datetime, timedelta

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.calendar import CHINA
from phaseout.settings import PROJECT
from tests.warehouse_rows import CAMPAIGN as CAMPAIGN_ID
from tests.warehouse_rows import REFERENCES, load, open_warehouse, workbook

CAMPAIGN = FileDefinitions(PROJECT).campaign(CAMPAIGN_ID)
ELSEWHERE = "jiangmen-2021"
NIGHT = datetime(2022, 8, 12, 2, 30, tzinfo=CHINA)
NEXT_NIGHT = NIGHT + timedelta(days=1)
FORMULA = "=HYPERLINK(1)"


def cut_off(warehouse, campaign, instant, revision):
    rows = [{"cut_off_at": instant, "ledger_revision": revision}]
    warehouse.refresh({**REFERENCES, "cut_off": rows}, campaign=campaign)


def accept(warehouse, *workbooks):
    with warehouse.batch():
        load(warehouse, *workbooks)
        warehouse.commit()


def snapshots(folder):
    """Return two snapshots of two campaigns; only of the one that runs, something came in between them."""
    first, later = folder / "1" / "phaseout.duckdb", folder / "2" / "phaseout.duckdb"
    warehouse = open_warehouse(folder / "warehouse.duckdb")
    cut_off(warehouse, ELSEWHERE, NIGHT - timedelta(days=300), 7)
    cut_off(warehouse, CAMPAIGN_ID, NIGHT, 11)
    accept(warehouse, workbook("survey_summary", campaign=ELSEWHERE), workbook("survey_summary"))
    warehouse.publish(first)
    cut_off(warehouse, CAMPAIGN_ID, NEXT_NIGHT, 12)
    accept(warehouse, workbook("survey_summary", [{}, {"equip_model": "HTK-B", "process": FORMULA}], version=2))
    warehouse.publish(later)
    warehouse.close()
    return first, later
