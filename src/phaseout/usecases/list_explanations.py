"""List explanations (情况说明): what units stand by, for the office; never for the warehouse or a public page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.explanation import ExplanationState, Remembered, newest, state_of
from phaseout.domain.finding import Rule
from phaseout.domain.form import Form
from phaseout.domain.item import Scope
from phaseout.domain.submission import Submission
from phaseout.domain.waiver import Filed, WaiverRecord, waiver_for
from phaseout.ports import Checker, Definitions, Ledger, Warehouse
from phaseout.usecases import rules_of

Place: TypeAlias = tuple[Scope, str, str, str]  # scope, rule, item, value

STATE_WORDS: Mapping[ExplanationState, str] = {
    ExplanationState.VALID: "有效",
    ExplanationState.EXPIRED: "已失效",
    ExplanationState.WAIVED: "已豁免",
}


def list_explanations(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    checker: Checker,
    warehouse: Warehouse,
    ledger: Ledger,
) -> list[dict[str, object]]:
    """Return the last explanation of each finding as a flat row, oldest first."""
    campaign, rules = definitions.campaign(campaign_id), rules_of(definitions, checker, warehouse)
    filed = _newest_by_scope(campaign_id, ledger.submissions(campaign_id))
    found = {place for scope, submission in filed.items() for place in _places(scope, submission)}
    waived = set(_waived(filed, ledger.waivers(campaign_id), as_of=as_of))
    versions = {rule.id: rule.version for rule in rules.values()}
    remembered = newest(ledger.explanations(campaign_id)).values()
    return [
        _row(one, campaign, rules, definitions.forms(), state_of(one, versions=versions, found=found, waived=waived))
        for one in sorted(remembered, key=lambda one: one.day)
    ]


def _newest_by_scope(campaign_id: str, submissions: Sequence[Submission]) -> dict[Scope, Submission]:
    """Return the submission that speaks for each form: of a monthly one, that of the last month."""
    ordered = sorted(submissions, key=lambda one: (one.period or "", one.version))
    return {Scope(campaign_id, one.unit, one.form, one.industry): one for one in ordered}


def _places(scope: Scope, submission: Submission) -> Iterator[Place]:
    for finding in submission.findings:
        yield scope, finding.rule, finding.item or "", finding.value


def _waived(filed: Mapping[Scope, Submission], waivers: Sequence[WaiverRecord], *, as_of: datetime) -> Iterator[Place]:
    for scope, submission in filed.items():
        again = Filed(scope, submission.period, day_in_china(as_of))
        for finding, place in zip(submission.findings, _places(scope, submission), strict=True):
            if waiver_for(waivers, again, rule=finding.rule, item=finding.item, as_of=as_of) is not None:
                yield place


def _row(
    one: Remembered,
    campaign: Campaign,
    rules: Mapping[str, Rule],
    forms: Mapping[str, Form],
    state: ExplanationState,
) -> dict[str, object]:
    scope, subject = one.scope, one.subject
    rule = rules.get(subject.rule)
    form = forms.get(scope.form)
    return {
        "unit": scope.unit,
        "unit_name": campaign.unit(scope.unit).name,
        "form": scope.form,
        "form_title": form.title if form else scope.form,
        "industry": scope.industry,
        "rule": subject.rule,
        "title": rule.title if rule else None,
        "severity": rule.severity if rule else None,
        "item": subject.item,
        "value": subject.value,
        "text": one.text,
        "day": one.day,
        "state": STATE_WORDS[state],
        "submission": one.submission,
    }
