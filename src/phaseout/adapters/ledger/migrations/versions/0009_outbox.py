"""What the outbox needs to keep to a provider's limits and to an order, and what persons decide of its letters."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As the order of dispatch was when this revision was written.
ORDER = (
    "return", "receipt", "extension", "supervision", "criticism", "coordination", "overdue", "reminder", "request",
    "signing", "tables", "thanks", "verification", "resend", "preview",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    places = {kind: place for place, kind in enumerate(ORDER)}
    letter = sa.table("letter", sa.column("kind"), sa.column("urgency"))
    op.add_column("letter", sa.Column("urgency", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("letter", sa.Column("is_overtaken", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("letter", sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.update(letter).values(urgency=sa.case(places, value=letter.c.kind, else_=len(ORDER))))
    op.create_index(op.f("ix_letter_state_urgency"), "letter", ["state", "urgency"])
    op.create_index(op.f("ix_dispatch_tried_at"), "dispatch", ["tried_at"])
    op.create_table(
        "dispatch_decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.id"], name=op.f("fk_dispatch_decision_letter")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dispatch_decision")),
        sa.UniqueConstraint("letter", "act", "decided_at", name=op.f("uq_dispatch_decision_letter_act_decided_at")),
    )
