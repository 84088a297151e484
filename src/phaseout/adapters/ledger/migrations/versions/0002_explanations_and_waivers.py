"""What units stand by, and what the office lets pass."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    for name, kind in (("item", sa.Text()), ("explained_on", sa.Date()), ("waived_on", sa.Date())):
        op.add_column("finding", sa.Column(name, kind, nullable=True))
    op.create_table(
        "explanation",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_explanation_campaign")),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_explanation_delivery")),
        sa.ForeignKeyConstraint(["submission"], ["submission.id"], name=op.f("fk_explanation_submission")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_explanation")),
        sa.UniqueConstraint("id", name=op.f("uq_explanation_id")),
    )
    op.create_index(op.f("ix_explanation_campaign_unit"), "explanation", ["campaign", "unit"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_waiver_campaign")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_waiver")),
    )
    op.create_index(op.f("ix_waiver_campaign"), "waiver", ["campaign"], unique=False)
    op.create_table(
        "waiver_withdrawal",
        sa.Column("waiver", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["waiver"], ["waiver.number"], name=op.f("fk_waiver_withdrawal_waiver")),
        sa.PrimaryKeyConstraint("waiver", name=op.f("pk_waiver_withdrawal")),
    )
