"""Registers pictures and videos (影像) that come with workbooks: looked at, matched by name, held against others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache

from phaseout.domain.evidence import (
    Evidence,
    EvidencePhase,
    Overlap,
    Picture,
    PictureFault,
    as_persons_say,
    missing_phases,
    overlaps,
)
from phaseout.domain.evidence_names import Enterprise, named_as
from phaseout.domain.submission import Attachment, FileKind
from phaseout.usecases import enterprises_of
from phaseout.usecases.assess.answering import Part
from phaseout.usecases.assess.checking import Judged
from phaseout.usecases.assess.opening import Opened
from phaseout.usecases.assess.tools import OpenCampaign, Tools

INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class Registered:
    """What one delivery brought of evidence, and what is to be said of it."""

    evidence: tuple[Evidence, ...]  # as names and folders say; the ledger takes these
    effective: tuple[Evidence, ...]  # as persons have assigned the same bytes before
    overlaps: tuple[Overlap, ...]
    missing: tuple[tuple[str, tuple[EvidencePhase, ...]], ...]  # enterprise and what it has no picture of

    @property
    def facts(self) -> Mapping[str, object] | None:
        """What an answer says of it; None if there is nothing to say."""
        if not self.evidence and not self.missing:
            return None
        matched = sum(one.enterprise is not None for one in self.effective)
        return {
            "count": len(self.evidence),
            "matched": matched,
            "unmatched": len(self.evidence) - matched,
            "checks": [
                *(_overlap_facts(one) for one in self.overlaps),
                *(_fault_facts(one) for one in self.evidence if one.picture.fault in _THEIR_FAULT),
                *(_missing_facts(name, phases) for name, phases in self.missing),
            ],
        }


# What we cannot open for want of a decoder is no fault of the sender.
_THEIR_FAULT = frozenset({PictureFault.UNREADABLE, PictureFault.TOO_MANY_PIXELS, PictureFault.GAVE_NO_ANSWER})


def register(
    everything: Sequence[Opened], settled: Mapping[str, Sequence[Part]], *, tools: Tools
) -> dict[str, Registered]:
    """Return what each delivery that is answered brought of evidence; those that brought and lack none are left out."""
    answered = [opened for opened in everything if settled[opened.delivery.id]]
    raw = _evidence(answered, settled, tools=tools)
    new = [one for of_delivery in raw.values() for one in of_delivery]
    near = tools.definitions.evidence_customs().near
    known = tools.ledger.evidence_like(new, near=near) if new else ()
    effective = {delivery: as_persons_say(own, known) for delivery, own in raw.items()}
    found = overlaps([one for own in effective.values() for one in own], known, near=near)
    registered = {}
    for opened in answered:
        delivery = opened.delivery.id
        missing = _missing(opened, settled[delivery], effective[delivery], tools=tools)
        doubts = tuple(one for one in found if one.one.delivery == delivery)
        registered[delivery] = Registered(tuple(raw[delivery]), tuple(effective[delivery]), doubts, tuple(missing))
    return {delivery: one for delivery, one in registered.items() if one.evidence or one.missing}


def _files(opened: Opened) -> list[Attachment]:
    # What was sent in a workbook's place is answered as such, and kept as what it is.
    return [file for file in (*opened.evidence, *opened.workbooks) if file.is_picture_or_video]


def _whose(opened: Opened, parts: Sequence[Part]) -> OpenCampaign:
    return next((part.taken.within for part in parts if isinstance(part, Judged)), opened.senders[0].within)


def _evidence(
    answered: Sequence[Opened], settled: Mapping[str, Sequence[Part]], *, tools: Tools
) -> dict[str, list[Evidence]]:
    files = {opened.delivery.id: _files(opened) for opened in answered}
    pictures = _looked_at((file for own in files.values() for file in own), tools=tools)

    @cache
    def accepted(campaign: str, unit: str) -> tuple[Enterprise, ...]:
        return enterprises_of(tools.warehouse, campaign=campaign, unit=unit)

    found: dict[str, list[Evidence]] = {}
    for opened in answered:
        own, parts = files[opened.delivery.id], settled[opened.delivery.id]
        campaign, unit = _whose(opened, parts).campaign.id, opened.senders[0].unit.code
        enterprises = _joined([*_reported(parts), *accepted(campaign, unit)]) if own else ()
        customs = tools.definitions.evidence_customs()
        found[opened.delivery.id] = [
            Evidence(
                delivery=opened.delivery.id,
                campaign=campaign,
                unit=unit,
                file_name=file.path,
                sha256=tools.archive.put(file.content),
                kind=file.kind,
                size=len(file.content),
                received_at=opened.delivery.arrived_at,
                picture=pictures.get(file.content, Picture()),
                **asdict(named_as(file.path, enterprises, customs)),
            )
            for file in own
        ]
    return found


def _looked_at(files: Iterable[Attachment], *, tools: Tools) -> dict[bytes, Picture]:
    contents = list({file.content: None for file in files if file.kind is FileKind.PICTURE})
    return dict(zip(contents, tools.pictures.look(contents), strict=True)) if contents else {}


def _reported(parts: Sequence[Part]) -> list[Enterprise]:
    """Return the enterprises that the workbooks of a delivery name, returned ones too."""
    rows = [row.values for part in parts if isinstance(part, Judged) for row in part.taken.reading.rows]
    return [
        Enterprise(
            str(row["enterprise_name"]), frozenset({(str(row["equip_name"]), str(row.get("equip_model") or ""))})
        )
        for row in rows
        if row.get("enterprise_name") and row.get("equip_name")
    ]


def _joined(enterprises: Iterable[Enterprise]) -> tuple[Enterprise, ...]:
    items: dict[str, frozenset[tuple[str, str]]] = {}
    for one in enterprises:
        items[one.name] = items.get(one.name, frozenset()) | one.items
    return tuple(Enterprise(name, own) for name, own in items.items())


def _missing(
    opened: Opened, parts: Sequence[Part], new: Sequence[Evidence], *, tools: Tools
) -> list[tuple[str, tuple[EvidencePhase, ...]]]:
    """Return which phases the inspected enterprises of a delivery have no evidence of, where the campaign wants it."""
    campaign = _whose(opened, parts).campaign
    judged = [part for part in parts if isinstance(part, Judged) and part.taken.form.id == INSPECTION]
    if not campaign.evidence_phases or not judged:
        return []
    named = (row.values.get("enterprise_name") for part in judged for row in part.taken.reading.rows)
    enterprises = list(dict.fromkeys(str(name) for name in named if name))
    earlier = tools.ledger.evidence(campaign.id, unit=opened.senders[0].unit.code)
    return missing_phases(enterprises, campaign.evidence_phases, [*earlier, *new])


def _overlap_facts(found: Overlap) -> dict[str, object]:
    one, other = found.one, found.other
    is_own = one.unit == other.unit
    return {
        "kind": found.kind.value,
        "file_name": one.file_name,
        "enterprise": one.enterprise,
        # What another unit filed is not told.
        "other_file": other.file_name if is_own else None,
        "other_enterprise": other.enterprise if is_own else None,
        "is_same": found.is_same,
        "phases": [],
    }


def _fault_facts(one: Evidence) -> dict[str, object]:
    return _check("unreadable", one.enterprise) | {"file_name": one.file_name}


def _missing_facts(enterprise: str, phases: Sequence[EvidencePhase]) -> dict[str, object]:
    return _check("missing", enterprise) | {"phases": [phase.value for phase in phases]}


def _check(kind: str, enterprise: str | None) -> dict[str, object]:
    nothing = dict.fromkeys(("file_name", "other_file", "other_enterprise", "is_same"))
    return {"kind": kind, "enterprise": enterprise, "phases": [], **nothing}
