"""Explanations (情况说明) and waivers (豁免) of the ledger in memory."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from phaseout.adapters.memory.evidence import LedgerOfEvidence
from phaseout.domain.explanation import Remembered
from phaseout.domain.waiver import UnknownWaiver, Waiver, WaiverRecord


class LedgerOfLeave(LedgerOfEvidence):
    """The part of the ledger that says what units stand by and what the office lets pass."""

    def __init__(self) -> None:
        super().__init__()
        self._explanations: list[Remembered] = []
        self._waivers: list[WaiverRecord] = []

    def _add_explanations(self, explanations: Iterable[Remembered]) -> None:
        known = {(one.submission, one.subject) for one in self._explanations}
        new = {(one.submission, one.subject): one for one in explanations if (one.submission, one.subject) not in known}
        self._explanations.extend(new.values())
        self._changed(bool(new))

    def explanations(self, campaign: str, *, units: Collection[str] = ()) -> Sequence[Remembered]:
        """Return the explanations that were given, oldest first; of the given units only, if any are given."""
        return [
            one
            for one in self._explanations
            if one.scope.campaign == campaign and (not units or one.scope.unit in units)
        ]

    def waive(self, waiver: Waiver) -> int:
        """Record a waiver and return its number; the same one again is the same row."""
        known = next((record.number for record in self._waivers if record.waiver == waiver), None)
        if known is not None:
            return known
        self._waivers.append(WaiverRecord(len(self._waivers) + 1, waiver))
        self._changed()
        return len(self._waivers)

    def withdraw_waiver(self, number: int, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that a waiver holds no longer; False when it was withdrawn before.

        Raises:
            UnknownWaiver: the ledger has no such waiver.
        """
        if not 1 <= number <= len(self._waivers):
            raise UnknownWaiver(waiver=number)
        record = self._waivers[number - 1]
        if record.withdrawn_at is not None:
            return False
        self._waivers[number - 1] = replace(record, withdrawn_at=as_of, withdrawn_by=by, withdrawn_because=reason)
        self._changed()
        return True

    def waivers(self, campaign: str) -> Sequence[WaiverRecord]:
        """Return every waiver of a campaign with its withdrawal, oldest first."""
        return [record for record in self._waivers if record.waiver.campaign == campaign]
