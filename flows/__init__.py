"""The campaign as Prefect flows: the runbook in Python."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from inspect import signature
from typing import Annotated, ParamSpec, TypeAlias

from prefect import State
from prefect.logging import get_run_logger
from prefect.states import Failed
from pydantic import AwareDatetime, Field, WithJsonSchema

from phaseout.domain.calendar import CHINA
from phaseout.domain.fault_words import fault_words
from tasks.passes import note_pass

P = ParamSpec("P")

# What a run works on unless it is told otherwise; `prefect.yaml` names it in every deployment.
CAMPAIGN = "jiangsu-2022"

# As the form of a run shows them. Prefect puts its own title and description over pydantic's, not over these.
CampaignId: TypeAlias = Annotated[
    str,
    Field(json_schema_extra={"title": "年度工作代号", "description": "本项年度工作的代号，已预先填好，一般不需改动。"}),
]
Instant: TypeAlias = Annotated[
    AwareDatetime | None,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "null", "title": "运行开始时"},
                {"type": "string", "format": "date-time", "title": "指定时点"},
            ]
        }
    ),
    Field(
        json_schema_extra={
            "title": "办理时点",
            "description": "按哪一时点的情况办理，一般为运行开始时。指定的，时区请选 Asia/Shanghai（北京时间）。",
        }
    ),
]


def as_of_or_now(as_of: datetime | None) -> datetime:
    """Return *as_of*, or the instant this run starts, in China's time."""
    # The start, not the schedule: a run that an outage delayed by three days must
    # ask what is due today, or it would write letters for a day gone by.
    return (as_of or datetime.now(UTC)).astimezone(CHINA)  # noqa: TID251  the flows' one clock


def says_what_to_do(flow: Callable[P, State[None]]) -> Callable[P, State[None]]:
    """Let a run that fails end in a state that says who must act and what to do; the error itself is in its log."""

    @wraps(flow)
    def run(*args: P.args, **kwargs: P.kwargs) -> State[None]:
        try:
            return flow(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it is, the office must read what to do
            words = fault_words(error)
            # The log is what the page of a run shows first: the advice stands above the traceback.
            get_run_logger().exception("%s。%s", words.name, words.advice)
            return Failed(name=words.name, message=words.advice)

    return run


def noted(name: str) -> Callable[[Callable[P, State[None]]], Callable[P, State[None]]]:
    """Let it be known beside Prefect how the runs of a flow end: a file tells the watch, whatever else is dead."""

    def around(flow: Callable[P, State[None]]) -> Callable[P, State[None]]:
        asked = signature(flow)

        @wraps(flow)
        def run(*args: P.args, **kwargs: P.kwargs) -> State[None]:
            given = asked.bind(*args, **kwargs)
            given.apply_defaults()
            campaign = given.arguments.get("campaign")
            try:
                state = flow(*args, **kwargs)
            except Exception as error:
                note_pass(name, at=as_of_or_now(None), reason=type(error).__name__, campaign=campaign)
                raise
            reason = state.name or "" if state.is_failed() else ""
            note_pass(name, at=as_of_or_now(None), reason=reason, campaign=campaign)
            return state

        return run

    return around
