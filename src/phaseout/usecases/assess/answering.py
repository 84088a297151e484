"""Answers each delivery (回执, 退回): what became of every workbook in it, and what is owed next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.deadline import changed_by
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import Line
from phaseout.domain.finding import RETURNING
from phaseout.domain.form import in_year
from phaseout.domain.letter import Letter, LetterKind
from phaseout.domain.letter_facts import line_facts
from phaseout.domain.obligation import Obligation, StandingView, Submitted, standings
from phaseout.domain.submission import Channel, Outcome
from phaseout.usecases.assess.checking import Judged
from phaseout.usecases.assess.copying import Copies, copies_of
from phaseout.usecases.assess.opening import Opened
from phaseout.usecases.assess.taking import Duplicate, Refused
from phaseout.usecases.assess.tools import OpenCampaign, Tools

Part = Judged | Refused | Duplicate

# What a delivery of several workbooks is called: the word that asks most of the sender.
OUTCOMES = (Outcome.RETURNED, Outcome.REFUSED, Outcome.HELD, Outcome.ACCEPTED, Outcome.DUPLICATE)
REASONS = {
    Outcome.RETURNED: "有报表需要更正",
    Outcome.REFUSED: "有附件无法识别为报表",
    Outcome.HELD: "待人工核定",
    Outcome.ACCEPTED: "审核通过",
    Outcome.DUPLICATE: "与此前来件相同",
}
AFTER_CLOSE = "已过报送关闭日，存档备查"
OVERTAKEN = "此后到达的版本已先行办理，存档备查"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a delivery became, with the letter that says so."""

    outcome: Outcome
    reason: str
    letter: Letter


def outcome_of(parts: Sequence[Part]) -> Outcome:
    """Return the outcome of a delivery from those of its workbooks."""
    own = {_outcome(part) for part in parts}
    return next(outcome for outcome in OUTCOMES if outcome in own)


def _outcome(part: Part) -> Outcome:
    if isinstance(part, Refused):
        return Outcome.REFUSED
    if isinstance(part, Duplicate):
        return Outcome.DUPLICATE
    return Outcome(part.decision.value)


def views_after(
    within: OpenCampaign, judged: Sequence[Judged], *, tools: Tools, as_of: datetime
) -> Mapping[str, StandingView]:
    """Return where a campaign's obligations stand once this batch is decided."""
    submitted = {obligation: list(known) for obligation, known in within.submitted.items()}
    for one in judged:
        submitted.setdefault(one.taken.answers.obligation.id, []).append(as_submitted(one, as_of=as_of))
    return standings(
        within.obligations,
        submitted,
        calendar=tools.calendar,
        correction_working_days=within.campaign.correction_working_days,
        as_of=as_of,
    )


def as_submitted(judged: Judged, *, as_of: datetime) -> Submitted:
    """Return what standing needs of a submission that was just decided."""
    return Submitted(
        obligation=judged.taken.answers.obligation.id,
        version=judged.taken.version,
        arrived_at=judged.taken.opened.delivery.arrived_at,
        decided_at=as_of,
        decision=judged.decision,
        findings=sum(finding.severity in RETURNING for finding in judged.findings),
        figures=judged.figures,
    )


