"""Kills each part of a running service, and lets another be off for two weeks: what works again after how long.

`python -m tests.soak.outages [--kills | --weeks]`. Real processes throughout. The second half is a campaign of the
year in which it is run; from June on there is something owed in it.
"""

import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from phaseout.cli.common import instant
from phaseout.cli.processes import free_port
from phaseout.cli.service.dead_runs import living_runs
from phaseout.cli.service.office import Office
from phaseout.cli.serving import deploy
from phaseout.settings import PROJECT, Settings
from tests.filled_forms import CAMPAIGN, contact_form, put_into_inbox
from tests.smoke.served import Served, living, phaseout
from tests.waiting import eventually, wait_for

ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
AT_WORK = ("PENDING", "RUNNING", "CANCELLING")
AT_MOST = 120
AWAY = timedelta(days=14)
UNPROMPTED = {"request", "reminder", "overdue"}


class Found:
    """What was seen, and what of it was wrong."""

    def __init__(self):
        self.wrong = []

    def say(self, words):
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()

    def require(self, holds, words):
        if not holds:
            self.wrong.append(words)
            self.say(f"  WRONG: {words}")


@contextmanager
def serving(home, *arguments, **more):
    """Serve a home until the end of the block, whatever happens in it."""
    service = Served(home, *arguments, **more)
    try:
        yield service
    finally:
        service.end()


def seconds_since(begun):
    return time.monotonic() - begun


def slots(api):
    return sum(one["active_slots"] for one in api.post("v2/concurrency_limits/filter", {"limit": 200}))


def at_work(api):
    asked = {"state": {"type": {"any_": list(AT_WORK)}}}
    return api.post("flow_runs/filter", {"flow_runs": asked, "limit": 200})


def asked_now(service, name):
    """Ask for a run of a deployment and return the state in which it ends."""
    deployment = service.api.deployments()[name]
    run = service.api.post(f"deployments/{deployment['id']}/create_flow_run", {})
    # How long it may take is asked elsewhere; behind many drafts it waits its turn.
    wait_for(lambda: service.api.run(run["id"])["state_type"] in ENDED, seconds=900, every=0.5)
    return service.api.run(run["id"])["state_type"]


def quiet(service):
    """Wait until no flow is at work or due, so that one that is asked for collides with none; drafts may wait."""
    release = service.api.deployments()["release"]["id"]

    def others(runs):
        return [run for run in runs if run["deployment_id"] != release]

    wait_for(lambda: not others(at_work(service.api)) and not others(due(service.api)), seconds=600, every=1)


def due(api):
    before = {"before_": instant(None).isoformat()}
    asked = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": before}
    return api.post("flow_runs/filter", {"flow_runs": asked, "limit": 200})


def require_whole(service, found, *, after):
    """See that everything answers and that nothing is paused, taken or dead."""
    api = service.api
    found.require(httpx.get(service.board).status_code < 500, f"after {after} the board is silent")
    pool = api.get("work_pools/office")
    found.require(
        not pool["is_paused"] and pool["status"] == "READY", f"after {after} the work pool is {pool['status']}"
    )
    for name, one in api.deployments().items():
        is_paused = one["paused"] or not all(schedule["active"] for schedule in one["schedules"])
        found.require(not is_paused, f"after {after} {name} is paused")
    found.require(
        eventually(lambda: {run["id"] for run in at_work(api)} <= set(living_runs(service.home)), seconds=AT_MOST),
        f"after {after} a run counts as at work that nobody works on",
    )
    found.require(
        eventually(lambda: slots(api) <= len(at_work(api)), seconds=AT_MOST), f"after {after} a slot is taken"
    )


def kill_part(service, found, *, name, of, deployment="collect"):
    """Kill a part, and see how long it takes until an asked run of a deployment has done its work."""
    quiet(service)
    ups = service.words.count(f"{name} is up again")
    begun = time.monotonic()
    service.kill(of)
    service.wait_for_words(f"{name} is up again", times=ups + 1)
    up = seconds_since(begun)
    state = asked_now(service, deployment)
    whole = seconds_since(begun)
    found.say(f"kill -9 {name:24} up again after {up:5.1f} s, an asked {deployment} run {state} after {whole:5.1f} s")
    found.require(state == "COMPLETED", f"after kill -9 of the {name} {deployment} was {state}")
    found.require(whole <= AT_MOST, f"after kill -9 of the {name} it took {whole:.0f} s")
    require_whole(service, found, after=f"kill -9 of the {name}")


