"""Replay (回放): a whole campaign year through the real flows, on the mail of invented cities.

Run by `phaseout replay` as a process of its own. Each line on standard output is a JSON object: how far the year has
come, and at the end which steps took longest.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from time import perf_counter

from prefect import Flow, State, flow
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed

from flows.closure import closure
from flows.collect import collect
from flows.contact_list import contact_list
from flows.deliver import deliver
from flows.final_list import final_list
from flows.inventory import inventory
from flows.monthly_progress import monthly_progress
from flows.publish import publish
from flows.remind import remind
from flows.summary import summary
from phaseout.domain.calendar import CHINA, ONE_DAY
from tasks import Progress, key_of
from tasks.letters import is_anything_due, is_anything_queued
from tasks.replaying import days_of, let_cities_write, may_anyone_write, milestones_on, on_stage, register_papers
from tasks.reporting import campaign_title, report_replay
from tasks.stock import open_campaign, renew_extracts

MILESTONES: Mapping[str, Flow[..., State[None]]] = {
    "contact_list": contact_list,
    "inventory": inventory,
    "summary": summary,
    "monthly_progress": monthly_progress,
    "closure": closure,
    "final_list": final_list,
}
STEPS = {
    "collect": "收件与审核",
    "deliver": "发件",
    "remind": "催报",
    "publish": "发布",
    "contact-list": "工作联系人信息",
    "inventory": "排查底数",
    "summary": "排查汇总",
    "monthly-progress": "月度进展",
    "closure": "关停到期",
    "final-list": "完成清单",
}
OFFICE_HOURS = time(9)
UNTIL_COLLECTED = timedelta(minutes=5)
LAST_MINUTES = time(23, 50)


class Stopwatch:
    """Measures the flow runs of a replay by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def run(self, step: Callable[..., object], /, **arguments: object) -> None:
        """Run a step and note how long it took."""
        start = perf_counter()
        step(**arguments)
        name = str(getattr(step, "name", step))
        self.seconds.setdefault(name, []).append(perf_counter() - start)

    def slowest(self) -> list[dict[str, object]]:
        """Return the steps by the time they took in all."""
        rows = [
            {"step": name, "runs": len(times), "seconds": round(sum(times), 2), "longest": round(max(times), 2)}
            for name, times in self.seconds.items()
        ]
        return sorted(rows, key=lambda row: row["seconds"], reverse=True)  # type: ignore[arg-type,return-value]  # floats


def run_name() -> str:
    """Return the name of this run: which campaign's year is walked through."""
    return f"回放（{campaign_title(flow_run.parameters['campaign'])}）"


@flow(name="replay", flow_run_name=run_name, description="用虚构来件把一项年度工作逐日走一遍，供熟悉和检验。")
def replay(campaign: str, until: date | None = None) -> State[None]:
    """Walk the campaign day by day; days on which nothing can happen are passed over."""
    watch = Stopwatch()
    days = days_of(campaign, until=until)
    progress = Progress(key_of(campaign, "replay-progress"), "回放进度（天）")
    tell(day=days[0], done=0, of=len(days))
    open_campaign(campaign, as_of=datetime.combine(days[0], OFFICE_HOURS, CHINA))
    for number, day in enumerate(days, start=1):
        run_day(campaign, day, watch)
        tell(day=day, done=number, of=len(days))
        progress.tell(number, len(days))
    end = datetime.combine(days[-1], LAST_MINUTES, CHINA)
    watch.run(publish, campaign=campaign, as_of=end)
    renew_extracts(as_of=end)
    tell(steps=watch.slowest())
    report_replay(campaign, [row | {"step": STEPS[str(row["step"])]} for row in watch.slowest()])
    return Completed(name=f"{len(days)} 天")


def run_day(campaign: str, day: date, watch: Stopwatch) -> None:
    """Run the flows of one day: the milestones and the letters at nine, the mail when it has come."""
    nine = datetime.combine(day, OFFICE_HOURS, CHINA)
    register_papers(day)
    for milestone in milestones_on(campaign, day):
        watch.run(MILESTONES[milestone], campaign=campaign, as_of=nine)
    if is_anything_due(campaign, as_of=nine):
        watch.run(remind, campaign=campaign, as_of=nine)
    if is_anything_queued(as_of=nine):  # the evening is for answers alone
        watch.run(deliver, as_of=nine)
    if may_anyone_write(campaign, day, morning=nine):
        arrived = let_cities_write(day)
        if arrived is not None:
            watch.run(collect, as_of=arrived + UNTIL_COLLECTED)
    if is_anything_queued(as_of=datetime.combine(day, LAST_MINUTES, CHINA)):
        watch.run(deliver, as_of=datetime.combine(day, LAST_MINUTES, CHINA))
    if (day + ONE_DAY).month != day.month:
        watch.run(publish, campaign=campaign, as_of=datetime.combine(day, LAST_MINUTES, CHINA))


def tell(**facts: object) -> None:
    """Write a line for whoever started the replay."""
    sys.stdout.write(json.dumps(facts, default=str, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run a replay in the home that the environment names."""
    parser = argparse.ArgumentParser(prog="flows.replay")
    parser.add_argument("campaign")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat)
    asked = parser.parse_args()
    # Each run would wait a second for its heartbeat thread; a replay that dies is seen at once.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), on_stage(asked.campaign, seed=asked.seed):
        replay(asked.campaign, until=asked.until)


if __name__ == "__main__":
    main()
