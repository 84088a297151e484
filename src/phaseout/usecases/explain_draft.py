"""Explain a draft (拟发事由): why it was written, and what its unit was told before, for the person who decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.deadline import period_words
from phaseout.domain.finding_text import say
from phaseout.domain.form import Form, in_year
from phaseout.domain.letter import LetterRecord, LetterState
from phaseout.domain.obligation import Obligation, StandingView, standings
from phaseout.domain.outbox import UnknownLetter
from phaseout.domain.signing import age_of, whom_it_concerns
from phaseout.domain.standing_words import LETTER_STATE_WORDS, LETTER_WORDS
from phaseout.ports import Definitions, Ledger


@dataclass(frozen=True, slots=True)
class Explained:
    """What is to be known of a draft beside its text, in Chinese."""

    title: str
    facts: tuple[str, ...]
    reasons: tuple[str, ...]
    told: tuple[str, ...]  # what the unit was written before about the same obligations
    raw_sha256: str


def explain_draft(
    letter: int, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> Explained:
    """Return what a person needs to decide on a draft.

    Raises:
        UnknownLetter: the ledger has no such letter.
    """
    draft = _record(letter, ledger=ledger)
    campaign = definitions.campaign(draft.letter.campaign)
    obligations = ledger.obligations(campaign.id)
    views = standings(
        obligations,
        ledger.submitted(campaign.id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    own = {item.obligation for item in draft.letter.items}
    return Explained(
        title=_title(draft, campaign),
        facts=_facts(draft, campaign, age=age_of(draft, calendar=calendar, today=day_in_china(as_of))),
        reasons=_reasons(
            [one for one in obligations if one.id in own],
            views,
            campaign=campaign,
            forms=in_year(definitions.forms(), campaign.year),
        ),
        told=tuple(_told(record) for record in ledger.letters(campaign.id) if _has_told(record, own)),
        raw_sha256=draft.letter.raw_sha256,
    )


def title_of(letter: int, *, definitions: Definitions, ledger: Ledger) -> str:
    """Return what a letter is called: whom it speaks of, its kind, its number.

    Raises:
        UnknownLetter: the ledger has no such letter.
    """
    record = _record(letter, ledger=ledger)
    return _title(record, definitions.campaign(record.letter.campaign))


def _record(letter: int, *, ledger: Ledger) -> LetterRecord:
    for record in ledger.letters():
        if record.id == letter:
            return record
    raise UnknownLetter(letter=letter)


def _title(record: LetterRecord, campaign: Campaign) -> str:
    return f"{whom_it_concerns(record, campaign)}{LETTER_WORDS[record.letter.kind]}（函件编号{record.id}）"


def _facts(draft: LetterRecord, campaign: Campaign, *, age: int) -> tuple[str, ...]:
    letter = draft.letter
    copies = f"；抄送：{len(letter.copy_to)}个邮箱" if letter.copy_to else ""
    waited = f"，已等待{age}个工作日" if age > 0 else ""
    return (
        f"填报单位：{whom_it_concerns(draft, campaign)}",
        f"收件邮箱：{letter.recipient}{copies}",
        f"拟稿日期：{say(letter.day)}{waited}",
    )


def _reasons(
    obligations: Sequence[Obligation],
    views: Mapping[str, StandingView],
    *,
    campaign: Campaign,
    forms: Mapping[str, Form],
) -> tuple[str, ...]:
    """Say of each form what is missing; the industries of one form stand together."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in obligations:
        view = views[one.id]
        milestone, form = campaign.milestone(one.milestone).title, forms[one.form].title if one.form else None
        named = f"《{form}》" if form else ""
        period = period_words(one.period)
        about = f"{milestone if milestone != form else ''}{named}{period}"
        industries = grouped.setdefault((about, f"截止日期{say(one.due)}，{view.reason}。依据：{one.basis}"), [])
        industries += [campaign.industry(one.industry).name] if one.industry else []
    return tuple(f"{about}{_listed(names)}：{state}。" for (about, state), names in grouped.items())


def _listed(industries: Sequence[str]) -> str:
    return f"（{'、'.join(industries)}）" if industries else ""


def _has_told(record: LetterRecord, obligations: set[str]) -> bool:
    is_out = record.letter.state not in {LetterState.DRAFT, LetterState.WITHDRAWN}
    return is_out and any(item.obligation in obligations for item in record.letter.items)


def _told(record: LetterRecord) -> str:
    is_sent = record.letter.state is LetterState.SENT and record.settled_at is not None
    on = day_in_china(record.settled_at) if is_sent and record.settled_at else record.letter.day
    return f"{say(on)}{LETTER_WORDS[record.letter.kind]}（{LETTER_STATE_WORDS[record.letter.state]}）"