def kill_in_mid_work(service, found, *, victim, units):
    """Kill a flow run, or its worker, while it takes in files; the next run does what is left."""
    quiet(service)
    expected = len(deliveries(service.home)) + len(units)
    for unit in units:
        put_into_inbox(service.home, contact_form(unit), unit_code=unit)
    collect = service.api.deployments()["collect"]
    run = service.api.post(f"deployments/{collect['id']}/create_flow_run", {})
    wait_for(lambda: service.api.run(run["id"])["state_type"] == "RUNNING", seconds=AT_MOST, every=0.1)
    begun = time.monotonic()
    if victim == "flow run":
        os.kill(living_runs(service.home)[run["id"]], signal.SIGKILL)
    else:
        service.kill("worker start")
    wait_for(lambda: service.api.run(run["id"])["state_type"] in ENDED, seconds=AT_MOST, every=0.2)
    dead = seconds_since(begun)
    left = service.api.run(run["id"])["state_type"]
    state = asked_now(service, "collect")
    whole = seconds_since(begun)
    found.say(
        f"kill -9 {victim + ' in mid-work':24} {left} after {dead:5.1f} s, the next run {state} after {whole:5.1f} s"
    )
    found.require(state == "COMPLETED", f"the run after a killed {victim} was {state}")
    found.require(whole <= AT_MOST, f"after kill -9 of a {victim} it took {whole:.0f} s")
    done = [one for one in deliveries(service.home) if one["outcome"]]
    found.require(len(done) >= expected, f"after kill -9 of a {victim} {len(done)} files were answered")
    require_whole(service, found, after=f"kill -9 of a {victim}")


def deliveries(home):
    return json.loads(phaseout(home, "deliveries", "list", "--json").stdout)


def kills(folder, found):
    """Kill everything in turn, in a home with an open campaign."""
    home = folder / "kills"
    home.mkdir()
    phaseout(home, "campaign", "open", CAMPAIGN, "--as-of", "2022-05-20")
    begun = time.monotonic()
    with serving(home) as service:
        service.wait_until_started()
        found.say(f"started after {seconds_since(begun):.1f} s")
        quiet(service)
        found.say(f"one run of each flow done after {seconds_since(begun):.1f} s")
        kill_part(service, found, name="board", of="deployments.board")
        kill_part(service, found, name="worker", of="worker start")
        kill_part(service, found, name="server", of="server start")
        kill_in_mid_work(service, found, victim="flow run", units=("320100", "320200"))
        kill_in_mid_work(service, found, victim="worker", units=("320300", "320400", "320500", "320600"))
        service.process.kill()
        service.process.wait()
        found.require(eventually(lambda: living(home) == {}, seconds=60), "something outlived serve")
    begun = time.monotonic()
    with serving(home) as service:
        service.wait_until_started()
        started = seconds_since(begun)
        quiet(service)
        state = asked_now(service, "collect")
        whole = seconds_since(begun)
        found.say(
            f"kill -9 serve itself: started again after {started:.1f} s, an asked run {state} after {whole:.1f} s"
        )
        require_whole(service, found, after="kill -9 of serve")
        service.process.send_signal(signal.SIGINT)
        found.require(service.process.wait(timeout=60) == 0, "Ctrl-C did not end it cleanly")
        found.require(living(home) == {}, "something outlived Ctrl-C")


def project_of_this_year(folder):
    """Return a copy of the project whose campaign is this year's; its first due date lies in the outage."""
    today = instant(None).date()
    year = today.year
    project = folder / "project"
    for name in ("data", "expectations", "deployments"):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("flows", "tasks"):
        (project / name).symlink_to(PROJECT / name)
    campaigns = project / "data" / "campaigns"
    here = campaigns / f"jiangsu-{year}"
    if not here.exists():
        (campaigns / CAMPAIGN).rename(here)
    sheet = here / "campaign.yaml"
    text = re.sub("2023", str(year + 1), sheet.read_text("utf-8"))
    text = re.sub("2022", str(year), text)
    sheet.write_text(text.replace(f"date: {year}-06-03", f"date: {today - timedelta(days=3)}", 1), "utf-8")
    return project, here.name


def make_today_a_working_day(home):
    """Let letters leave whenever this is run: on a Sunday none would."""
    today = instant(None).date()
    rows = [f"{today + timedelta(days=ahead)},working_day,soak" for ahead in (0, 1)]
    (home / "calendar").mkdir()
    (home / "calendar" / "overrides.csv").write_text("\n".join(["date,kind,reason", *rows, ""]), "utf-8")


