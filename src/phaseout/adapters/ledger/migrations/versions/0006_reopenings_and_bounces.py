"""What persons reopen, which letters came back, and the check figure of what is filed on paper too."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("submission", sa.Column("check_figure", sa.Text(), nullable=True))
    op.create_table(
        "reopening",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("obligation", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reopened_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_reopening_obligation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reopening")),
        sa.UniqueConstraint("obligation", "until", name=op.f("uq_reopening_obligation_until")),
    )
    op.create_table(
        "bounce",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_bounce_delivery")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bounce")),
        sa.UniqueConstraint("delivery", "recipient", name=op.f("uq_bounce_delivery_recipient")),
    )
    op.create_index(op.f("ix_bounce_message_id"), "bounce", ["message_id"])
    op.create_index(op.f("ix_letter_message_id"), "letter", ["message_id"])
