"""What the page of a bulletin (情况通报) needs beside its facts: the sentences, marks and notes of the Word file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phaseout.adapters.pages.documents.sections import sections_of
from phaseout.adapters.pages.documents.wordings import annexes_of, month_words, note_of
from phaseout.domain.calendar import day_in_china
from phaseout.domain.document_words import moment_words


def page_facts(facts: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the facts of a bulletin with what its page says in words."""
    changes = facts.get("changes", ())
    return {
        "version": 1,
        **facts,
        "changes": changes,
        "sections": sections_of(folder / "text", "bulletin", facts),
        "attachments": annexes_of(facts, has_changes=bool(changes))["attachments"],
        "month_words": month_words(facts),
        "table_note": note_of(facts),
        "today": day_in_china(facts["as_of"]),
        "moment": moment_words,
    }