def let_slots_pass(database):
    """Move what the schedules made ahead two weeks back, as if nobody had worked since."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for column in ("expected_start_time", "next_scheduled_start_time"):
            connection.execute(
                f"UPDATE flow_run SET {column} = datetime({column}, '-14 days') WHERE state_type = 'SCHEDULED'"  # noqa: S608
            )
        return connection.execute("SELECT count(*) FROM flow_run WHERE state_type = 'SCHEDULED'").fetchone()[0]


def schedule_a_past(home, environment):
    """Let a server make its schedule, and stop it."""
    office = Office(settings=Settings(home=home), host="127.0.0.1", port=free_port(), board_port=free_port())
    with serving(home, "--only", "server", **environment) as service:
        service.wait_for_words("server is up")
        env = office.client_environment() | {"PREFECT_API_URL": service.api_url} | environment
        deploy(env, project=Path(environment["PHASEOUT_PROJECT"]))
        wait_for(lambda: service.api.post("flow_runs/count", {}) > 30, seconds=60, every=1)


def unprompted_today(home):
    """Return how many letters that nobody asked for each unit got today."""
    today = instant(None).date().isoformat()
    names = [path.stem.split("-") for path in (home / "outgoing").glob(f"{today}-*.eml")]
    return Counter(name[-2] for name in names if name[-1] in UNPROMPTED)


def last_day_at_work():
    """Return a weekday two weeks ago: on a Sunday nothing would have left."""
    day = (instant(None) - AWAY).date()
    return day - timedelta(days=max(0, day.weekday() - 4))


def two_weeks(folder, found):
    """Start a service whose last pass was two weeks ago."""
    home = folder / "weeks"
    home.mkdir()
    project, campaign = project_of_this_year(folder)
    environment = {"PHASEOUT_PROJECT": str(project), "PHASEOUT_QUIET_HOURS": ""}
    last = last_day_at_work()
    make_today_a_working_day(home)
    for arguments in (
        ("campaign", "open", campaign, "--as-of", f"{last.year}-05-20"),
        ("remind", campaign, "--as-of", str(last)),
        ("deliver", "--as-of", f"{last}T10:00"),
    ):
        done = phaseout(home, *arguments, **environment)
        found.require(done.returncode == 0, f"{arguments}: {done.stderr}")
    rendered = phaseout(home, "campaign", "deployments", campaign, **environment).stdout
    (project / "prefect.yaml").write_text(rendered, "utf-8")
    schedule_a_past(home, environment)
    missed = let_slots_pass(home / "prefect" / "prefect.db")
    before = len(list((home / "outgoing").glob("*.eml")))
    begun = time.monotonic()
    with serving(home, **environment) as service:
        service.wait_until_started()
        started = seconds_since(begun)
        wait_for(lambda: unprompted_today(home), seconds=600, every=1)
        first = seconds_since(begun)
        quiet(service)
        whole = seconds_since(begun)
        letters = unprompted_today(home)
        found.say(
            f"two weeks off, {missed} slots missed: started after {started:.1f} s, first letter after {first:.1f} s, "
            f"all caught up after {whole:.1f} s; {sum(letters.values())} unprompted letters to {len(letters)} units"
        )
        found.require(set(letters.values()) == {1}, f"letters that nobody asked for: {dict(letters)}")
        found.require(before > 0, "nothing had left before the outage")
        found.require(first <= AT_MOST, f"the first letter left after {first:.0f} s")
        found.require(asked_now(service, "remind") == "COMPLETED", "a second remind did not work")
        found.require(asked_now(service, "deliver") == "COMPLETED", "a second deliver did not work")
        found.require(unprompted_today(home) == letters, "a second remind wrote once more")
        require_whole(service, found, after="two weeks")
        resume_at_once(service, found)


def resume_at_once(service, found):
    """Resume a draft's run in the moment in which it is suspended: Prefect 3.8.8's worker breaks by it."""
    runs = service.api.runs(service.api.deployments()["release"], "PAUSED")
    if not runs:
        found.say("no draft waits in a run")
        return
    answer = {"release": False, "officer": "李示例", "reason": "已电话沟通"}
    letter = runs[0]["parameters"]["letter"]
    release = service.api.deployments()["release"]["id"]
    run = service.api.post(f"deployments/{release}/create_flow_run", {"parameters": {"letter": letter}})
    begun = time.monotonic()
    wait_for(lambda: service.api.run(run["id"])["state_name"] == "Suspended", seconds=900, every=0.05)
    service.api.post(f"flow_runs/{run['id']}/resume", {"run_input": answer})
    wait_for(lambda: service.api.run(run["id"])["state_type"] in ENDED, seconds=AT_MOST, every=0.5)
    state = service.api.run(run["id"])["state_name"]
    crashes = service.words.count("worker ended")
    found.say(f"resumed at once: {state} after {seconds_since(begun):.1f} s, {crashes} crashes of the worker")
    found.require(state == "不予签发", f"a run that was resumed at once ended as {state}")
    require_whole(service, found, after="a run that was resumed at once")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", action="store_true", help="only the kills")
    parser.add_argument("--weeks", action="store_true", help="only the two weeks")
    asked = parser.parse_args()
    found = Found()
    with tempfile.TemporaryDirectory(prefix="phaseout-outages-") as folder:
        if not asked.weeks:
            kills(Path(folder), found)
        if not asked.kills:
            two_weeks(Path(folder), found)
    found.say(f"wrong: {len(found.wrong)}")
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
