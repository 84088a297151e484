"""Answers mails that ask for a check and file nothing (预检): same reading, same rules; no submission comes of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.finding import returns
from phaseout.domain.letter import Letter, LetterKind
from phaseout.domain.submission import Outcome
from phaseout.ports import Assessment
from phaseout.usecases.assess.answering import Part, part_facts, views_after
from phaseout.usecases.assess.checking import Judged, check_in_waves
from phaseout.usecases.assess.copying import copies_of
from phaseout.usecases.assess.holding import Hold
from phaseout.usecases.assess.opening import Opened
from phaseout.usecases.assess.taking import Refused, Taken, take
from phaseout.usecases.assess.tools import OpenCampaign, Tools

PREVIEWED = (Outcome.IGNORED, "预检，未报送")
TOO_MANY = (Outcome.IGNORED, "预检，未报送；当日预检次数已满，未回复")
MOST_A_DAY = 20  # to one address
KEY = "preview/"


def answer_previews(
    everything: Sequence[Opened],
    campaigns: Sequence[OpenCampaign],
    hold: Hold,
    *,
    most_rows: int,
    tools: Tools,
    as_of: datetime,
) -> None:
    """Check and answer mails, each by itself: what one of them holds is no history for the next."""
    written = tools.ledger.notices(day_in_china(as_of))
    counts = Counter(recipient for key, recipient in written if key.startswith(KEY))
    for opened in everything:
        hold.go_on()
        unit = opened.senders[0].unit.code
        recipient = opened.senders[0].within.answer_to(opened.address, unit)
        letters: tuple[Letter, ...] = ()
        if counts[recipient] < MOST_A_DAY:
            counts[recipient] += 1
            parts = _checked(opened, most_rows=most_rows, tools=tools, as_of=as_of)
            letters = (_letter(opened, parts, recipient, campaigns, tools=tools, as_of=as_of),)
        hold.record(
            Assessment(
                outcomes={opened.delivery.id: PREVIEWED if letters else TOO_MANY},
                senders={opened.delivery.id: (opened.address, opened.subject, unit)},
                submissions=(),
                letters=letters,
                contacts=(),
                message_ids={opened.delivery.id: opened.message_id} if opened.message_id else {},
            )
        )


def _checked(opened: Opened, *, most_rows: int, tools: Tools, as_of: datetime) -> list[Part]:
    parts = take([opened], most_rows=most_rows, tools=tools)[opened.delivery.id]
    taken = [part for part in parts if isinstance(part, Taken)]
    with tools.warehouse.batch():  # never committed: what was promoted goes again
        judged = {one.taken.submission: one for one in check_in_waves(taken, tools=tools, as_of=as_of)}
    return [judged[part.submission] if isinstance(part, Taken) else part for part in parts]


def _letter(
    opened: Opened,
    parts: Sequence[Part],
    recipient: str,
    campaigns: Sequence[OpenCampaign],
    *,
    tools: Tools,
    as_of: datetime,
) -> Letter:
    judged = [part for part in parts if isinstance(part, Judged)]
    within = judged[0].taken.within if judged else opened.senders[0].within
    copies = copies_of([(part, None) for part in judged], tools.copies)
    return tools.desk(within.campaign).letter(
        LetterKind.PREVIEW,
        {
            "delivery_number": opened.delivery.id[:8].upper(),
            "arrived_at": opened.delivery.arrived_at,
            "subject": opened.subject,
            "workbooks": _facts(parts, campaigns, tools=tools, as_of=as_of),
            "still_owed": [],
            "files": [file.name for file in copies.files],
            "files_left_out": copies.left_out,
            "most_a_day": MOST_A_DAY,
        },
        key=f"{KEY}{opened.delivery.id}",
        campaign=within.campaign,
        unit=opened.senders[0].unit.code,
        recipient=recipient,
        files=copies.files,
        delivery=opened.delivery.id,
        in_reply_to=opened.message_id,
        as_of=as_of,
    )


def _facts(
    parts: Sequence[Part], campaigns: Sequence[OpenCampaign], *, tools: Tools, as_of: datetime
) -> list[dict[str, object]]:
    views = {
        obligation: view
        for within in campaigns
        for obligation, view in views_after(within, (), tools=tools, as_of=as_of).items()
    }
    # Nothing was filed: there is no version, no lateness, no day for a correction and nothing to print.
    unfiled = {"version": None, "days_late": 0, "correction_due": None, "paper_copies": 0, "check_figure": None}
    return [part_facts(part, views, tools=tools) | unfiled | {"decision": _word(part)} for part in parts]


def _word(part: Part) -> str:
    if isinstance(part, Judged):
        return "faulty" if returns(part.findings) else "clean"
    return "unreadable" if isinstance(part, Refused) else "twice"
