"""Waiting for what another process does."""

import time


def wait_for(question, *, seconds=60, every=0.2):
    """Ask until the answer is yes, and return it; fail when time is up."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(every)
    return answer
