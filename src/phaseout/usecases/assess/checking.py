"""Checks workbooks wave by wave, each of one form and campaign, and decides about each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.check_figure import check_figure
from phaseout.domain.decision import Decision, decide, phase_reached, told
from phaseout.domain.explanation import Remembered
from phaseout.domain.finding import Finding, Rule
from phaseout.domain.finding_text import describe
from phaseout.domain.form import Form
from phaseout.domain.intake import waves
from phaseout.domain.item import item_of
from phaseout.domain.phase import Phase
from phaseout.domain.submission import Breach, Reading
from phaseout.ports import StagedWorkbook
from phaseout.usecases.assess.leave import Leave
from phaseout.usecases.assess.taking import Taken
from phaseout.usecases.assess.tools import Tools


@dataclass(frozen=True, slots=True)
class Judged:
    """A workbook with its findings and the decision about it."""

    taken: Taken
    findings: tuple[Finding, ...]  # of the phases up to the one that was reached
    reached: Phase
    decision: Decision
    figures: Mapping[str, int]
    explained: tuple[Remembered, ...]  # what its sender says of findings, and the ledger does not know yet
    check_figure: str | None = None  # of what was accepted and is filed on paper too

    @property
    def paper_copies(self) -> int:
        """How many sealed copies (纸质件) follow; nobody prints what is sent back."""
        milestones = {one.id: one for one in self.taken.within.campaign.milestones}
        milestone = milestones.get(self.taken.answers.obligation.milestone)
        return milestone.paper_copies if milestone and self.decision is Decision.ACCEPTED else 0


def check_in_waves(taken: Sequence[Taken], *, tools: Tools, as_of: datetime) -> list[Judged]:
    """Check workbooks so that each is held against what those before it left accepted."""
    leave = Leave(taken, ledger=tools.ledger, as_of=as_of)
    keys = [(one.form.order, one.answers.period or "", one.version) for one in taken]
    judged = []
    for positions in waves(keys):
        by_campaign: dict[tuple[str, str], list[Taken]] = {}
        for position in positions:
            one = taken[position]
            by_campaign.setdefault((one.within.campaign.id, one.form.id), []).append(one)
        for wave in by_campaign.values():
            judged.extend(_check_wave(wave, leave, tools=tools))
    return judged


def _check_wave(wave: Sequence[Taken], leave: Leave, *, tools: Tools) -> list[Judged]:
    """Run the rules of the wave's form once over all its workbooks; take the rows of accepted ones into the core."""
    form, campaign = wave[0].form, wave[0].within.campaign
    frame = tools.warehouse.stage(form, [_staged(taken) for taken in wave])
    breaches = _breaches(wave, form, frame, campaign, tools=tools)
    figures = tools.warehouse.figures(form.id)
    rules = _rulebook(form, campaign, tools=tools)
    judged = []
    for taken in wave:
        unread = _in_force(taken.reading, campaign, tools=tools)
        found = _findings(taken, _once(unread, breaches.get(taken.submission, ()), form), rules)
        judged.append(_judge(taken, found, rules, leave, figures=figures.get(taken.submission, {})))
    accepted = [one.taken.submission for one in judged if one.decision is Decision.ACCEPTED]
    tools.warehouse.promote(form.id, accepted)
    return judged


