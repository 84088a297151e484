"""Conversations (邮件会话): all that is said about one milestone and period of one unit, whichever letter says it."""

import hashlib
from collections.abc import Iterable

from phaseout.domain.obligation import Obligation


def thread_of(obligation: Obligation, *, host: str) -> str:
    """Return the id of an obligation's conversation; no mail has it, and all its mails refer to it."""
    parts = (obligation.campaign, obligation.unit, obligation.milestone, obligation.period or "")
    return f"<thread-{hashlib.sha256('/'.join(parts).encode()).hexdigest()[:24]}@{host}>"


def threads_of(obligations: Iterable[Obligation], *, host: str) -> tuple[str, ...]:
    """Return the conversations of obligations, each once; the last one stays the last."""
    ids = [thread_of(obligation, host=host) for obligation in obligations]
    return tuple(reversed(dict.fromkeys(reversed(ids))))
