"""How the office's work stands while serving: when each pass ended last, what is late or failed, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from phaseout.bootstrap import open_app
from phaseout.cli.service.prefect_api import PrefectApi
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.settings import Settings

PASSES = ("collect", "remind", "deliver", "publish")
A_DAY = timedelta(days=1)
ENDED_ILL = ("FAILED", "CRASHED")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a look at Prefect and the ledger found."""

    passes: Mapping[str, datetime | None] = field(default_factory=dict)
    at_work: int = 0
    late: int = 0
    failed: int = 0
    drafts: int = 0
    paused: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it in one line."""
        passes = ", ".join(f"{name} {_hour(at)}" for name, at in self.passes.items())
        counts = f"{self.late} late, {self.failed} failed within a day, {self.drafts} drafts wait for a person"
        paused = f"; paused by a person: {', '.join(self.paused)}" if self.paused else ""
        return f"last pass: {passes or 'none'}; runs: {self.at_work} at work, {counts}{paused}"

    @property
    def needs_a_look(self) -> bool:
        """Whether something is not as it should be."""
        return bool(self.late or self.failed or self.paused)


def standing_now(api: PrefectApi, settings: Settings, *, as_of: datetime) -> Standing:
    """Look.

    Raises:
        PrefectSilent: the server does not answer.
    """
    ended = {"end_time": {"after_": (as_of - A_DAY).isoformat()}}
    return Standing(
        passes={name: _last_pass(api, name) for name in PASSES},
        at_work=_count(api, {"state": {"type": {"any_": ["RUNNING"]}}}),
        late=_count(api, {"state": {"name": {"any_": ["Late"]}}}),
        failed=_count(api, {"state": {"type": {"any_": list(ENDED_ILL)}}, **ended}),
        drafts=_drafts(settings),
        paused=tuple(_paused(api)),
    )


def _last_pass(api: PrefectApi, name: str) -> datetime | None:
    asked = {
        "deployments": {"name": {"any_": [name]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
        "sort": "END_TIME_DESC",
        "limit": 1,
    }
    found = api.post("flow_runs/filter", asked)
    return datetime.fromisoformat(found[0]["end_time"]).astimezone(CHINA) if found else None


def _count(api: PrefectApi, flow_runs: Mapping[str, object]) -> int:
    return int(api.post("flow_runs/count", {"flow_runs": flow_runs}))


def _paused(api: PrefectApi) -> list[str]:
    """Return what a person has paused in the pages: it stays so until a person starts it again."""
    pools = [f"work pool {one['name']}" for one in api.every("work_pools/filter", {}) if one["is_paused"]]
    return pools + [
        one["name"]
        for one in api.every("deployments/filter", {})
        if one["paused"] or not all(schedule["active"] for schedule in one["schedules"])
    ]


def _drafts(settings: Settings) -> int:
    with open_app(settings) as app:
        return len(app.ledger.letters(states={LetterState.DRAFT})) if app.has_ledger else 0


def _hour(at: datetime | None) -> str:
    return at.strftime("%m-%d %H:%M") if at else "not yet"


def log_name(log: Path, home: Path) -> str:
    """Return where a log lies, as short as a reader of one screen needs it."""
    return str(log.relative_to(home)) if log.is_relative_to(home) else str(log)
