"""Checks workbooks as intake would, without filing them (预检): same reading, same rules, same findings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from phaseout.domain.campaign import Unit
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.form import Form, HeadRole
from phaseout.domain.intake import answered, by_answer, is_unit
from phaseout.domain.letter import LetterFile
from phaseout.domain.obligation import plan_obligations
from phaseout.domain.reading import read_form, recognise
from phaseout.domain.submission import Attachment, Channel, Delivery, Reading, Unreadable
from phaseout.usecases import reference_tables
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
) -> list[dict[str, object]]:
    """Return the findings of each file as flat rows; nothing is recorded. Without a unit, the file's own counts.

    *keep* is given the marked copy (批注件) of each file that has findings.
    """
    within = _within(campaign_id, as_of=as_of, tools=tools)
    tools.catch_up()
    counter = Counter()
    parts = [_read(name, content, within, unit_code, counter, as_of=as_of, tools=tools) for name, content in files]
    with tools.warehouse.batch():  # never committed: what was promoted goes again
        tools.warehouse.refresh(reference_tables(within.campaign), campaign=campaign_id)
        taken = [part for part in parts if isinstance(part, Taken)]
        judged = {one.taken.submission: one for one in check_in_waves(taken, tools=tools)}
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
) -> Taken | Finding:
    """Return a file as intake would take it, or its refusal as a finding."""
    try:
        return _taken(name, content, within, unit_code, counter, as_of=as_of, tools=tools)
    except Unreadable as why:
        title, remedy = tools.definitions.refusal(why.code)
        return Finding(why.code, Severity.BLOCKING, title, title, remedy, name, found=why.facts.get("found"))


def _taken(
    name: str,
    content: bytes,
    within: OpenCampaign,
    unit_code: str | None,
    counter: Counter,
    *,
    as_of: datetime,
    tools: Tools,
) -> Taken:
    workbook = tools.workbooks.read(content)
    form = recognise(workbook, tools.definitions.forms())
    reading = read_form(workbook, form)
    unit = within.campaign.unit(unit_code) if unit_code else _named_unit(reading, form, within)
    answers = answered(reading, form, campaign=within.campaign, unit=unit, obligations=within.owed.get(unit.code, {}))
    attachment = Attachment(name, content)
    delivery = Delivery(name, "", Channel.FOLDER, name, as_of, as_of, unit.code, name)
    opened = Opened(delivery, None, name, None, (), (attachment,))
    version = counter.next_version(within, answers.obligation.id)
    return Taken(opened, within, attachment, "", workbook, form, reading, answers, version)


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
