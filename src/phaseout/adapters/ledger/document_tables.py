"""The table of documents: what each version said, and the hashes of its files."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from phaseout.adapters.ledger.columns import Instant, Word
from phaseout.adapters.ledger.tables import metadata
from phaseout.domain.document import DocumentKind

document = Table(
    "document",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.id"), nullable=False),
    Column("kind", Word(DocumentKind), nullable=False),
    Column("period", Text, nullable=False),  # empty for none: a unique column holds no NULL
    Column("version", Integer, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("content", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("files", Text, nullable=False),
    UniqueConstraint("campaign", "kind", "period", "version"),
)