def answer(
    opened: Opened,
    parts: Sequence[Part],
    views: Mapping[str, StandingView],
    *,
    settled: Collection[str],
    tools: Tools,
    as_of: datetime,
    evidence: Mapping[str, object] | None = None,
    again: int | None = None,
) -> Answer:
    """Return the answer to a delivery; it goes to the sender's registered address.

    *settled* are the obligations that nobody waits for any more (`settled_of` the views).
    *again* numbers the answers to one delivery from 2 on: its obligation was reopened.
    """
    sender = next((part.taken for part in parts if isinstance(part, Judged)), None)
    within = sender.within if sender else opened.senders[0].within
    unit = opened.senders[0].unit.code
    outcome = outcome_of(parts)
    kind = LetterKind.RECEIPT if outcome in {Outcome.ACCEPTED, Outcome.HELD, Outcome.DUPLICATE} else LetterKind.RETURN
    copies = _copies(parts, views, tools=tools)
    facts = {
        "delivery_number": opened.delivery.id[:8].upper(),
        "arrived_at": opened.delivery.arrived_at,
        "subject": opened.subject if opened.delivery.channel is Channel.MAIL else None,
        "workbooks": [part_facts(part, views, tools=tools) for part in parts],
        "still_owed": _still_owed(within, unit, views, tools=tools, as_of=as_of),
        "files": [file.name for file in copies.files],
        "files_left_out": copies.left_out,
        "evidence": evidence,
    }
    letter = tools.desk(within.campaign).letter(
        kind,
        facts | {"is_late": any(_days_late(part, views) > 0 for part in parts), "is_again": again is not None},
        key=f"answer/{opened.delivery.id}" + (f"/{again}" if again else ""),
        campaign=within.campaign,
        unit=unit,
        recipient=within.answer_to(opened.address, unit),
        files=copies.files,
        delivery=opened.delivery.id,
        deadlines=_entries_changed(within, parts, settled),
        settled=settled,
        in_reply_to=opened.message_id,
        threads=_answered(parts, within),
        as_of=as_of,
    )
    return Answer(outcome, _reason(parts, outcome), letter)


def _entries_changed(within: OpenCampaign, parts: Sequence[Part], settled: Collection[str]) -> list[Obligation]:
    """Return the obligations whose calendar entries a receipt cancels or moves, if a letter brought them."""
    filed = [part.taken.answers.obligation for part in parts if isinstance(part, Judged) and _settles(part)]
    owed = [one for one in filed if one.campaign == within.campaign.id]
    asked = [one for one in owed if one.id in within.asked()] if owed else []
    own = [one for unit in dict.fromkeys(one.unit for one in asked) for one in within.obligations_of(unit)]
    return changed_by(asked, own, settled=settled)


def _settles(part: Judged) -> bool:
    return part.decision is Decision.ACCEPTED and not _is_kept_only(part)


def _answered(parts: Sequence[Part], within: OpenCampaign) -> list[Obligation]:
    """Return the obligations that a delivery answered, now or when the same bytes came before; returned ones last."""
    same = {id_.rpartition("#")[0] for part in parts if isinstance(part, Duplicate) for id_ in part.submissions}
    judged = sorted(
        (part for part in parts if isinstance(part, Judged)), key=lambda part: part.decision is Decision.RETURNED
    )
    known = [one for one in within.obligations if one.id in same] if same else []
    return [*known, *(part.taken.answers.obligation for part in judged)]


def _reason(parts: Sequence[Part], outcome: Outcome) -> str:
    held = [part.taken for part in parts if isinstance(part, Judged) and part.decision is Decision.HELD]
    if outcome is Outcome.HELD and all(taken.is_after_close for taken in held):
        return AFTER_CLOSE
    if outcome is Outcome.HELD and all(taken.is_after_close or taken.is_overtaken for taken in held):
        return OVERTAKEN
    return REASONS[outcome]


def _copies(parts: Sequence[Part], views: Mapping[str, StandingView], *, tools: Tools) -> Copies:
    judged = [part for part in parts if isinstance(part, Judged) and not _is_kept_only(part)]
    return copies_of([(part, _correction_due(part, views)) for part in judged], tools.copies)


def _is_kept_only(part: Judged) -> bool:
    return part.taken.is_after_close or part.taken.is_overtaken


def _correction_due(part: Judged, views: Mapping[str, StandingView]) -> date | None:
    view = views[part.taken.answers.obligation.id]
    return view.correction_due if part.decision is Decision.RETURNED else None


def _days_late(part: Part, views: Mapping[str, StandingView]) -> int:
    return views[part.taken.answers.obligation.id].days_late if isinstance(part, Judged) else 0


