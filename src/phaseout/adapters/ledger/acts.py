"""The office's acts on plans: re-plannings, exemptions, paper copies, visits."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, Select, Table, and_, func, select

from phaseout.adapters.ledger import act_tables, outbox, tables
from phaseout.adapters.ledger.engine import Writer
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption, ExemptionRecord
from phaseout.domain.obligation import Submitted
from phaseout.domain.paper import PaperReceipt, as_submitted, file_of
from phaseout.domain.replanning import Replanning
from phaseout.domain.visit import Visit

_REPLANNING_COLUMNS = {"by": "replanned_by", "at": "replanned_at"}
_EXEMPTION_COLUMNS = {"by": "granted_by", "at": "granted_at"}
_PAPER_COLUMNS = {"by": "registered_by", "at": "registered_at"}
_VISIT_COLUMNS = {"by": "recorded_by", "at": "recorded_at"}


def _row(act: object, columns: Mapping[str, str]) -> dict[str, object]:
    names = (field.name for field in fields(act))  # type: ignore[arg-type]  # all acts are dataclasses
    return {columns.get(name, name): getattr(act, name) for name in names}


def _select(table: Table, act: type, columns: Mapping[str, str]) -> Select[tuple[object, ...]]:
    return select(*(table.c[columns.get(field.name, field.name)] for field in fields(act)))


def _of_campaign(statement: Select[tuple[object, ...]], table: Table, campaign: str) -> Select[tuple[object, ...]]:
    obligation = tables.obligation
    return statement.join(obligation, obligation.c.id == table.c.obligation).where(obligation.c.campaign == campaign)


# Re-plannings


def add_replannings(writer: Writer, acts: Sequence[Replanning]) -> int:
    """Write how obligations are planned from now on; return how many rows were new."""
    return writer.add(act_tables.replanning, [_row(act, _REPLANNING_COLUMNS) for act in acts])


def replannings(connection: Connection, campaign: str) -> dict[str, list[Replanning]]:
    """Return the re-plannings of each obligation that has any, oldest first."""
    table = act_tables.replanning
    statement = _of_campaign(_select(table, Replanning, _REPLANNING_COLUMNS), table, campaign)
    found: dict[str, list[Replanning]] = {}
    for row in connection.execute(statement.order_by(table.c.replanned_at, table.c.number)):
        found.setdefault(str(row[0]), []).append(Replanning(*row))
    return found


# Exemptions


def exempt(writer: Writer, acts: Sequence[Exemption]) -> int:
    """Write the exemptions of obligations that are owed, and take back what was to be said of them."""
    known = {record.exemption.obligation for record in _exemptions(writer.connection) if record.holds}
    new = [act for act in acts if act.obligation not in known]
    added = writer.add(act_tables.exemption, [_row(act, _EXEMPTION_COLUMNS) for act in new])
    outbox.withdraw(writer, {act.obligation for act in new})
    return added


def withdraw_exemption(writer: Writer, obligation: str, *, by: str, reason: str, as_of: datetime) -> bool:
    """Write that an exemption holds no longer; False if none does."""
    table, withdrawal = act_tables.exemption, act_tables.exemption_withdrawal
    number = writer.connection.scalar(
        select(func.max(table.c.number))
        .outerjoin(withdrawal, withdrawal.c.exemption == table.c.number)
        .where(table.c.obligation == obligation, withdrawal.c.exemption.is_(None))
    )
    row = {"exemption": number, "withdrawn_by": by, "reason": reason, "withdrawn_at": as_of}
    return number is not None and writer.add(withdrawal, [row]) == 1


def exemptions(connection: Connection, campaign: str) -> list[ExemptionRecord]:
    """Return a campaign's exemptions, oldest first."""
    return _exemptions(connection, campaign)


def _exemptions(connection: Connection, campaign: str | None = None) -> list[ExemptionRecord]:
    table, withdrawal = act_tables.exemption, act_tables.exemption_withdrawal
    statement = (
        _select(table, Exemption, _EXEMPTION_COLUMNS)
        .add_columns(withdrawal.c.withdrawn_at, withdrawal.c.withdrawn_by, withdrawal.c.reason)
        .outerjoin_from(table, withdrawal, withdrawal.c.exemption == table.c.number)
    )
    if campaign is not None:
        statement = _of_campaign(statement, table, campaign)
    rows = connection.execute(statement.order_by(table.c.number))
    return [ExemptionRecord(Exemption(*row[:4]), *row[4:]) for row in rows]


# Paper copies


def add_papers(writer: Writer, receipts: Sequence[PaperReceipt]) -> int:
    """Write what has come on paper, and take back what was to be said of it; return how many receipts were new."""
    added = writer.add(act_tables.paper_receipt, [_row(receipt, _PAPER_COLUMNS) for receipt in receipts])
    outbox.withdraw(writer, {receipt.obligation for receipt in receipts})
    return added


def papers(connection: Connection, campaign: str) -> list[PaperReceipt]:
    """Return what has come on paper, in the order in which it was registered."""
    table = act_tables.paper_receipt
    statement = _of_campaign(_select(table, PaperReceipt, _PAPER_COLUMNS), table, campaign)
    return [PaperReceipt(*row) for row in connection.execute(statement.order_by(table.c.number))]


def submitted_on_paper(connection: Connection, campaign: str) -> dict[str, list[Submitted]]:
    """Return the receipts of each obligation that is owed on paper as its versions."""
    received: dict[str, list[PaperReceipt]] = {}
    for receipt in papers(connection, campaign):
        received.setdefault(receipt.obligation, []).append(receipt)
    figures = _accepted_figures(connection, campaign) if received else {}
    return {
        obligation: as_submitted(receipts, figures.get(file_of(obligation)))
        for obligation, receipts in received.items()
    }


def _accepted_figures(connection: Connection, campaign: str) -> dict[str, str]:
    """Return the check figure of the newest accepted version of each obligation; empty if it has none."""
    table = tables.submission
    accepted = (
        select(table.c.obligation, func.max(table.c.version).label("version"))
        .join(tables.obligation, tables.obligation.c.id == table.c.obligation)
        .where(table.c.decision == Decision.ACCEPTED, tables.obligation.c.campaign == campaign)
        .group_by(table.c.obligation)
        .subquery()
    )
    newest = and_(accepted.c.obligation == table.c.obligation, accepted.c.version == table.c.version)
    rows = connection.execute(select(table.c.obligation, table.c.check_figure).join(accepted, newest))
    return {obligation: figure or "" for obligation, figure in rows}


# Visits


def add_visit(writer: Writer, visit: Visit) -> bool:
    """Write a visit unless it is there."""
    if any(known.key == visit.key for known in visits(writer.connection, visit.campaign)):
        return False
    return writer.add(act_tables.visit, [_row(visit, _VISIT_COLUMNS)]) == 1


def visits(connection: Connection, campaign: str) -> list[Visit]:
    """Return the visits of a campaign, in the order of their days."""
    table = act_tables.visit
    statement = _select(table, Visit, _VISIT_COLUMNS).where(table.c.campaign == campaign)
    return [Visit(*row) for row in connection.execute(statement.order_by(table.c.day, table.c.number))]
