"""The closing words of a replay: units × milestones, letters by kind, the slowest steps, and where to look."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path

from phaseout.bootstrap import open_app
from phaseout.cli.common import instant, say, show
from phaseout.cli.matrix import LEGEND, matrix
from phaseout.domain.calendar import CHINA, ONE_DAY
from phaseout.domain.letter import LetterRecord
from phaseout.domain.standing_words import LETTER_STATE_WORDS, LETTER_WORDS
from phaseout.settings import Settings

NIGHT = time(23, 50)
SHOWN_STEPS = 6


def closing_words(home: Path, *, campaign: str, steps: Sequence[Mapping[str, object]], until: str | None) -> None:
    """Print what the replay came to."""
    with open_app(Settings().of_other_home(home)) as app:
        known = app.definitions.campaign(campaign)
        as_of = instant(until) if until else datetime.combine(known.closes + ONE_DAY, NIGHT, CHINA)
        show(matrix(app, campaign, as_of=as_of), as_json=False, title=known.title)
        say(LEGEND + "\n")
        show(_letters(app.ledger.letters(campaign)), as_json=False, title="函件")
        show(steps[:SHOWN_STEPS], as_json=False, title="最慢的步骤")
        say(f"分析快照  {app.snapshot}")
        say(f"工作看板  {home / 'published' / 'site' / 'index.html'}")
        bulletins = sorted((home / "published" / "bulletins").glob("*.html"))
        say(f"情况通报  {bulletins[-1] if bulletins else '—'}")
        say(f"发出函件  {home / 'outgoing'}")


def _letters(records: Sequence[LetterRecord]) -> list[dict[str, object]]:
    counts: dict[tuple[str, str], int] = {}
    for record in records:
        key = (LETTER_WORDS[record.letter.kind], LETTER_STATE_WORDS[record.letter.state])
        counts[key] = counts.get(key, 0) + 1
    return [{"函件": kind, "状态": state, "件数": count} for (kind, state), count in sorted(counts.items())]
