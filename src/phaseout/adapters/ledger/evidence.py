"""Pictures and videos (佐证材料), and to whom persons have assigned them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, tuple_

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.evidence import BANDS, Evidence, EvidenceAssignment, Picture, assigned, bands, probes

_PICTURE = tuple(field.name for field in fields(Picture))
_OWN = tuple(field.name for field in fields(Evidence) if field.name not in {"picture", "assigned_by"})


def add(writer: Writer, evidence: Iterable[Evidence]) -> None:
    """Write pictures and videos unless they are there."""
    writer.add(tables.evidence, [_row(one) for one in evidence])


def _row(one: Evidence) -> dict[str, object]:
    shares = bands(one.picture.look) or (None,) * BANDS
    return (
        {name: getattr(one, name) for name in _OWN}
        | {name: getattr(one.picture, name) for name in _PICTURE}
        | {f"band_{position}": band for position, band in enumerate(shares)}
    )


def listed(connection: Connection, *, campaign: str | None, unit: str | None) -> list[Evidence]:
    """Return what came, in order; of a campaign and of a unit only, if they are given."""
    table = tables.evidence
    wanted = {"campaign": campaign, "unit": unit}
    conditions = [table.c[name] == value for name, value in wanted.items() if value is not None]
    return _assigned(connection, connection.execute(select(table).where(*conditions).order_by(table.c.number)).all())


def alike(connection: Connection, like: Sequence[Evidence], *, near: int) -> list[Evidence]:
    """Return what has the same bytes, or a band of its look in common with one of these."""
    table = tables.evidence
    found = {
        row.number: row
        for condition in _conditions(like, near=near)
        for row in connection.execute(select(table).where(condition))
    }
    return _assigned(connection, [found[number] for number in sorted(found)])


def _conditions(like: Sequence[Evidence], *, near: int) -> Iterator[ColumnElement[bool]]:
    table = tables.evidence
    for contents in chunks(sorted({one.sha256 for one in like})):
        yield table.c.sha256.in_(contents)
    wanted = sorted({place for one in like for place in probes(one.picture.look, near=near)})
    for places in chunks(wanted):
        shares = {position: [band for at, band in places if at == position] for position, _ in places}
        yield or_(*(table.c[f"band_{position}"].in_(own) for position, own in shares.items()))


def assign(writer: Writer, assignment: EvidenceAssignment) -> bool:
    """Write an assignment; False if the newest of these bytes says the same."""
    table = tables.evidence_assignment
    newest = _newest(writer.connection, [(assignment.campaign, assignment.sha256)])
    known = newest.get((assignment.campaign, assignment.sha256))
    if known is not None and replace(assignment, assigned_at=known.assigned_at) == known:
        return False
    row = {name: getattr(assignment, name) for name in ("campaign", "sha256", "enterprise", "phase", "reason")}
    writer.run(insert(table), [row | {"assigned_by": assignment.by, "assigned_at": assignment.assigned_at}])
    return True


def _newest(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], EvidenceAssignment]:
    """Return the newest assignment of each campaign and hash."""
    table = tables.evidence_assignment
    of = tuple_(table.c.campaign, table.c.sha256)
    found = [row for chunk in chunks(keys) for row in connection.execute(select(table).where(of.in_(chunk)))]
    return {(row.campaign, row.sha256): _assignment(row) for row in sorted(found, key=lambda row: row.number)}


def _assignment(row: Row[tuple[object, ...]]) -> EvidenceAssignment:
    return EvidenceAssignment(
        row.campaign, row.sha256, row.enterprise, row.phase, row.assigned_by, row.reason, row.assigned_at
    )


def _assigned(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> list[Evidence]:
    newest = _newest(connection, {(row.campaign, row.sha256) for row in rows})
    return [assigned(_evidence(row), newest) for row in rows]


def _evidence(row: Row[tuple[object, ...]]) -> Evidence:
    picture = Picture(**{name: getattr(row, name) for name in _PICTURE})
    return Evidence(**{name: getattr(row, name) for name in _OWN}, picture=picture)
