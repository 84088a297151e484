"""Whether a workbook's bytes were sent before, by anybody, without reading every submission."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(op.f("ix_submission_sha256"), "submission", ["sha256"])
