"""What the list of corrections (更正说明) says: every figure that a later version of a document changed."""

from dataclasses import asdict

from phaseout.domain.document import DOCUMENT_WORDS, DocumentKind, DocumentVersion, Draft
from phaseout.usecases.take_stock.bench import Sources


def draft_corrections(sources: Sources) -> Draft:
    """Return the corrections of all documents of the campaign, from the ledger alone."""
    known = [one for one in sources.ledger.documents(sources.campaign.id) if one.kind is not DocumentKind.CORRECTIONS]
    before = {(one.kind, one.period, one.version): one for one in known}
    corrected = [_correction(one, before[one.kind, one.period, one.version - 1]) for one in known if one.version > 1]
    campaign = sources.campaign
    return Draft(
        campaign=campaign.id,
        kind=DocumentKind.CORRECTIONS,
        period=None,
        facts={
            "campaign_title": campaign.title,
            "office_body": campaign.office.body,
            "office_desk": campaign.office.desk,
            "corrected": corrected,
        },
        figures={},
        lists={},
    )


def _correction(version: DocumentVersion, before: DocumentVersion) -> dict[str, object]:
    return {
        "document": document_name(version),
        "version": version.version,
        "as_of": version.as_of,
        "before_as_of": before.as_of,
        "changes": [asdict(change) for change in version.changes],
    }


def document_name(version: DocumentVersion) -> str:
    """Return what people call a document, such as 2022年9月情况通报."""
    month = f"{version.period[:4]}年{int(version.period[5:])}月" if version.period else ""
    return f"{month}{DOCUMENT_WORDS[version.kind]}"
