"""Import a catalogue (目录导入): a named person puts an official list in force; list and act are kept for good."""

from datetime import datetime
from pathlib import Path

from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.errors import UsageError
from phaseout.ports import Archive, Definitions, Ledger


class NobodyImports(UsageError):
    """An import needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason WHY")


def import_catalogue(
    file: Path,
    *,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
    archive: Archive,
) -> CatalogueImport | None:
    """Put an official list in force; None when it is in force already.

    Raises:
        NobodyImports: no name or no reason was given.
        BadDefinition: the list is wrong, with its line.
    """
    if not by.strip() or not reason.strip():
        raise NobodyImports
    offer = definitions.offered_catalogue(file)
    if offer.is_in_force:
        return None
    act = CatalogueImport(
        title=offer.title,
        file_name=file.name,
        sha256=archive.put(offer.raw),
        in_force_sha256=archive.put(offer.content),
        added=offer.count("new"),
        changed=offer.count("changed"),
        removed=offer.count("gone"),
        imported_by=by.strip(),
        reason=reason.strip(),
        imported_at=as_of,
    )
    ledger.record_catalogue(act)
    return act
