"""Taking stock and publishing."""

from datetime import datetime

from prefect import task

from phaseout.bootstrap import open_app
from phaseout.bootstrap.documents import catch_up, documents_of
from phaseout.bootstrap.health import board_troubles
from phaseout.bootstrap.lookup import calendar_file
from phaseout.usecases import open_campaign as opening
from phaseout.usecases.extract import extract, is_extract_due
from phaseout.usecases.publish import Published, publish
from phaseout.usecases.take_stock import Stock, take_stock
from tasks import POLICY


def campaigns_to_publish() -> list[str]:
    """Return the campaigns whose board follows each collect; a replay publishes at milestones and month ends alone."""
    with open_app() as app:
        return [] if app.is_replay else list(app.ledger.open_campaigns())


@task(name="开启", task_run_name="开启", **POLICY)
def open_campaign(campaign: str, *, as_of: datetime) -> int:
    """Write what every unit owes; return how many obligations were new."""
    with open_app() as app:
        app.make_inboxes(app.definitions.campaign(campaign))
        return opening.open_campaign(
            campaign, as_of=as_of, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger
        )


@task(name="到期清点", task_run_name="到期清点", **POLICY)
def see_and_take_stock(campaign: str, milestone: str, *, as_of: datetime) -> Stock:
    """Return where a milestone stands; take stock of what has ended."""
    with open_app() as app:
        return take_stock(
            campaign,
            milestone,
            as_of=as_of,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            warehouse=app.warehouse,
            pages=app.pages,
            documents=documents_of(app),
            catch_up=lambda: catch_up(app, campaign, as_of=as_of),
            desk=app.desk(app.definitions.campaign(campaign)),
        )


@task(name="发布", task_run_name="发布", **POLICY)
def publish_snapshot(campaign: str, *, as_of: datetime) -> Published:
    """Replace the analysts' snapshot and the board, if anything changed."""
    with open_app() as app:
        return publish(
            campaign,
            as_of=as_of,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            warehouse=app.warehouse,
            pages=app.pages,
            snapshot=app.snapshot,
            catch_up=lambda: app.fill_to_publish(campaign, as_of=as_of),
            days=lambda known: calendar_file(app, known, unit=None, as_of=as_of),
            troubles=board_troubles(app.home),
        )


def are_extracts_due(*, as_of: datetime) -> bool:
    """Say whether Parquet files and workbook are of another day; in a replay they are written once, at its end."""
    with open_app() as app:
        return not app.is_replay and is_extract_due(as_of=as_of, extracts=app.extracts)


@task(name="数据文件", task_run_name="数据文件", **POLICY)
def renew_extracts(*, as_of: datetime) -> bool:
    """Let Parquet files and workbook say what the snapshot says; return whether anything was new."""
    with open_app() as app:
        return extract(
            as_of=as_of,
            snapshot=app.snapshot,
            definitions=app.definitions,
            ledger=app.ledger,
            extracts=app.extracts,
        )
