"""The evidence register (佐证材料): what came, whose it is, what serves twice; a person assigns what no name says."""

from collections.abc import Sequence
from datetime import datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.evidence import Evidence, EvidenceAssignment, EvidencePhase, Overlap
from phaseout.errors import UsageError
from phaseout.ports import Definitions, Ledger, Warehouse
from phaseout.usecases import enterprises_of, evidence_overlaps

SHORTEST = 6  # digits of a hash that a person must give


class NobodyAssigns(UsageError):
    """An assignment needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class NoSuchEvidence(UsageError):
    """The digits begin the hash of no picture or video of the campaign, or of several, or are too few."""

    def __init__(self, *, sha256: str, found: int) -> None:
        self.sha256 = sha256
        reason = f"{found} files begin so" if found > 1 else "see `phaseout evidence list`"
        super().__init__(f"{sha256}: not the hash of one picture or video ({reason}; give {SHORTEST} digits or more)")


class NoSuchEnterprise(UsageError):
    """The unit has filed no enterprise of that name."""

    def __init__(self, *, enterprise: str, unit: str) -> None:
        self.enterprise = enterprise
        super().__init__(f"{unit} has filed no enterprise {enterprise}; write its name as its forms do")


def assign(
    digits: str,
    *,
    campaign_id: str,
    enterprise: str,
    phase: EvidencePhase | None,
    by: str,
    reason: str,
    as_of: datetime,
    ledger: Ledger,
    warehouse: Warehouse,
) -> tuple[str, bool]:
    """Record whose picture it is, for wherever its bytes come in the campaign; return its hash, and whether it is new.

    Raises:
        NobodyAssigns: no name or no reason was given.
        NoSuchEvidence: no picture or video has such a hash, or several have.
        NoSuchEnterprise: no unit that sent it has filed such an enterprise.
    """
    if not by.strip() or not reason.strip():
        raise NobodyAssigns
    meant = _meant(digits, ledger.evidence(campaign_id))
    units = sorted({one.unit for one in meant})
    named = {one.enterprise for unit in units for one in ledger.evidence(campaign_id, unit=unit)}
    filed = {one.name for unit in units for one in enterprises_of(warehouse, campaign=campaign_id, unit=unit)}
    if enterprise not in filed | named:
        raise NoSuchEnterprise(enterprise=enterprise, unit=", ".join(units))
    sha256 = meant[0].sha256
    return sha256, ledger.assign_evidence(
        EvidenceAssignment(campaign_id, sha256, enterprise, phase, by.strip(), reason.strip(), as_of)
    )


def _meant(digits: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    found = [one for one in evidence if one.sha256.startswith(digits.lower())] if len(digits) >= SHORTEST else []
    hashes = {one.sha256 for one in found}
    if len(hashes) != 1:
        raise NoSuchEvidence(sha256=digits, found=len(hashes))
    return found


def list_evidence(
    campaign_id: str, *, unit: str | None, is_unassigned: bool, definitions: Definitions, ledger: Ledger
) -> list[dict[str, object]]:
    """Return every picture and video of a campaign as a flat row, in the order of arrival, with what is doubtful.

    Raises:
        UnknownUnit: the campaign has no such unit.
    """
    campaign = definitions.campaign(campaign_id)
    if unit is not None:
        campaign.unit(unit)
    doubts: dict[tuple[str, str, str], list[Overlap]] = {}
    for overlap in evidence_overlaps(campaign_id, ledger, near=definitions.evidence_customs().near):
        doubts.setdefault(overlap.one.key, []).append(overlap)
        doubts.setdefault(overlap.other.key, []).append(_turned(overlap))
    return [
        _row(one, campaign, doubts.get(one.key, ()))
        for one in ledger.evidence(campaign_id, unit=unit)
        if not (is_unassigned and one.enterprise)
    ]


def _turned(overlap: Overlap) -> Overlap:
    return Overlap(overlap.kind, overlap.other, overlap.one, overlap.is_same)


def _row(one: Evidence, campaign: Campaign, doubts: Sequence[Overlap]) -> dict[str, object]:
    return {
        "sha256": one.sha256,
        "unit": one.unit,
        "unit_name": campaign.unit(one.unit).name,
        "file": one.file_name,
        "kind": one.kind,
        "size": one.size,
        "received_at": one.received_at,
        "captured_at": one.picture.captured_at,
        "width": one.picture.width,
        "height": one.picture.height,
        "fault": one.picture.fault,
        "enterprise": one.enterprise,
        "item": one.item,
        "phase": one.phase,
        "matched_by": one.matched_by,
        "assigned_by": one.assigned_by,
        "doubts": "; ".join(_words(doubt) for doubt in doubts) or None,
        "delivery": one.delivery,
    }


def _words(doubt: Overlap) -> str:
    other = doubt.other
    how = "same as" if doubt.is_same else "looks like"
    return f"{doubt.kind} ({how} {other.sha256[:8]} {other.file_name} of {other.unit}, {other.enterprise})"
