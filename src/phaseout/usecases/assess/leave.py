"""What findings a unit stands by (情况说明) and what the office lets pass (豁免), looked up once a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from phaseout.domain.calendar import day_in_china
from phaseout.domain.explanation import Remembered, Subject, explanations, newest, subject_of, subjects
from phaseout.domain.finding import RETURNING, Finding, Rule, Severity
from phaseout.domain.item import Scope
from phaseout.domain.waiver import Filed, WaiverRecord, waiver_for
from phaseout.ports import Ledger
from phaseout.usecases.assess.taking import Taken

ASKED = RETURNING | {Severity.WARNING}


class Leave:
    """The explanations and waivers that concern a batch; the ledger is asked when the first finding needs them."""

    def __init__(self, taken: Sequence[Taken], *, ledger: Ledger, as_of: datetime) -> None:
        self._taken = taken
        self._ledger = ledger
        self._as_of = as_of
        self._versions: dict[str, tuple[Rule, str]] = {}

    @cached_property
    def _campaigns(self) -> list[str]:
        return list(dict.fromkeys(one.within.campaign.id for one in self._taken))

    @cached_property
    def _waivers(self) -> list[WaiverRecord]:
        return [record for campaign in self._campaigns for record in self._ledger.waivers(campaign)]

    @cached_property
    def _known(self) -> dict[tuple[Scope, Subject], Remembered]:
        units = {one.answers.unit.code for one in self._taken}
        return newest(one for campaign in self._campaigns for one in self._ledger.explanations(campaign, units=units))

    @cached_property
    def _asked(self) -> Mapping[str, Sequence[Sequence[Finding]]]:
        returned = {one.answers.obligation.id for one in self._taken if explanations(one.workbook)}
        return self._ledger.asked(returned)

    def waived(self, taken: Taken, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return findings with those that the office lets pass as notes."""
        if not findings or not self._waivers:
            return tuple(findings)
        filed = _filed(taken)
        waivers = [
            waiver_for(self._waivers, filed, rule=one.rule, item=one.item, as_of=self._as_of) for one in findings
        ]
        return tuple(
            finding if waiver is None else replace(finding, severity=Severity.NOTE, waived_on=waiver.granted_on)
            for finding, waiver in zip(findings, waivers, strict=True)
        )

    def given(self, taken: Taken, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> tuple[Remembered, ...]:
        """Return what a workbook explains that the ledger does not know, and remember it for the rest of the batch."""
        written = explanations(taken.workbook)
        if not written:
            return ()
        asked = (*self._asked.get(taken.answers.obligation.id, ()), findings)
        joined = subjects(written, asked, {rule: self._version(rules[rule]) for rule in rules})
        scope = _scope(taken)
        delivery = taken.opened.delivery
        new = [
            Remembered(scope, subject, text, taken.submission, delivery.id, day_in_china(delivery.arrived_at))
            for subject, text in joined
            if (known := self._known.get((scope, subject))) is None or known.text != text
        ]
        self._known.update(newest(new))
        return tuple(new)

    def explained(self, taken: Taken, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
        """Return findings with the explanations that still speak of them."""
        if not findings or not self._known:
            return tuple(findings)
        scope = _scope(taken)
        return tuple(self._with_explanation(scope, finding, rules) for finding in findings)

    def _with_explanation(self, scope: Scope, finding: Finding, rules: Mapping[str, Rule]) -> Finding:
        if finding.severity not in ASKED:
            return finding
        subject = subject_of(finding, {finding.rule: self._version(rules[finding.rule])})
        known = self._known.get((scope, subject))
        return finding if known is None else replace(finding, explained_on=known.day, explanation=known.text)

    def _version(self, rule: Rule) -> str:
        known = self._versions.get(rule.id)
        if known is None or known[0] is not rule:
            known = self._versions[rule.id] = (rule, rule.version)
        return known[1]


def _scope(taken: Taken) -> Scope:
    return Scope(taken.within.campaign.id, taken.answers.unit.code, taken.form.id, taken.answers.industry)


def _filed(taken: Taken) -> Filed:
    return Filed(_scope(taken), taken.answers.period, day_in_china(taken.opened.delivery.arrived_at))
