"""How far a unit's closures (关停) are, from the figures of its accepted submissions."""

from collections.abc import Mapping, Sequence

from phaseout.domain.decision import Decision
from phaseout.domain.obligation import Obligation, Submitted


def open_items(obligations: Mapping[str, Obligation], submitted: Mapping[str, Sequence[Submitted]]) -> int:
    """Return how many outdated items a unit has still to close.

    The newest accepted progress form tells; without one, everything that its survey summaries call outdated is open.
    """
    accepted = [
        (obligation, submission)
        for obligation in obligations.values()
        for submission in submitted.get(obligation.id, ())
        if submission.decision is Decision.ACCEPTED
    ]
    progress = [(o.period, s.version, s.figures) for o, s in accepted if o.period and "closed" in s.figures]
    if progress:
        _, _, figures = max(progress, key=lambda one: (str(one[0]), one[1]))
        return figures["items"] - figures["closed"]
    newest: dict[str, Submitted] = {}
    for obligation, submission in accepted:
        if "outdated" in submission.figures and obligation.industry:
            known = newest.get(obligation.id)
            newest[obligation.id] = submission if known is None or submission.version > known.version else known
    return sum(submission.figures["outdated"] for submission in newest.values())
