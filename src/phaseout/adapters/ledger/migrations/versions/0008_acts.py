"""The office's acts on plans: contacts by hand, waived obligations, visits, paper copies, plans changed."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
