"""What a run tells the server that happened (事件): names, resources and Chinese labels; telling is left to tasks.

Few, whatever happens: so many of each kind one by one, and one more for all that are left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from phaseout.domain.decision import Decision
from phaseout.domain.happened import Handled, HandledForm, WrittenLetter
from phaseout.domain.letter import DispatchOutcome, LetterKind
from phaseout.domain.standing_words import LETTER_WORDS, late_words
from phaseout.domain.submission import Outcome

MOST = 50  # of one kind in one pass; the server keeps each for a week

ACCEPTED = "phaseout.submission.accepted"
RETURNED = "phaseout.submission.returned"
QUARANTINED = "phaseout.delivery.quarantined"
OVERDUE = "phaseout.obligation.overdue"
DRAFTED = "phaseout.letter.drafted"
SENT = "phaseout.letter.sent"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that newly happened, for whoever listens."""

    event: str
    resource: str  # its natural key in the ledger, or the campaign's of what is left
    label: str  # in Chinese
    campaign: str | None
    facts: Mapping[str, object] = field(default_factory=dict)


def intake_happenings(handled: Sequence[Handled]) -> list[Happening]:
    """Return which submissions were accepted or returned, and what waits in quarantine."""
    forms = [_of_form(one, form) for one in handled for form in one.forms if form.decision in _DECIDED]
    held = [_of_quarantine(one) for one in handled if one.outcome is Outcome.QUARANTINED]
    return _few([*forms, *held])


_DECIDED = {Decision.ACCEPTED: ACCEPTED, Decision.RETURNED: RETURNED}


def _of_form(one: Handled, form: HandledForm) -> Happening:
    word = "审核通过" if form.decision is Decision.ACCEPTED else "退回更正"
    return Happening(
        _DECIDED[form.decision],
        f"phaseout.submission.{form.submission}",
        f"{one.unit_name}{form.title}第{form.version}版{word}",
        one.campaign,
        {"unit": one.unit, "version": form.version},
    )


def _of_quarantine(one: Handled) -> Happening:
    label = f"来件隔离待查：{one.reason}"
    return Happening(QUARANTINED, f"phaseout.delivery.{one.delivery}", label, one.campaign, {"unit": one.unit})


def letter_happenings(written: Sequence[WrittenLetter]) -> list[Happening]:
    """Return which obligations were told to be late, once a letter, and which drafts wait for a person."""
    late = {
        overdue.obligation: Happening(
            OVERDUE,
            f"phaseout.obligation.{overdue.obligation}",
            f"{one.unit_name}《{overdue.title}》{late_words(overdue.days_late)}",
            one.campaign,
            {"unit": one.unit, "days_late": overdue.days_late},
        )
        for one in written
        for overdue in one.overdue
    }
    drafts = [
        Happening(
            DRAFTED,
            f"phaseout.letter.{one.key}",
            f"{one.unit_name}{LETTER_WORDS[one.kind]}待签发",
            one.campaign,
            {"unit": one.unit},
        )
        for one in written
        if one.is_draft
    ]
    return _few([*late.values(), *drafts])


def sent_happenings(tried: Iterable[tuple[LetterKind, DispatchOutcome]]) -> list[Happening]:
    """Return one event for all letters of a pass that left, with their counts by kind."""
    left = Counter(kind for kind, outcome in tried if outcome is DispatchOutcome.SENT)
    if not left:
        return []
    counts = {LETTER_WORDS[kind]: count for kind, count in left.most_common()}
    return [Happening(SENT, "phaseout.outbox", f"发出函件{left.total()}件", None, counts)]


def _few(happenings: Sequence[Happening]) -> list[Happening]:
    """Return the first of each kind, and one for the rest of a kind and campaign."""
    seen: Counter[str] = Counter()
    told: list[Happening] = []
    rest: Counter[tuple[str, str | None]] = Counter()
    for one in happenings:
        seen[one.event] += 1
        if seen[one.event] <= MOST:
            told.append(one)
        else:
            rest[one.event, one.campaign] += 1
    return told + [
        Happening(event, f"phaseout.campaign.{campaign or 'none'}", f"另有{count}项", campaign, {"count": count})
        for (event, campaign), count in rest.items()
    ]
