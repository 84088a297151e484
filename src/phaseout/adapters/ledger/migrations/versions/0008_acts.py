"""The office's acts on plans: contacts by hand, waived obligations, visits, paper copies, plans changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("obligation", sa.Column("is_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("by", sa.Text(), nullable=True))
    op.add_column("contact", sa.Column("reason", sa.Text(), nullable=True))
    _add_replannings()
    _add_exemptions()
    _add_paper_receipts()
    _add_visits()


def _add_replannings() -> None:
    op.create_table(
        "replanning",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.Text(), nullable=False),
        sa.Column("is_owed", sa.Boolean(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("nominal_due", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("due_policy", sa.Text(), nullable=False),
        sa.Column("reminder_date", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("hardness", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("replanned_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_replanning_obligation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_replanning")),
        sa.UniqueConstraint("obligation", "replanned_at", name=op.f("uq_replanning_obligation_replanned_at")),
    )


def _add_exemptions() -> None:
    op.create_table(
        "exemption",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_exemption_obligation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_exemption")),
        sa.UniqueConstraint("obligation", "granted_at", name=op.f("uq_exemption_obligation_granted_at")),
    )
    op.create_table(
        "exemption_withdrawal",
        sa.Column("exemption", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exemption"], ["exemption.number"], name=op.f("fk_exemption_withdrawal_exemption")),
        sa.PrimaryKeyConstraint("exemption", name=op.f("pk_exemption_withdrawal")),
    )


def _add_paper_receipts() -> None:
    op.create_table(
        "paper_receipt",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("copies_wanted", sa.Integer(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.Column("check_figure", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_paper_receipt_obligation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_paper_receipt")),
        sa.UniqueConstraint(
            "obligation",
            "received_on",
            "check_figure",
            "copies",
            "is_sealed",
            name=op.f("uq_paper_receipt_as_received"),
        ),
    )


def _add_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("visited_by", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_visit_campaign")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_campaign_day"), "visit", ["campaign", "day"])
