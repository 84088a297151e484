"""What serving does beside keeping the parts up: a look at the work, dead and idle runs, the dead man's switch."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from phaseout.cli.common import instant
from phaseout.cli.processes import program
from phaseout.cli.service import PartName
from phaseout.cli.service.chores import Call, Chore, Program
from phaseout.cli.service.crashed_runs import ask_again
from phaseout.cli.service.dead_runs import Sweep
from phaseout.cli.service.idle_runs import drop_idle
from phaseout.cli.service.office import Office
from phaseout.cli.service.parts import Kept
from phaseout.cli.service.prefect_api import PrefectApi
from phaseout.cli.service.standing import Standing, standing_now

LOOK_EVERY, SWEEP_EVERY, AN_HOUR = 20.0, 30.0, 3600.0
FIRST_WATCH = WATCH_AT_MOST = 600.0
TOLD = frozenset({1, 3})  # by these codes `watch` says that it found something; it has told the office itself


@dataclass(slots=True)
class LastLook:
    """What the last look at the work found."""

    standing: Standing | None = None


def chores_of(office: Office, parts: Sequence[Kept], *, seen: LastLook, tell: Callable[[str], None]) -> Sequence[Chore]:
    """Return what is to be done beside some parts: what concerns runs goes with the worker."""
    worker = next((kept for kept in parts if kept.part.name == PartName.WORKER), None)
    calls = _calls(office, worker, seen) if worker else []
    chores: list[Chore] = [Call(name=name, do=do, every=every, tell=tell, next=0.0) for name, every, do in calls]
    if len(parts) == len(PartName):  # parts that are served apart have a timer of their own for it
        chores.append(_watch(office, tell))
    return chores


def _calls(office: Office, worker: Kept, seen: LastLook) -> list[tuple[str, float, Callable[[], object]]]:
    api = PrefectApi.of(office.client_environment())
    sweep = Sweep(api, office.local)

    def look() -> None:
        seen.standing = None  # what cannot be asked is not known
        seen.standing = standing_now(api, office.settings, as_of=instant(None))

    def while_at_work(do: Callable[[], object]) -> Callable[[], object]:
        return lambda: do() if worker.is_up else None

    of_this_machine = [("a look at the work", LOOK_EVERY, while_at_work(look))]
    if not office.settings.holds_warehouse:  # the machine that does looks after the runs of all
        return of_this_machine
    return [
        *of_this_machine,
        ("dead runs", SWEEP_EVERY, while_at_work(lambda: sweep.look(as_of=instant(None)))),
        ("crashed runs", SWEEP_EVERY, while_at_work(lambda: ask_again(api, as_of=instant(None)))),
        (
            "idle runs",
            AN_HOUR,
            while_at_work(lambda: drop_idle(api, as_of=instant(None), days=office.settings.idle_runs_kept)),
        ),
    ]


def _watch(office: Office, tell: Callable[[str], None]) -> Program:
    """Return the dead man's switch: a program of its own, which works although Prefect does not."""
    return Program(
        name="watch",
        command=[program("phaseout"), "watch"],
        env=office.client_environment(),
        log=office.logs / "watch.log",
        cwd=office.settings.project,
        every=AN_HOUR,
        at_most=WATCH_AT_MOST,
        tell=tell,
        next=time.monotonic() + FIRST_WATCH,  # what an outage left is caught up with first
        fine=TOLD | {0},
    )
