"""Checks workbooks as intake would, without filing them (预检): same reading, same rules, same findings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from phaseout.domain.campaign import Unit
from phaseout.domain.dividing import divide, held_to
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.form import Form, HeadRole
from phaseout.domain.intake import Answered, answered, as_if_owed, by_answer, is_unit
from phaseout.domain.letter import LetterFile
from phaseout.domain.obligation import plan_obligations
from phaseout.domain.phase import Phase
from phaseout.domain.reading_years import read_in_year
from phaseout.domain.recognising import recognise
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.submission import Attachment, Channel, Delivery, Reading, Unreadable
from phaseout.usecases.assess.checking import Judged, check_in_waves
from phaseout.usecases.assess.copying import free_name, marked_copy
from phaseout.usecases.assess.opening import Opened
from phaseout.usecases.assess.taking import Counter, Taken
from phaseout.usecases.assess.tools import OpenCampaign, Tools, open_campaign_of


def check_files(
    files: Sequence[tuple[str, bytes]],
    *,
    campaign_id: str,
    unit_code: str | None,
    as_of: datetime,
    tools: Tools,
    keep: Callable[[LetterFile], None] | None = None,
    tell: Callable[[str, Phase], None] | None = None,
) -> list[dict[str, object]]:
    """Return the findings of each file as flat rows; nothing is recorded. Without a unit, the file's own counts.

    *keep* is given the marked copy (批注件) of each file that has findings; *tell* how far each file was checked.
    """
    within = _within(campaign_id, as_of=as_of, tools=tools)
    tools.catch_up()
    counter = Counter()
    parts = [
        part
        for name, content in files
        for part in _read(name, content, within, unit_code, counter, as_of=as_of, tools=tools)
    ]
    with tools.warehouse.batch():  # never committed: what was promoted goes again
        tools.warehouse.refresh(reference_tables(within.campaign), campaign=campaign_id)
        taken = [part for part in parts if isinstance(part, Taken)]
        judged = {one.taken.submission: one for one in check_in_waves(taken, tools=tools, as_of=as_of)}
    if tell:
        for one in judged.values():
            tell(one.taken.attachment.name, one.reached)
    if keep:
        for copy in _copies(judged.values(), tools=tools):
            keep(copy)
    return [
        _row(finding)
        for part in parts
        for finding in (judged[part.submission].findings if isinstance(part, Taken) else (part,))
    ]


def _copies(judged: Iterable[Judged], *, tools: Tools) -> Iterator[LetterFile]:
    names: list[str] = []
    for one in judged:
        if one.findings:
            copy = marked_copy(one, tools.copies)
            names.append(free_name(copy.name, names))
            yield LetterFile(names[-1], copy.content)


def _within(campaign_id: str, *, as_of: datetime, tools: Tools) -> OpenCampaign:
    """Return the campaign as it stands; one that was not opened yet as it would be."""
    if campaign_id in tools.ledger.open_campaigns():
        return open_campaign_of(tools, campaign_id, as_of=as_of)
    campaign = tools.definitions.campaign(campaign_id)
    obligations = plan_obligations(campaign, calendar=tools.calendar)
    return OpenCampaign(campaign, obligations, by_answer(obligations), {}, ())


def _read(
    name: str,
    content: bytes,
    within: OpenCampaign,
    unit_code: str | None,
    counter: Counter,
    *,
    as_of: datetime,
    tools: Tools,
) -> list[Taken | Finding]:
    """Return a file as intake would take it, one for each industry that it reports, or a refusal as a finding."""
    attachment = Attachment(name, content)
    try:
        workbook = tools.workbooks.read(content)
        form, reading = read_in_year(workbook, recognise(workbook, tools.definitions.forms()), within.campaign.year)
        unit = within.campaign.unit(unit_code) if unit_code else _named_unit(reading, form, within)
    except Unreadable as why:
        return [_refusal(name, why, tools=tools)]
    delivery = Delivery(name, "", Channel.FOLDER, name, as_of, as_of, unit.code, name)
    opened = Opened(delivery, None, name, None, (), (attachment,))
    parts: list[Taken | Finding] = []
    for part in divide(reading, form):
        try:
            answers = _answers(part, form, within, unit, name)
        except Unreadable as why:
            parts.append(_refusal(name, why, tools=tools))
            continue
        version = counter.next_version(within, answers.obligation.id)
        held = held_to(part, form, unit)
        parts.append(Taken(opened, within, attachment, "", workbook, form, held, answers, version))
    return parts


def _refusal(name: str, why: Unreadable, *, tools: Tools) -> Finding:
    title, remedy = tools.definitions.refusal(why.code)
    return Finding(why.code, Severity.BLOCKING, title, title, remedy, name, found=why.facts.get("found"))


def _answers(reading: Reading, form: Form, within: OpenCampaign, unit: Unit, name: str) -> Answered:
    if form.id in within.campaign.kept_forms:
        return as_if_owed(reading, form, campaign=within.campaign, unit=unit, name=name)
    owed = within.owed.get(unit.code, {})
    return answered(reading, form, campaign=within.campaign, unit=unit, obligations=owed)


def _named_unit(reading: Reading, form: Form, within: OpenCampaign) -> Unit:
    field = next(field for field in form.head if field.role is HeadRole.UNIT)
    written = str(reading.head.get(field.name) or "")
    for unit in within.campaign.units:
        if written and is_unit(written, unit):
            return unit
    raise Unreadable("wrong_unit" if written else "no_unit", facts={"found": written})


def _row(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "rule": finding.rule,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "row": finding.row,
        "field": finding.field,
        "found": finding.found,
        "expected": finding.expected,
        "message": finding.message,
        "remedy": finding.remedy,
    }
