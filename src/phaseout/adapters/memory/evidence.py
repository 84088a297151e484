"""Evidence (佐证材料) and to whom it was assigned, in the ledger in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from phaseout.adapters.memory.catalogues import LedgerOfCatalogues
from phaseout.domain.evidence import Evidence, EvidenceAssignment, assigned, bands, probes


class LedgerOfEvidence(LedgerOfCatalogues):
    """The part of the ledger that knows pictures and videos."""

    def __init__(self) -> None:
        super().__init__()
        self._evidence: dict[tuple[str, str, str], Evidence] = {}
        self._assignments: dict[tuple[str, str], EvidenceAssignment] = {}

    def _add_evidence(self, evidence: Iterable[Evidence]) -> None:
        new = {one.key: one for one in evidence if one.key not in self._evidence}
        self._evidence |= new
        self._changed(bool(new))

    def evidence(self, campaign: str | None = None, *, unit: str | None = None) -> Sequence[Evidence]:
        """Return pictures and videos in the order of their arrival here, as persons have assigned them if they have."""
        return [
            assigned(one, self._assignments)
            for one in self._evidence.values()
            if campaign in {None, one.campaign} and unit in {None, one.unit}
        ]

    def evidence_like(self, like: Sequence[Evidence], *, near: int) -> Sequence[Evidence]:
        """Return what has the bytes of one of these, or may look like it: its look shares a band within *near* bits."""
        contents = {one.sha256 for one in like}
        places = {place for one in like for place in probes(one.picture.look, near=near)}
        return [
            one
            for one in self.evidence()
            if one.sha256 in contents or not places.isdisjoint(enumerate(bands(one.picture.look)))
        ]

    def assign_evidence(self, assignment: EvidenceAssignment) -> bool:
        """Record whose picture it is; False when the newest assignment of these bytes says so already."""
        key = (assignment.campaign, assignment.sha256)
        newest = self._assignments.get(key)
        if newest is not None and replace(assignment, assigned_at=newest.assigned_at) == newest:
            return False
        self._assignments[key] = assignment
        self._changed()
        return True
