"""What units stand by and what the office lets pass: explanations, waivers."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import fields

from sqlalchemy import Connection, Row, and_, func, select, true

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer
from phaseout.domain.explanation import Remembered, Subject
from phaseout.domain.item import Scope
from phaseout.domain.waiver import UnknownWaiver, Waiver, WaiverRecord

_WAIVER_COLUMNS = ("campaign", "unit", "rule", "item", "form", "industry", "period", "until")


def add_explanations(writer: Writer, explanations: Sequence[Remembered]) -> None:
    """Write explanations unless they are there."""
    writer.add(tables.explanation, [_explanation_row(one) for one in explanations])


def _explanation_row(one: Remembered) -> dict[str, object]:
    subject = one.subject
    parts = (one.submission, subject.rule, subject.version, subject.item, subject.value)
    return {
        "id": hashlib.sha256("\n".join(parts).encode()).hexdigest(),
        **{field.name: getattr(one.scope, field.name) for field in fields(Scope)},
        "rule": subject.rule,
        "rule_version": subject.version,
        "item": subject.item,
        "value": subject.value,
        "text": one.text,
        "submission": one.submission,
        "delivery": one.delivery,
        "day": one.day,
    }


def explanations(connection: Connection, campaign: str, *, units: Collection[str]) -> list[Remembered]:
    """Return the explanations of a campaign, oldest first; of some units only, if any are given."""
    table = tables.explanation
    of_units = table.c.unit.in_(sorted(units)) if units else true()
    statement = select(table).where(table.c.campaign == campaign, of_units).order_by(table.c.number)
    return [_explanation(row) for row in connection.execute(statement)]


def _explanation(row: Row[tuple[object, ...]]) -> Remembered:
    return Remembered(
        scope=Scope(row.campaign, row.unit, row.form, row.industry),
        subject=Subject(row.rule, row.rule_version, row.item, row.value),
        text=row.text,
        submission=row.submission,
        delivery=row.delivery,
        day=row.day,
    )


def add_waiver(writer: Writer, waiver: Waiver) -> int:
    """Write a waiver unless it is there; return its number."""
    table = tables.waiver
    row = {name: getattr(waiver, name) for name in _WAIVER_COLUMNS}
    row |= {"granted_by": waiver.by, "reason": waiver.reason, "granted_at": waiver.granted_at}
    is_same = and_(*(table.c[name].is_not_distinct_from(value) for name, value in row.items()))
    known = writer.connection.scalar(select(table.c.number).where(is_same))
    if known is None:
        number = (writer.connection.scalar(select(func.max(table.c.number))) or 0) + 1
        writer.add(table, [row | {"number": number}])
        return int(number)
    return int(known)


def withdraw_waiver(writer: Writer, number: int, row: dict[str, object]) -> bool:
    """Write that a waiver holds no longer; False if it was withdrawn before."""
    column = tables.waiver.c.number
    if writer.connection.scalar(select(column).where(column == number)) is None:
        raise UnknownWaiver(waiver=number)
    return writer.add(tables.waiver_withdrawal, [{"waiver": number} | row]) == 1


def waivers(connection: Connection, campaign: str) -> list[WaiverRecord]:
    """Return the waivers of a campaign with what withdrew them, oldest first."""
    table, end = tables.waiver, tables.waiver_withdrawal
    statement = (
        select(table, end.c.withdrawn_at, end.c.withdrawn_by, end.c.reason.label("withdrawn_because"))
        .outerjoin(end, end.c.waiver == table.c.number)
        .where(table.c.campaign == campaign)
        .order_by(table.c.number)
    )
    return [_waiver(row) for row in connection.execute(statement)]


def _waiver(row: Row[tuple[object, ...]]) -> WaiverRecord:
    named = {name: getattr(row, name) for name in _WAIVER_COLUMNS}
    waiver = Waiver(**named, by=row.granted_by, reason=row.reason, granted_at=row.granted_at)
    return WaiverRecord(row.number, waiver, row.withdrawn_at, row.withdrawn_by, row.withdrawn_because)
