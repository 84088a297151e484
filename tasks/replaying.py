"""What only a replay does: the invented cities act, and the office registers their paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from prefect import task

from phaseout.bootstrap.stage import current_stage, open_stage
from phaseout.domain.calendar import ONE_DAY, days_between
from phaseout.domain.obligation import standings
from phaseout.domain.schedule import flows_on
from tasks import POLICY


@contextmanager
def on_stage(campaign: str, *, seed: int) -> Iterator[None]:
    """Open loopback post and installation for everything inside."""
    with open_stage(campaign, seed=seed):
        yield


def days_of(campaign: str, *, until: date | None) -> list[date]:
    """Return the days from the campaign's opening to the day after its last close date."""
    known = current_stage().app.definitions.campaign(campaign)
    last = known.closes + ONE_DAY
    return list(days_between(known.opens, min(until or last, last)))


def milestones_on(campaign: str, day: date) -> tuple[str, ...]:
    """Return the milestones whose flow runs on a day."""
    return flows_on(current_stage().app.definitions.campaign(campaign), day)


def may_anyone_write(campaign: str, day: date, *, morning: datetime) -> bool:
    """Say whether a city might send something that day."""
    stage = current_stage()
    obligations = stage.app.ledger.obligations(campaign)
    views = standings(
        obligations,
        stage.app.ledger.submitted(campaign),
        calendar=stage.app.calendar,
        correction_working_days=stage.campaign.correction_working_days,
        as_of=morning,
    )
    return stage.year.may_act_on(day, views=views, obligations=obligations)


def register_papers(day: date) -> int:
    """Register the sealed copies that reach the office on a day; no task: hardly ever is there any."""
    return current_stage().register_papers(day)


@task(name="各市来函", task_run_name="各市来函-{day}", **POLICY)
def let_cities_write(day: date) -> datetime | None:
    """Send what the invented cities mail on a day; return when the last mail arrived, None if nobody wrote."""
    return current_stage().act(day)
