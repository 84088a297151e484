"""Waive (豁免): a named person lets a finding of one unit pass, or takes that leave back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Campaign, UnknownUnit
from phaseout.domain.finding import RETURNING, Finding, Rule, Severity
from phaseout.domain.item import Scope
from phaseout.domain.phase import Phase
from phaseout.domain.submission import Submission
from phaseout.domain.waiver import Filed, Waiver, WaiverRecord, is_waived_since, waiver_for
from phaseout.errors import UsageError
from phaseout.ports import Checker, Definitions, Ledger, Warehouse
from phaseout.usecases import rules_of


class NobodyWaives(UsageError):
    """A waiver needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class NotWaivable(UsageError):
    """The rule is none that the office can let pass."""

    def __init__(self, *, rule: str, reason: str) -> None:
        self.rule = rule
        super().__init__(f"{rule} cannot be waived: {reason}")


class NoSuchScope(UsageError):
    """A waiver is narrowed down to something that the campaign does not have, or to a day gone by."""

    def __init__(self, *, option: str, value: object) -> None:
        self.option = option
        super().__init__(f"{option} {value}: the campaign has no such thing, or the day has gone by")


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver with what it means for what has been filed."""

    number: int
    findings: int  # of the newest versions
    resend: tuple[str, ...]  # submissions that were returned and may be sent again as they are


def waive(
    waiver: Waiver,
    *,
    as_of: datetime,
    definitions: Definitions,
    checker: Checker,
    warehouse: Warehouse,
    ledger: Ledger,
) -> Waived:
    """Record a waiver. Decisions that were made stand: the unit sends its file again, and it is decided anew.

    Raises:
        NobodyWaives: no name or no reason was given.
        UnknownUnit: the campaign has no such unit.
        NotWaivable: nobody knows the rule, or what it says cannot be passed over.
        NoSuchScope: form, industry, period or day are none of the campaign's.
    """
    campaign = definitions.campaign(waiver.campaign)
    if not waiver.by.strip() or not waiver.reason.strip():
        raise NobodyWaives
    _require_waivable(waiver.rule, rules_of(definitions, checker, warehouse))
    _require_scope(waiver, campaign, forms=definitions.forms(), as_of=as_of)
    newest = {submission.obligation: submission for submission in ledger.submissions(waiver.campaign)}
    number = ledger.waive(waiver)
    record = WaiverRecord(number, waiver)
    return Waived(
        number,
        findings=sum(len(_covered(record, submission, as_of=as_of)) for submission in newest.values()),
        resend=tuple(
            submission.id
            for submission in newest.values()
            if is_waived_since(submission, [record], _filed(submission, as_of=as_of), as_of=as_of)
        ),
    )


def withdraw(number: int, *, by: str, reason: str, as_of: datetime, ledger: Ledger) -> bool:
    """Record that a waiver holds no longer; False if it was withdrawn before. What it let pass stays as decided.

    Raises:
        NobodyWaives: no name or no reason was given.
        UnknownWaiver: the ledger has no such waiver.
    """
    if not by.strip() or not reason.strip():
        raise NobodyWaives
    return ledger.withdraw_waiver(number, by=by.strip(), reason=reason.strip(), as_of=as_of)


def list_waivers(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    checker: Checker,
    warehouse: Warehouse,
    ledger: Ledger,
) -> list[dict[str, object]]:
    """Return every waiver of a campaign as a flat row, oldest first."""
    campaign, rules = definitions.campaign(campaign_id), rules_of(definitions, checker, warehouse)
    names = {unit.code: unit.name for unit in campaign.units}
    return [_row(record, names, rules, as_of=as_of) for record in ledger.waivers(campaign_id)]


def _row(
    record: WaiverRecord, names: Mapping[str, str], rules: Mapping[str, Rule], *, as_of: datetime
) -> dict[str, object]:
    waiver = record.waiver
    return {
        "waiver": record.number,
        "unit": waiver.unit,
        "unit_name": names.get(waiver.unit, waiver.unit),
        "rule": waiver.rule,
        "title": rules[waiver.rule].title if waiver.rule in rules else None,
        "item": waiver.item,
        "form": waiver.form,
        "industry": waiver.industry,
        "period": waiver.period,
        "until": waiver.until,
        "by": waiver.by,
        "reason": waiver.reason,
        "granted_on": waiver.granted_on,
        "state": _state(record, as_of=as_of),
        "withdrawn_on": day_in_china(record.withdrawn_at) if record.withdrawn_at else None,
        "withdrawn_by": record.withdrawn_by,
        "withdrawn_because": record.withdrawn_because,
    }


def _state(record: WaiverRecord, *, as_of: datetime) -> str:
    if record.withdrawn_at is not None and record.withdrawn_at <= as_of:
        return "已撤销"
    until = record.waiver.until
    return "已到期" if until is not None and until < day_in_china(as_of) else "有效"


def _require_waivable(rule_id: str, rules: Mapping[str, Rule]) -> None:
    rule = rules.get(rule_id)
    if rule is None:
        raise NotWaivable(rule=rule_id, reason="there is no such rule")
    if rule.phase is Phase.READABLE or rule.severity is Severity.BLOCKING:
        raise NotWaivable(rule=rule_id, reason="what could not be read cannot be accepted")


def _require_scope(waiver: Waiver, campaign: Campaign, *, forms: Mapping[str, object], as_of: datetime) -> None:
    if waiver.unit not in {unit.code for unit in campaign.units}:
        raise UnknownUnit(campaign=campaign.id, unit=waiver.unit)
    periods = {term.period for milestone in campaign.milestones for term in milestone.terms}
    industries = {industry.key for industry in campaign.industries}
    for option, value, known in (
        ("--form", waiver.form, forms),
        ("--industry", waiver.industry, industries),
        ("--period", waiver.period, periods),
    ):
        if value is not None and value not in known:
            raise NoSuchScope(option=option, value=value)
    if waiver.until is not None and waiver.until < day_in_china(as_of):
        raise NoSuchScope(option="--until", value=waiver.until)


def _filed(submission: Submission, *, as_of: datetime) -> Filed:
    """Return a submission as it would be filed again now."""
    campaign = submission.obligation.split("/")[0]
    scope = Scope(campaign, submission.unit, submission.form, submission.industry)
    return Filed(scope, submission.period, day_in_china(as_of))


def _covered(record: WaiverRecord, submission: Submission, *, as_of: datetime) -> Sequence[Finding]:
    filed = _filed(submission, as_of=as_of)
    return [
        finding
        for finding in submission.findings
        if finding.severity in RETURNING | {Severity.WARNING}
        and waiver_for([record], filed, rule=finding.rule, item=finding.item, as_of=as_of)
    ]
