"""Documents (公文): what writes them, and the marts brought up to date before they are written."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from phaseout.bootstrap import App
from phaseout.domain.document import DocumentKind
from phaseout.ports import Documents
from phaseout.usecases.publish import mirror
from phaseout.usecases.take_stock.bench import Sources
from phaseout.usecases.take_stock.writing import Written, write_document

if TYPE_CHECKING:
    from phaseout.adapters.pages.documents import FileDocuments


def documents_of(app: App) -> "FileDocuments":
    """Return what writes documents; the office's own templates lie in `documents/` of the home."""
    from phaseout.adapters.pages.documents import FileDocuments  # noqa: PLC0415  loaded when a document is written

    return FileDocuments(
        app.home / "published",
        templates=app.settings.project / "data" / "documents",
        own=app.home / "documents",
        is_replay=app.is_replay,
    )


def catch_up(app: App, campaign: str, *, as_of: datetime) -> int:
    """Bring the marts to what archive and ledger say of a campaign; return how many submissions were loaded."""
    loaded = app.fill(app.warehouse)
    mirror(
        app.definitions.campaign(campaign),
        as_of=as_of,
        calendar=app.calendar,
        ledger=app.ledger,
        warehouse=app.warehouse,
        definitions=app.definitions,
    )
    return loaded


def write(app: App, campaign: str, kind: DocumentKind, *, period: str | None, as_of: datetime) -> Written:
    """Write a document from what is known as of an instant."""
    catch_up(app, campaign, as_of=as_of)
    documents: Documents = documents_of(app)
    sources = Sources(
        app.definitions.campaign(campaign),
        as_of,
        app.definitions,
        app.ledger,
        app.warehouse,
        app.pages,
        documents,
    )
    return write_document(sources, kind, period=period)


def check(app: App, template: Path, *, kind: DocumentKind | None) -> None:
    """Stop when a Word template cannot be used for a kind of document; without a kind, that of its name.

    Raises:
        BadTemplate: it says which fields are missing or unknown, or why the file cannot be read.
        NoKind: the file's name is no kind of document.
    """
    documents_of(app).check(template, kind=kind)
