"""What persons decided of deliveries in quarantine (隔离待查)."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Row, insert, select, true, update

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer, chunks
from phaseout.domain.quarantine import NotInQuarantine, QuarantineDecision, is_new
from phaseout.ports import EarlierMessage


def decide(writer: Writer, decision: QuarantineDecision) -> bool:
    """Write a decision and what becomes of the delivery; False if it was decided so before."""
    table = tables.delivery
    held = writer.connection.execute(select(table.c.outcome).where(table.c.id == decision.delivery)).first()
    if held is None:
        raise NotInQuarantine(delivery=decision.delivery, outcome=None)
    newest = next(reversed(decisions(writer.connection, [decision.delivery])), None)
    if not is_new(decision, outcome=held.outcome, newest=newest):
        return False
    outcome, reason = decision.outcome
    writer.run(insert(tables.quarantine_decision), [_row(decision)])
    writer.run(update(table).where(table.c.id == decision.delivery).values(outcome=outcome, reason=reason))
    return True


def _row(decision: QuarantineDecision) -> dict[str, object]:
    return {
        "delivery": decision.delivery,
        "is_accepted": decision.is_accepted,
        "unit": decision.unit,
        "decided_by": decision.by,
        "reason": decision.reason,
        "decided_at": decision.decided_at,
    }


def decisions(connection: Connection, deliveries: Collection[str]) -> list[QuarantineDecision]:
    """Return the decisions, oldest first; about some deliveries only, if any are given."""
    table = tables.quarantine_decision
    conditions: list[ColumnElement[bool]] = [table.c.delivery.in_(chunk) for chunk in chunks(sorted(deliveries))]
    found = [row for condition in conditions or [true()] for row in connection.execute(select(table).where(condition))]
    return [_decision(row) for row in sorted(found, key=lambda row: row.number)]


def _decision(row: Row[tuple[object, ...]]) -> QuarantineDecision:
    return QuarantineDecision(row.delivery, row.is_accepted, row.unit, row.decided_by, row.reason, row.decided_at)


def with_message_ids(connection: Connection, message_ids: Collection[str]) -> list[EarlierMessage]:
    """Return the deliveries with one of these ids, in the order of collection."""
    table = tables.delivery
    columns = (table.c.id, table.c.message_id, table.c.sender, table.c.sha256)
    found = [
        row
        for chunk in chunks(sorted(message_ids))
        for row in connection.execute(select(table.c.number, *columns).where(table.c.message_id.in_(chunk)))
    ]
    return [EarlierMessage(*row[1:]) for row in sorted(found, key=lambda row: row.number)]
