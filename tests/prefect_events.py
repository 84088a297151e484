"""Prefect's sender of events, which waits without end for a server that has gone."""

from prefect.events.worker import EventsWorker

SECONDS = 20


def send_what_waits():
    """Send the events of this process while their server is there, and end the sender; another starts when needed."""
    EventsWorker.drain_all(timeout=SECONDS, at_exit=False)
