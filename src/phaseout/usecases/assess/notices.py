"""Notices about mail that is no submission: 来件核实 to the unit it claims to come from, 补附报表 to its sender.

They go to registered addresses alone, never to a stranger, and a few a day: what comes in does not rule what goes out.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Unit
from phaseout.domain.form import Form, HeadRole
from phaseout.domain.intake import is_unit
from phaseout.domain.letter import Letter, LetterKind
from phaseout.domain.reading_years import read_in_year
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Attachment, Unreadable, Workbook
from phaseout.usecases.assess.mail_preview import KEY as PREVIEWS
from phaseout.usecases.assess.opening import Opened, Sender
from phaseout.usecases.assess.tools import OpenCampaign, Tools

MOST_A_DAY = 5  # to one address
LOOKED_INTO = 3  # workbooks of a mail that may say whose it is


def notices(
    everything: Sequence[Opened], campaigns: Sequence[OpenCampaign], *, tools: Tools, as_of: datetime
) -> list[Letter]:
    """Return the notices that a batch calls for and that may be written today."""
    called_for = [one for one in everything if one.notice is not None]
    if not called_for:
        return []
    written = tools.ledger.notices(day_in_china(as_of))
    keys = {key for key, _ in written}
    counts = Counter(recipient for key, recipient in written if not key.startswith(PREVIEWS))
    letters = []
    for opened in called_for:
        key = _key(opened, as_of=as_of)
        if key in keys or not (opened.senders or opened.workbooks):
            continue
        keys.add(key)
        told = _told(opened, campaigns, tools=tools)
        if told is None or counts[recipient := _recipient(opened, told)] >= MOST_A_DAY:
            continue
        counts[recipient] += 1
        letters.append(_letter(opened, told, recipient, key, tools=tools, as_of=as_of))
    return letters


def _key(opened: Opened, *, as_of: datetime) -> str:
    if opened.notice is LetterKind.RESEND:
        return f"resend/{opened.delivery.id}"
    return f"verification/{day_in_china(as_of)}/{opened.address or opened.delivery.id}"


def _recipient(opened: Opened, told: Sender) -> str:
    if opened.notice is LetterKind.RESEND:
        return told.within.answer_to(opened.address, told.unit.code)
    return told.within.address_of(told.unit.code)


def _told(opened: Opened, campaigns: Sequence[OpenCampaign], *, tools: Tools) -> Sender | None:
    """Return whom a mail concerns: its sender's unit, or the one that its workbooks name."""
    if opened.senders:
        return opened.senders[0]
    for attachment in opened.workbooks[:LOOKED_INTO]:
        if found := _named(attachment, campaigns, tools=tools):
            return found
    return None


def _named(attachment: Attachment, campaigns: Sequence[OpenCampaign], *, tools: Tools) -> Sender | None:
    try:
        workbook = tools.workbooks.read(attachment.content)
        form = recognise(workbook, tools.definitions.forms())
    except Unreadable:
        return None
    return next((found for within in campaigns if (found := _named_in(workbook, form, within))), None)


def _named_in(workbook: Workbook, form: Form, within: OpenCampaign) -> Sender | None:
    try:
        of_year, reading = read_in_year(workbook, form, within.campaign.year)
    except Unreadable:
        return None
    heads = [reading.head.get(field.name) for field in of_year.head if field.role is HeadRole.UNIT]
    units = within.campaign.units
    return next((Sender(within, unit) for unit in units if any(_means(head, unit) for head in heads)), None)


def _means(head: object, unit: Unit) -> bool:
    return bool(head) and is_unit(str(head), unit)


def _letter(opened: Opened, told: Sender, recipient: str, key: str, *, tools: Tools, as_of: datetime) -> Letter:
    kind = opened.notice
    assert kind is not None  # noqa: S101  only mails that call for one come here
    # A stranger's own words have no place in a letter of ours: a subject could lead the reader to an address of his.
    own_words = {"subject": opened.subject} if kind is LetterKind.RESEND else {"address": opened.address}
    return tools.desk(told.within.campaign).letter(
        kind,
        {
            "delivery_number": opened.delivery.id[:8].upper(),
            "arrived_at": opened.delivery.arrived_at,
            "reason": opened.settled[1] if opened.settled else "",
            **own_words,
        },
        key=key,
        campaign=told.within.campaign,
        unit=told.unit.code,
        recipient=recipient,
        delivery=opened.delivery.id,
        in_reply_to=opened.message_id if kind is LetterKind.RESEND else None,
        as_of=as_of,
    )
