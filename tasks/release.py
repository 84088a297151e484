"""What a release (签发) shows to the person who decides, and what it records."""

from datetime import datetime

from prefect import task
from prefect.cache_policies import RUN_ID

from phaseout.bootstrap import open_app
from phaseout.bootstrap.lookup import letter_text
from phaseout.domain.letter import LetterState
from phaseout.usecases.explain_draft import explain_draft
from phaseout.usecases.release import NoSuchDraft, release
from tasks import POLICY


def is_draft(letter: int) -> bool:
    """Say whether a letter waits for release."""
    with open_app() as app:
        return any(record.id == letter for record in app.ledger.letters(states={LetterState.DRAFT}))


# What was shown is remembered for the run: after the resume it is not read again.
@task(name="拟稿全文", task_run_name="拟稿-{letter}", persist_result=True, **POLICY | {"cache_policy": RUN_ID})
def draft_paper(letter: int, *, as_of: datetime) -> dict[str, list[str]]:
    """Return title, facts, reasons, earlier letters and text of a draft, and the hash of what was shown."""
    with open_app() as app:
        known = explain_draft(
            letter, as_of=as_of, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger
        )
        text = letter_text(app, letter)
    return {
        "title": [known.title],
        "facts": list(known.facts),
        "reasons": list(known.reasons),
        "told": list(known.told),
        "text": text.splitlines(),
        "raw_sha256": [known.raw_sha256],
    }


@task(name="签发", task_run_name="签发-{letter}", **POLICY)
def settle_draft(
    letter: int, *, is_released: bool, officer: str, reason: str, shown_sha256: str, as_of: datetime
) -> bool:
    """Record the officer's decision on what was shown; False when the draft was settled elsewhere meanwhile."""
    with open_app() as app:
        try:
            release(
                letter,
                release=is_released,
                by=officer,
                reason=reason,
                as_of=as_of,
                ledger=app.ledger,
                shown_sha256=shown_sha256,
            )
        except NoSuchDraft:  # the ledger decides; the run only says so
            return False
    return True
