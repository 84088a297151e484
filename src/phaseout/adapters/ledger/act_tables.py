"""The tables of the office's acts on plans; none is ever updated, a later row takes an earlier one back."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from phaseout.adapters.ledger.columns import Instant, Word
from phaseout.adapters.ledger.tables import metadata
from phaseout.domain.campaign import CalendarPolicy, Hardness

replanning = Table(
    "replanning",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("is_owed", Boolean, nullable=False),
    Column("opens", Date, nullable=False),
    Column("nominal_due", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("due_policy", Word(CalendarPolicy), nullable=False),
    Column("reminder_date", Date, nullable=False),
    Column("closes", Date, nullable=False),
    Column("hardness", Word(Hardness), nullable=False),
    Column("basis", Text, nullable=False),
    Column("replanned_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("replanned_at", Instant, nullable=False),
    UniqueConstraint("obligation", "replanned_at"),
)

exemption = Table(
    "exemption",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    UniqueConstraint("obligation", "granted_at"),
)

exemption_withdrawal = Table(
    "exemption_withdrawal",
    metadata,
    Column("exemption", ForeignKey("exemption.number"), primary_key=True),
    Column("withdrawn_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_at", Instant, nullable=False),
)

paper_receipt = Table(
    "paper_receipt",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which they were registered
    Column("obligation", ForeignKey("obligation.id"), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("copies_wanted", Integer, nullable=False),
    Column("is_sealed", Boolean, nullable=False),
    Column("check_figure", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("registered_at", Instant, nullable=False),
    # Without the instant: an officer who registers the same paper twice has not received it twice.
    UniqueConstraint(
        "obligation", "received_on", "check_figure", "copies", "is_sealed", name="uq_paper_receipt_as_received"
    ),
)

visit = Table(  # free text: it stays here, never in the warehouse
    "visit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("place", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("visited_by", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index(None, "campaign", "day"),
)
