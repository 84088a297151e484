"""Writing and sending letters."""

from datetime import datetime

from prefect import task

from phaseout.bootstrap import open_app
from phaseout.usecases.deliver import Delivered, deliver
from phaseout.usecases.owe import owe
from phaseout.usecases.remind import Reminded, letters_due, remind
from tasks import POLICY, Progress, key_of


def is_anything_queued(*, as_of: datetime) -> bool:
    """Say whether a letter waits to be sent; no task, so that an idle run costs nothing."""
    with open_app() as app:
        return app.ledger.is_anything_queued(as_of=as_of, terms=app.terms)


def is_dispatch_stopped() -> bool:
    """Say whether a person has stopped dispatch, or a restore did; no task, so that an idle run costs nothing."""
    with open_app() as app:
        return app.stops.stopped() is not None


def is_anything_due(campaign: str, *, as_of: datetime) -> bool:
    """Say whether a letter would be written now."""
    with open_app() as app:
        known = app.definitions.campaign(campaign)
        return bool(letters_due(known, as_of=as_of, calendar=app.calendar, ledger=app.ledger))


@task(name="立项", task_run_name="立项", **POLICY)
def owe_what_depends(campaign: str, *, as_of: datetime) -> int:
    """Write the obligations that depend on how things stand; return how many were new."""
    with open_app() as app:
        return owe(campaign, as_of=as_of, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger)


@task(name="拟函", task_run_name="拟函", **POLICY)
def write_letters(campaign: str, *, as_of: datetime) -> Reminded:
    """Put the requests, reminders and drafts that are due into the outbox."""
    with open_app() as app:
        return remind(
            campaign,
            as_of=as_of,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            desk=app.desk(app.definitions.campaign(campaign)),
            forms=app.form_files,
            pages=app.pages,
            tell=Progress(key_of(campaign, "letters-progress"), "正在拟写函件").tell,
        )


@task(name="发件", task_run_name="发件", **POLICY)
def send_letters(*, as_of: datetime) -> Delivered:
    """Send what waits in the outbox."""
    with open_app() as app:
        return deliver(
            as_of=as_of,
            ledger=app.ledger,
            archive=app.archive,
            outgoing=app.outgoing,
            sender=app.sender(),
            terms=app.terms,
        )
