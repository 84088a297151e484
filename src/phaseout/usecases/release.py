"""Release (签发): a named person lets a draft go out, or keeps it in."""

from datetime import datetime

from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import Approval, LetterRecord, LetterState
from phaseout.domain.outbox import UnknownLetter
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NobodySigned(UsageError):
    """A release needs the name of the person who decides."""

    def __init__(self) -> None:
        super().__init__("say who decides: --by NAME")


class NoSuchDraft(UsageError):
    """A letter is to be released that is no draft, or not any more."""

    def __init__(self, *, letter: int, why: str) -> None:
        self.letter = letter
        super().__init__(f"letter {letter} is no draft that waits for release: {why}")


class AlreadyDecided(NoSuchDraft):
    """Somebody has decided on a draft, and a decision stands."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval
        done = "released" if approval.is_released else "withheld"
        at = approval.at.astimezone(CHINA)
        super().__init__(letter=approval.letter, why=f"it was {done} by {approval.by} on {at:%Y-%m-%d at %H:%M}")


class AnotherText(NoSuchDraft):
    """The draft is not what was shown to the person who decides."""

    def __init__(self, *, letter: int) -> None:
        super().__init__(letter=letter, why="its text is not the one that was shown")


def release(
    letter: int,
    *,
    release: bool,
    by: str,
    reason: str,
    as_of: datetime,
    ledger: Ledger,
    shown_sha256: str | None = None,
) -> LetterRecord:
    """Release or withhold a draft and return it as it was; a released one is sent by the next `deliver`.

    *shown_sha256* is of the message that was shown to the person; without it, of whatever the draft says. The same
    decision by the same person again changes nothing.

    Raises:
        NobodySigned: no name was given.
        UnknownLetter: there is no such letter.
        AlreadyDecided: it was decided before, otherwise or by somebody else.
        AnotherText: the draft is not what was shown.
        NoSuchDraft: the letter is not waiting for release.
    """
    name = by.strip()
    if not name:
        raise NobodySigned
    record = _record(letter, ledger=ledger)
    if shown_sha256 not in {None, record.letter.raw_sha256}:
        raise AnotherText(letter=letter)
    is_draft = record.letter.state is LetterState.DRAFT
    if is_draft and ledger.release(letter, release=release, by=name, reason=reason.strip(), as_of=as_of, letters=()):
        return record
    approval = _decision_on(record, ledger=ledger)
    if (approval.is_released, approval.by) != (release, name):
        raise AlreadyDecided(approval)
    return record


def _record(letter: int, *, ledger: Ledger) -> LetterRecord:
    for record in ledger.letters():
        if record.id == letter:
            return record
    raise UnknownLetter(letter=letter)


def _decision_on(record: LetterRecord, *, ledger: Ledger) -> Approval:
    for approval in ledger.approvals(record.letter.campaign):
        if approval.letter == record.id:
            return approval
    state = _record(record.id, ledger=ledger).letter.state
    why = "a file has arrived meanwhile, or it was written anew" if state is LetterState.WITHDRAWN else f"it is {state}"
    raise NoSuchDraft(letter=record.id, why=why)
