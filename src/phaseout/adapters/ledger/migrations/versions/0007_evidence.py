"""Pictures and videos of closures, and to whom persons assign them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "evidence",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        *(sa.Column(f"band_{position}", sa.Integer(), nullable=True) for position in range(4)),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("matched_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_evidence_delivery")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence")),
        sa.UniqueConstraint("delivery", "file_name", "sha256", name=op.f("uq_evidence_delivery_file_name_sha256")),
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"])
    op.create_index(op.f("ix_evidence_campaign_unit"), "evidence", ["campaign", "unit"])
    for position in range(4):
        op.create_index(op.f(f"ix_evidence_band_{position}"), "evidence", [f"band_{position}"])
    op.create_table(
        "evidence_assignment",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence_assignment")),
    )
    op.create_index(op.f("ix_evidence_assignment_campaign_sha256"), "evidence_assignment", ["campaign", "sha256"])
