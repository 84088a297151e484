"""The site (工作看板): all pages from the marts, for 13 units and for 3,000, and again on the day after."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from benchmarks import samples
from benchmarks.figure import Figure, cost
from benchmarks.telling import tell
from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.domain.decision import Decision
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.obligation import Obligation, Submitted, plan_obligations, standings
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.site import SiteFacts
from phaseout.domain.submission import Submission
from phaseout.settings import Settings
from phaseout.usecases.publish.facts import ask
from phaseout.usecases.publish.mirror import ledger_tables

CAMPAIGN = "jiangsu-2022"
MANY = 3000
AS_OF = dt.datetime(2022, 10, 8, 18, tzinfo=CHINA)
SMALL_AT_MOST_S, MANY_AT_MOST_S = 2.0, 60.0
MONTHS = ("2022-08", "2022-09")
MACHINES, LETTERS = 12, 20  # of each unit
MISSING_EVERY, RETURNED_EVERY = 17, 11  # forms


def run(*, units: int = MANY) -> list[Figure]:
    """Return how long the whole site takes, and how long it takes when only the day has changed."""
    with TemporaryDirectory(prefix="bench-site-") as folder:
        _site(Path(folder) / "warm", units=None)  # imports are nobody's
        tell("13 units")
        small, _ = _site(Path(folder) / "small", units=None)
        tell(f"{units:,} units, and again an hour later")
        many, again = _site(Path(folder) / "many", units=units)
    note = f"{units:,} units with {MACHINES} pieces of equipment and {LETTERS} letters each"
    return [
        cost("site_13_units_s", small, "s", at_most=SMALL_AT_MOST_S),
        cost("site_3000_units_s", many, "s", at_most=MANY_AT_MOST_S, note=note),
        cost("site_3000_units_again_s", again, "s", yardstick=many, against="the first time", note=note),
    ]


def _site(home: Path, *, units: int | None) -> tuple[float, float]:
    """Return the seconds of the first site, and of the one on the next day."""
    settings = Settings(home=home, mailbox_url=None, ledger_url=None, smtp_url=None)
    with closing(App(settings)) as app:
        campaign = app.definitions.campaign(CAMPAIGN)
        campaign = samples.crowd(campaign, units) if units else campaign
        _fill(app, campaign)
        first = _build(app, campaign, as_of=AS_OF)
        return first, _build(app, campaign, as_of=AS_OF + dt.timedelta(hours=1))


def _build(app: App, campaign: Campaign, *, as_of: dt.datetime) -> float:
    start = perf_counter()
    answers = ask(campaign, as_of=as_of, warehouse=app.warehouse)
    app.pages.site(SiteFacts(campaign, as_of, answers, app.calendar, "0" * 64))
    return perf_counter() - start


def _fill(app: App, campaign: Campaign) -> None:
    """Put an invented year into the warehouse, as far as October."""
    obligations = plan_obligations(campaign, calendar=app.calendar)
    submissions = list(_submissions(obligations))
    submitted: dict[str, list[Submitted]] = {}
    for one in submissions:
        findings = len(one.findings)
        submitted[one.obligation] = [
            Submitted(one.obligation, 1, one.arrived_at, one.decided_at, one.decision, findings, {})
        ]
    views = standings(obligations, submitted, calendar=app.calendar, correction_working_days=3, as_of=AS_OF)
    tables = ledger_tables(campaign, obligations, views, submissions, ())
    tables["letter"] = list(_letters(campaign))
    app.warehouse.refresh({**reference_tables(campaign), **tables}, campaign=campaign.id)
    app.warehouse.close()
    _fill_progress(app.home / "warehouse.duckdb", campaign)


def _submissions(obligations: Sequence[Obligation]) -> Iterator[Submission]:
    due = (one for one in obligations if one.form and not one.is_paper and one.due < AS_OF.date())
    for number, owed in enumerate(due):
        if number % MISSING_EVERY == 0:
            continue
        arrived = dt.datetime.combine(owed.due, dt.time(10), CHINA) - dt.timedelta(days=number % 5)
        is_returned = number % RETURNED_EVERY == 0
        yield Submission(
            id=f"{owed.id}#1",
            obligation=owed.id,
            unit=owed.unit,
            form=str(owed.form),
            industry=owed.industry,
            period=owed.period,
            version=1,
            delivery=f"{number:064d}",
            sha256=f"{number:064d}",
            file_name="报表.xlsx",
            arrived_at=arrived,
            decided_at=arrived + dt.timedelta(minutes=3),
            decision=Decision.RETURNED if is_returned else Decision.ACCEPTED,
            is_zero=False,
            findings=tuple(_findings(4 if is_returned else 0)),
            figures={},
        )


def _findings(count: int) -> Iterator[Finding]:
    for row in range(8, 8 + count):
        yield Finding(
            rule="SUM-111",
            severity=Severity.ERROR,
            title="产能必填",
            message="产能为空",
            remedy="请补填产能",
            file="表2.xlsx",
            sheet="表2",
            row=row,
            cell=f"G{row}",
            field="capacity",
            field_label="产能",
        )


def _letters(campaign: Campaign) -> Iterator[dict[str, object]]:
    for place, unit in enumerate(campaign.units):
        for number in range(LETTERS):
            day = dt.date(2022, 5, 20) + dt.timedelta(days=7 * number)
            yield {
                "campaign_id": campaign.id,
                "letter_id": place * LETTERS + number,
                "unit_code": unit.code,
                "kind": "reminder",
                "day": day,
                "state": "sent",
                "item_count": 2,
            }


def _fill_progress(path: Path, campaign: Campaign) -> None:
    """Load accepted progress forms: what charts and completion are made from."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            INSERT INTO core.submission_loaded BY NAME
            SELECT
                unit.position * 2 + month.place AS load_no,
                unit.unit_code || '/' || month.period AS submission_id,
                'progress' AS form,
                unit.campaign_id,
                unit.unit_code,
                month.period,
                1 AS version,
                FALSE AS is_zero,
                $machines AS row_count,
                '' AS sha256,
                '' AS content_hash
            FROM core.unit AS unit
            CROSS JOIN (SELECT unnest($months) AS period, unnest(range(len($months))) AS place) AS month
            WHERE unit.campaign_id = $campaign
            """,
            {"months": list(MONTHS), "machines": MACHINES, "campaign": campaign.id},
        )
        connection.execute(
            """
            INSERT INTO core.progress BY NAME
            SELECT
                loaded.load_no,
                0 AS sheet_no,
                machine.row_no,
                md5(loaded.unit_code || machine.row_no) AS item_id,
                '示例县' AS county,
                '示例企业' || machine.row_no AS enterprise_name,
                loaded.unit_code || lpad(machine.row_no::VARCHAR, 12, '0') AS uscc,
                '铁合金' AS industry,
                '矿热炉' AS equip_name,
                2 AS equip_count,
                CASE WHEN (machine.row_no + loaded.load_no) % 3 = 0 THEN '已拆除' ELSE '未启动' END AS closure_status
            FROM core.submission_loaded AS loaded
            CROSS JOIN (SELECT unnest(range(1, $machines + 1)) AS row_no) AS machine
            WHERE loaded.form = 'progress'
            """,
            {"machines": MACHINES},
        )