def part_facts(part: Part, views: Mapping[str, StandingView], *, tools: Tools) -> dict[str, object]:
    """Return what a letter says of one workbook."""
    facts: dict[str, object] = {
        "file_name": (part.taken if isinstance(part, Judged) else part).attachment.name,
        "form_title": None,
        "form_number": None,
        "industry": None,
        "period": None,
        "decision": _outcome(part).value,
        "version": None,
        "is_zero": False,
        "due": None,
        "days_late": 0,
        "correction_due": None,
        "findings": [],
        "reached": None,
        "waiting": [],
        "paper_copies": 0,
        "check_figure": None,
        "refusal": None,
        "duplicate_of": None,
        "duplicate_decision": None,
        "duplicate_figures": [],
    }
    if isinstance(part, Judged):
        return facts | _judged_facts(part, views)
    if isinstance(part, Refused):
        title, remedy = tools.definitions.refusal(part.code)
        return facts | {"refusal": {"title": title + (f"：{part.found}" if part.found else ""), "remedy": remedy}}
    return facts | {
        "duplicate_of": _duplicate_words(part, tools=tools),
        "duplicate_decision": _same_decision(part),
        "duplicate_figures": [one.check_figure for one in part.decided if one.check_figure],
        "findings": [finding for one in part.decided for finding in one.findings],
    }


def _same_decision(part: Duplicate) -> str | None:
    """Return how the same bytes were decided before: a file that was returned is told so as often as it comes."""
    decisions = [one.decision for one in part.decided]
    order = (Decision.RETURNED, Decision.HELD, Decision.ACCEPTED)
    return next((decision.value for decision in order if decision in decisions), None)


def _judged_facts(part: Judged, views: Mapping[str, StandingView]) -> dict[str, object]:
    taken, obligation = part.taken, part.taken.answers.obligation
    campaign = taken.within.campaign  # one mail may answer several
    view = views[obligation.id]
    return {
        "form_title": taken.form.title,
        "form_number": taken.form.number,
        "industry": campaign.industry(obligation.industry).name if obligation.industry else None,
        "period": obligation.period,
        "decision": _decision_word(part),
        "version": taken.version,
        "is_zero": taken.reading.is_zero,
        "due": obligation.due,
        "days_late": view.days_late,
        "correction_due": _correction_due(part, views),
        "findings": part.findings,
        "reached": part.reached.value,
        "waiting": [phase.value for phase in part.reached.later],
        "paper_copies": part.paper_copies,
        "check_figure": part.check_figure,
    }


def _decision_word(part: Judged) -> str:
    if part.taken.is_after_close:
        return "after_close"
    return "overtaken" if part.taken.is_overtaken else part.decision.value


def _duplicate_words(part: Duplicate, *, tools: Tools) -> str:
    """Name the submissions that the same bytes became before, in words a city knows."""
    return "、".join(dict.fromkeys(_submission_words(one, part, tools=tools) for one in part.submissions))


def _submission_words(submission: str, part: Duplicate, *, tools: Tools) -> str:
    obligation, _, version = submission.rpartition("#")
    owed = ((s.within.campaign, s.within.by_id.get(obligation)) for s in part.opened.senders)
    campaign, known = next((pair for pair in owed if pair[1] is not None), (None, None))
    if campaign is None or known is None or known.form is None:  # of a campaign that does not know this sender
        return "此前来件"
    form = tools.definitions.forms()[known.form].in_year(campaign.year)
    industry = campaign.industry(known.industry).name if known.industry else ""
    period = f"{known.period[:4]}年{int(known.period[5:])}月" if known.period else ""
    return f"{period}{industry}{form.number or form.title}第{version}版"


def _still_owed(
    within: OpenCampaign, unit: str, views: Mapping[str, StandingView], *, tools: Tools, as_of: datetime
) -> list[dict[str, object]]:
    today = day_in_china(as_of)
    lines = [
        _line(obligation, views[obligation.id], tools=tools, as_of=as_of)
        for obligation in within.obligations_of(unit)
        if obligation.form is not None
        and not obligation.is_paper  # asked for beside the file that was accepted
        and obligation.opens <= today <= obligation.closes
        and views[obligation.id].is_owed
    ]
    return line_facts(lines, campaign=within.campaign, forms=in_year(tools.definitions.forms(), within.campaign.year))


def _line(obligation: Obligation, view: StandingView, *, tools: Tools, as_of: datetime) -> Line:
    due = view.correction_due or obligation.due
    days_late = tools.calendar.days_late(due, day_in_china(as_of))
    letter = LetterKind.OVERDUE if days_late > 0 else LetterKind.REMINDER
    return Line(obligation, view, letter, None, due, days_late, ())
