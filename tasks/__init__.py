"""Prefect tasks: a name, a retry policy, one call."""

from typing import Any

from prefect import State
from prefect.cache_policies import NO_CACHE

from phaseout.errors import TransientError


def is_transient(_task: object, _run: object, state: State[object]) -> bool:
    """Say whether trying again can help."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


# The one policy of all tasks: only what may pass is tried again, and nothing is remembered between runs.
POLICY: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": [10, 60],
    "retry_condition_fn": is_transient,
    "cache_policy": NO_CACHE,
}
