"""Checks workbooks wave by wave, each of one form and campaign, and decides about each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from phaseout.domain.campaign import Campaign
from phaseout.domain.decision import Decision, decide
from phaseout.domain.finding import Finding, Rule
from phaseout.domain.finding_text import describe
from phaseout.domain.form import Form
from phaseout.domain.intake import waves
from phaseout.domain.submission import Breach
from phaseout.ports import StagedWorkbook
from phaseout.usecases.assess.taking import Taken
from phaseout.usecases.assess.tools import Tools


@dataclass(frozen=True, slots=True)
class Judged:
    """A workbook with its findings and the decision about it."""

    taken: Taken
    findings: tuple[Finding, ...]
    decision: Decision
    figures: Mapping[str, int]


def check_in_waves(taken: Sequence[Taken], *, tools: Tools) -> list[Judged]:
    """Check workbooks so that each is held against what those before it left accepted."""
    keys = [(one.form.order, one.answers.period or "", one.version) for one in taken]
    judged = []
    for positions in waves(keys):
        by_campaign: dict[tuple[str, str], list[Taken]] = {}
        for position in positions:
            one = taken[position]
            by_campaign.setdefault((one.within.campaign.id, one.form.id), []).append(one)
        for wave in by_campaign.values():
            judged.extend(_check_wave(wave, tools=tools))
    return judged


def _check_wave(wave: Sequence[Taken], *, tools: Tools) -> list[Judged]:
    """Run the rules of the wave's form once over all its workbooks; take the rows of accepted ones into the core."""
    form, campaign = wave[0].form, wave[0].within.campaign
    frame = tools.warehouse.stage(form, [_staged(taken) for taken in wave])
    breaches = _breaches(wave, form, frame, campaign, tools=tools)
    figures = tools.warehouse.figures(form.id)
    rules = _rulebook(form, tools=tools)
    judged = []
    for taken in wave:
        findings = tuple(
            describe(breach, rules[breach.rule], form, taken.reading, taken.attachment.name)
            for breach in _once(taken.reading.breaches, breaches.get(taken.submission, ()))
        )
        decision = decide(findings, is_after_close=taken.is_after_close)
        judged.append(Judged(taken, findings, decision, figures.get(taken.submission, {})))
    accepted = [one.taken.submission for one in judged if one.decision is Decision.ACCEPTED]
    tools.warehouse.promote(form.id, accepted)
    return judged


def _once(unread: Sequence[Breach], checked: Sequence[Breach]) -> list[Breach]:
    """Join what could not be read with what the rules say; a cell that could not be read is not also called empty."""
    places = {(breach.sheet, breach.row, breach.field) for breach in unread if breach.row and breach.field}
    return [*unread, *(breach for breach in checked if (breach.sheet, breach.row, breach.field) not in places)]


def _staged(taken: Taken) -> StagedWorkbook:
    return StagedWorkbook(
        submission=taken.submission,
        campaign=taken.within.campaign.id,
        unit=taken.answers.unit.code,
        industry=taken.answers.industry,
        period=taken.answers.period,
        version=taken.version,
        reading=taken.reading,
    )


def parameters(campaign: Campaign) -> dict[str, object]:
    """Return what rules may ask of a campaign."""
    return {
        "campaign_id": campaign.id,
        "opens": campaign.opens,
        "closures_due": campaign.closures_due,
        "survey_due": _due(campaign, "inventory"),
        "final_list_due": _due(campaign, "final_list"),
    }


def _due(campaign: Campaign, kind: str) -> object:
    days = [term.nominal_due for milestone in campaign.milestones if milestone.kind == kind for term in milestone.terms]
    return max(days, default=campaign.closures_due)


def _rulebook(form: Form, *, tools: Tools) -> dict[str, Rule]:
    rules: Iterable[Rule] = (*tools.checker.rules(form.id), *tools.warehouse.rules(form.id))
    return {**tools.definitions.reading_rules(), **{rule.id: rule for rule in rules}}


def _breaches(
    wave: Sequence[Taken], form: Form, frame: object, campaign: Campaign, *, tools: Tools
) -> dict[str, list[Breach]]:
    found: dict[str, list[Breach]] = {}
    asked = parameters(campaign)
    if any(taken.reading.rows for taken in wave):
        hits = tools.checker.check(form.id, frame, parameters=asked)
        rows = tools.warehouse.row(form.id, {row_id for row_id, _ in hits})
        fields = {rule.id: rule.field for rule in tools.checker.rules(form.id)}
        for row_id, rule in hits:
            submission, sheet, row, values = rows[row_id]
            name = fields[rule]
            facts = {**asked, **values, "found": values.get(name) if name else None}
            found.setdefault(submission, []).append(Breach(rule, sheet, row, name, facts))
    for submission, breach in tools.warehouse.check(form.id, parameters=asked):
        found.setdefault(submission, []).append(breach)
    return found
