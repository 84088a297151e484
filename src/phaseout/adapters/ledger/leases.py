"""Leases (租约): the right to do one job, which one process at a time has, on whatever machine."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from phaseout.adapters.ledger import tables
from phaseout.adapters.ledger.engine import Writer
from phaseout.domain.outbox import LEASE
from phaseout.ports import Lease, LeaseLost

_TABLE = tables.lease


def take(writer: Writer, lease: Lease, *, as_of: datetime) -> bool:
    """Take a job that nobody has, or whose holder was not heard of for too long; say whether it is ours."""
    writer.run(delete(_TABLE).where(_TABLE.c.name == lease.name, _TABLE.c.until <= as_of))
    return writer.add(_TABLE, [{"name": lease.name, "holder": lease.holder, "until": as_of + LEASE}]) == 1


def renew(writer: Writer, lease: Lease, *, as_of: datetime) -> None:
    """Hold on to a job."""
    if not writer.run(update(_TABLE).where(_is_ours(lease)).values(until=as_of + LEASE)):
        raise LeaseLost(name=lease.name)


def require(connection: Connection, lease: Lease) -> None:
    """Make sure that a job is still ours; asked in a write transaction, it stays so until that ends."""
    if connection.scalar(select(_TABLE.c.name).where(_is_ours(lease))) is None:
        raise LeaseLost(name=lease.name)


def give_back(writer: Writer, lease: Lease) -> None:
    """Let others have the job, unless they have it already."""
    writer.run(delete(_TABLE).where(_is_ours(lease)))


def _is_ours(lease: Lease) -> ColumnElement[bool]:
    return and_(_TABLE.c.name == lease.name, _TABLE.c.holder == lease.holder)
