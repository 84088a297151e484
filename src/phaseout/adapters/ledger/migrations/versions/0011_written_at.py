"""When each obligation was written: some are owed only once it is known that something is still open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("obligation", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