def _findings(taken: Taken, breaches: Sequence[Breach], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    rows = {(row.sheet, row.row): row for row in taken.reading.rows} if breaches else {}
    return tuple(
        describe(
            breach,
            rules[breach.rule],
            taken.form,
            taken.reading,
            taken.attachment.name,
            item=item_of(
                taken.form, rows.get((breach.sheet or "", breach.row or 0)), breach.field or rules[breach.rule].field
            ),
        )
        for breach in breaches
    )


def _judge(
    taken: Taken, found: Sequence[Finding], rules: Mapping[str, Rule], leave: Leave, *, figures: Mapping[str, int]
) -> Judged:
    """Decide about a workbook by what the office does not let pass; later phases wait for the correction."""
    findings = leave.waived(taken, found)
    phases = {finding.rule: rules[finding.rule].phase for finding in findings}
    reached = phase_reached(findings, phases)
    explained = leave.given(taken, found, rules)
    findings = leave.explained(taken, told(findings, phases, reached=reached), rules)
    decision = decide(findings, is_after_close=taken.is_after_close or taken.is_overtaken)
    judged = Judged(taken, findings, reached, decision, figures, explained)
    return replace(judged, check_figure=_check_figure(taken)) if judged.paper_copies else judged


def _check_figure(taken: Taken) -> str:
    answers = taken.answers
    scope = (answers.unit.code, answers.industry or "", answers.period or "")
    return check_figure(taken.reading, taken.form, scope=scope)


def _once(unread: Sequence[Breach], checked: Sequence[Breach], form: Form) -> list[Breach]:
    """Join what could not be read with what the rules say; a cell that could not be read is not also called empty."""
    heads = {field.name for field in form.head}  # rules speak of them in the rows below: the sheet says which is meant

    def place(breach: Breach) -> tuple[str | None, int | None, str | None]:
        return breach.sheet, None if breach.field in heads else breach.row, breach.field

    places = {place(breach) for breach in unread if breach.row and breach.field}
    return [*unread, *(breach for breach in checked if place(breach) not in places)]


def _staged(taken: Taken) -> StagedWorkbook:
    return StagedWorkbook(
        submission=taken.submission,
        campaign=taken.within.campaign.id,
        unit=taken.answers.unit.code,
        industry=taken.answers.industry,
        period=taken.answers.period,
        version=taken.version,
        reading=taken.reading,
        arrived_on=taken.arrived_on,
        sha256=taken.sha256,
    )


def parameters(campaign: Campaign) -> dict[str, object]:
    """Return what rules may ask of a campaign."""
    return {
        "campaign_id": campaign.id,
        "campaign_year": campaign.year,
        "opens": campaign.opens,
        "closures_due": campaign.closures_due,
        "survey_due": _due(campaign, "inventory"),
        "final_list_due": _due(campaign, "final_list"),
        **_extent(campaign),
    }


def _extent(campaign: Campaign) -> dict[str, object]:
    """Return the degrees between which enterprises lie; none where the campaign does not say."""
    extent = campaign.extent
    west, east = extent.longitude if extent else (None, None)
    south, north = extent.latitude if extent else (None, None)
    return {"longitude_least": west, "longitude_most": east, "latitude_least": south, "latitude_most": north}


def _due(campaign: Campaign, kind: str) -> object:
    days = [term.nominal_due for milestone in campaign.milestones if milestone.kind == kind for term in milestone.terms]
    return max(days, default=campaign.closures_due)


def _rulebook(form: Form, campaign: Campaign, *, tools: Tools) -> dict[str, Rule]:
    """Return the rules that hold in the campaign's year."""
    reading = tools.definitions.reading_rules().values()
    rules: Iterable[Rule] = (*reading, *tools.checker.rules(form.id), *tools.warehouse.rules(form.id))
    return {rule.id: rule for rule in rules if campaign.year in rule.years}


def _in_force(reading: Reading, campaign: Campaign, *, tools: Tools) -> list[Breach]:
    """Return what could not be read, by the rules of reading that hold in the campaign's year."""
    rules = tools.definitions.reading_rules()
    return [breach for breach in reading.breaches if campaign.year in rules[breach.rule].years]


def _breaches(
    wave: Sequence[Taken], form: Form, frame: object, campaign: Campaign, *, tools: Tools
) -> dict[str, list[Breach]]:
    found: dict[str, list[Breach]] = {}
    asked = parameters(campaign)
    if any(taken.reading.rows for taken in wave):
        hits = tools.checker.check(form.id, frame, parameters=asked)
        rows = tools.warehouse.row(form.id, {row_id for row_id, _ in hits})
        fields = {rule.id: rule.field for rule in tools.checker.rules(form.id)}
        heads, told = {field.name for field in form.head}, set()
        for row_id, rule in hits:
            submission, sheet, row, values = rows[row_id]
            name = fields[rule]
            if name in heads and (submission, sheet, rule) in told:
                continue  # every row carries the head of its sheet: one finding speaks for all
            told.add((submission, sheet, rule))
            facts = {**asked, **values, "found": values.get(name) if name else None}
            found.setdefault(submission, []).append(Breach(rule, sheet, row, name, facts))
    for submission, breach in tools.warehouse.check(form.id, parameters=asked):
        found.setdefault(submission, []).append(breach)
    return found
