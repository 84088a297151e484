"""Waiting for what another process does."""

import time


def wait_for(question, *, seconds=60, every=0.2):
    """Ask until the answer is yes, and return it; fail when time is up."""
    answer = eventually(question, seconds=seconds, every=every)
    assert answer, f"not within {seconds} s"
    return answer


def eventually(question, *, seconds, every=0.2):
    """Ask until the answer is yes or time is up, and return the last answer."""
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(every)
    return answer
