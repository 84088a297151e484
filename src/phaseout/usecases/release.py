"""Release (签发): a named person lets a draft go out, or keeps it in."""

from datetime import datetime

from phaseout.domain.letter import LetterRecord, LetterState
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NoSuchDraft(UsageError):
    """A letter is to be released that is no draft, or not any more."""

    def __init__(self, *, letter: int) -> None:
        self.letter = letter
        super().__init__(f"letter {letter} is no draft that waits for release")


class NobodySigned(UsageError):
    """A release needs the name of the person who decides."""

    def __init__(self) -> None:
        super().__init__("say who decides: --by NAME")


def release(letter: int, *, release: bool, by: str, reason: str, as_of: datetime, ledger: Ledger) -> LetterRecord:
    """Release or withhold a draft and return it as it was; a released one is sent by the next `deliver`.

    Raises:
        NobodySigned: no name was given.
        NoSuchDraft: the letter is not waiting for release.
    """
    if not by.strip():
        raise NobodySigned
    draft = next((record for record in ledger.letters(states={LetterState.DRAFT}) if record.id == letter), None)
    if draft is None:
        raise NoSuchDraft(letter=letter)
    if not ledger.release(letter, release=release, by=by.strip(), reason=reason, as_of=as_of, letters=()):
        raise NoSuchDraft(letter=letter)
    return draft
