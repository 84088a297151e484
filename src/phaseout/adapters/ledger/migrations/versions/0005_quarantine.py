"""What persons decide of deliveries in quarantine, and by which id a sender's mail goes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("delivery", sa.Column("message_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"])
    op.create_table(
        "quarantine_decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_quarantine_decision_delivery")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_quarantine_decision")),
    )
    op.create_index(op.f("ix_quarantine_decision_delivery"), "quarantine_decision", ["delivery"])
