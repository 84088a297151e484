"""What was written for the office to sign and publish (公文), version by version."""

import json

from sqlalchemy import Connection, Row, select

from phaseout.adapters.ledger.document_tables import document
from phaseout.adapters.ledger.engine import Writer
from phaseout.domain.calendar import CHINA
from phaseout.domain.document import DocumentVersion, changes_as_json, changes_from_json


def add_document(writer: Writer, version: DocumentVersion) -> bool:
    """Write a version unless one of that number is there; False if it is."""
    row = {
        "campaign": version.campaign,
        "kind": version.kind,
        "period": version.period or "",
        "version": version.version,
        "as_of": version.as_of,
        "content": version.content,
        "changes": changes_as_json(version.changes),
        "files": json.dumps(dict(version.files), ensure_ascii=False),
    }
    return writer.add(document, [row]) == 1


def documents(connection: Connection, campaign: str) -> list[DocumentVersion]:
    """Return every version of the documents of a campaign, in the order in which they were written."""
    statement = select(document).where(document.c.campaign == campaign).order_by(document.c.number)
    return [_version(row) for row in connection.execute(statement)]


def _version(row: Row[tuple[object, ...]]) -> DocumentVersion:
    return DocumentVersion(
        campaign=row.campaign,
        kind=row.kind,
        period=row.period or None,
        version=row.version,
        as_of=row.as_of.astimezone(CHINA),
        content=row.content,
        changes=changes_from_json(row.changes),
        files=json.loads(row.files),
    )
