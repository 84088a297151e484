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
