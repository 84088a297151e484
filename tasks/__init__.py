"""Prefect tasks: a name, a retry policy, one call."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, cast
from uuid import UUID

import httpx
from prefect import State
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE

from phaseout.errors import TransientError

LONG = 100  # of less work nobody waits to see the middle
PAUSE = 5.0  # seconds between two looks


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


def key_of(*parts: str) -> str:
    """Return the key of an artifact, which Prefect wants in lower-case letters, digits and dashes."""
    return "-".join(part for part in parts if part).replace("_", "-").lower()


@contextmanager
def only_shown() -> Iterator[None]:
    """Let the work inside be only for people to look at: when the server does not take it, the run goes on."""
    try:
        yield
    except httpx.HTTPError:
        logging.getLogger(__name__).warning("the server took nothing to show", exc_info=True)


class Progress:
    """How far long work has come, on the page of its run; of short work nothing is shown."""

    def __init__(self, key: str, words: str) -> None:
        self._key = key
        self._words = words
        self._artifact: UUID | None = None
        self._shown_at = 0.0

    def tell(self, done: int, of: int) -> None:
        """Show that so much is done; not more often than a person looks."""
        if of < LONG or (done < of and monotonic() - self._shown_at < PAUSE):
            return
        self._shown_at = monotonic()
        share, words = 100 * done / of, f"{self._words}：{done}/{of}"
        with only_shown():
            if self._artifact is None:
                self._artifact = cast("UUID", create_progress_artifact(share, key=self._key, description=words))
            else:
                update_progress_artifact(self._artifact, share, description=words)
