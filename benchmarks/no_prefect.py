"""A replay without Prefect: `python -m benchmarks.no_prefect CAMPAIGN SEED [DAY]`, in the home of the environment.

The flows and tasks are the project's own; in Prefect's place stands a flow that is a function and a task that is one.
So the difference to a real replay is Prefect, and nothing else. No run, no retry, no page: for measuring alone.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from logging import getLogger
from types import ModuleType
from typing import Any

from phaseout.bootstrap.home import clear_home
from phaseout.settings import Settings


@dataclass
class Ended:
    """How a flow ended, or a task whose state was asked for."""

    name: str = ""
    message: str = ""
    has_failed: bool = False
    error: BaseException | None = None
    told: object = None

    def is_failed(self) -> bool:
        """Say whether it failed."""
        return self.has_failed

    def result(self) -> object:
        """Return what came of it, or raise why nothing did."""
        if self.error:
            raise self.error
        return self.told

    def __class_getitem__(cls, _: object) -> type:
        return cls


class RunFailed(Exception):
    """A flow ended in a state that says so."""


class Step:
    """A flow or a task that is a function."""

    def __init__(self, work: Callable[..., Any], name: str) -> None:
        self.name = name
        self._work = work

    def __call__(self, *args: object, return_state: bool = False, **kwargs: object) -> object:
        """Do the work."""
        if not return_state:
            told = self._work(*args, **kwargs)
            if isinstance(told, Ended) and told.is_failed():
                raise RunFailed(told.name)
            return told
        try:
            return Ended(told=self._work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  whoever asked for the state looks at it
            return Ended(error=error, has_failed=True)

    def __class_getitem__(cls, _: object) -> type:
        return cls


def step(work: Callable[..., Any] | None = None, /, *, name: str = "", **_policy: object) -> Any:  # noqa: ANN401  a decorator, with or without arguments
    """Stand for `flow` and for `task`."""
    return Step(work, name) if work else lambda real: Step(real, name or real.__name__)


@contextmanager
def nothing_changed(_: object) -> Iterator[None]:
    """Stand for settings that hold for a while."""
    yield


class Unused:
    """What is imported and not used where nobody looks; whoever does use it finds out."""

    def __init__(self, **_: object) -> None:
        pass

    def __class_getitem__(cls, _: object) -> type:
        return cls


class _Module(ModuleType):
    __path__: list[str] = []  # noqa: RUF012  what the importer looks for in a package

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unused if name[0].isupper() else _to_nobody


def _to_nobody(*_: object, **__: object) -> None:
    """Show or tell something where nobody looks."""


NAMES: Mapping[str, Mapping[str, Any]] = {
    "prefect": {"flow": step, "task": step, "Flow": Step, "State": Ended},
    "prefect.states": {"Completed": Ended, "Failed": lambda **told: Ended(has_failed=True, **told)},
    "prefect.settings": {"temporary_settings": nothing_changed, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "heartbeat"},
    "prefect.logging": {"get_run_logger": lambda: getLogger("replay")},
    "prefect.client.schemas.objects": {"StateType": type("StateType", (), {"__getattr__": lambda _, name: name})()},
}
EMPTY = (
    "prefect.artifacts",
    "prefect.cache_policies",
    "prefect.client",
    "prefect.client.orchestration",
    "prefect.client.schemas",
    "prefect.client.schemas.filters",
    "prefect.events",
    "prefect.exceptions",
    "prefect.flow_runs",
    "prefect.input",
    "prefect.runtime",
)


def stand_in() -> None:
    """Put the stand-in in Prefect's place, for whatever this process imports from now on."""
    for name in (*NAMES, *EMPTY):
        module = _Module(name)
        vars(module).update(NAMES.get(name, {}))
        sys.modules[name] = module
    sys.modules["prefect.exceptions"].ObjectNotFound = type("ObjectNotFound", (Exception,), {})  # type: ignore[attr-defined]  # is caught


def main() -> None:
    """Clear the home and replay the campaign."""
    campaign, seed, *until = sys.argv[1:]
    clear_home(Settings().home.resolve(), campaign=campaign, seed=int(seed))
    stand_in()
    from flows import replay  # noqa: PLC0415  behind the stand-in

    sys.argv = ["replay", campaign, "--seed", seed, *(["--until", *until] if until else [])]
    replay.main()


if __name__ == "__main__":
    main()
