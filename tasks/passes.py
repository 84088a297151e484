"""How runs ended, noted beside Prefect."""

from datetime import datetime

from phaseout.bootstrap import passes


def note_pass(name: str, *, at: datetime, reason: str, campaign: str | None) -> None:
    """Note how a run ended; no task: it must also be noted when Prefect takes no more tasks."""
    passes.note_pass(name, at=at, reason=reason, campaign=campaign)
