"""The documents (公文) that clerks take from the site (文件): files.html, and the names under which the files lie."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from urllib.parse import quote

from phaseout.adapters.pages import wording
from phaseout.adapters.pages.page import Page
from phaseout.domain.document import DOCUMENT_WORDS, DocumentKind, DocumentVersion
from phaseout.domain.site import SiteFacts

FOLDER = "files"
# What may lie in the site, kind by kind: nothing comes here by lying in a folder, where the list of contacts lies, too.
OFFERED = frozenset(
    {
        DocumentKind.BULLETIN,
        DocumentKind.SUMMARY,
        DocumentKind.FINAL,
        DocumentKind.CLOSING,
        DocumentKind.CORRECTIONS,
    }
)
PAGE = ".html"
FORMATS: Mapping[str, str] = MappingProxyType({".docx": "Word文件", ".xlsx": "Excel工作簿", PAGE: "网页"})


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield files.html: each document by its newest version, the newest first."""
    documents = [[_row(version, facts.campaign.year) for version in own] for own in by_document(facts.documents)]
    content = {"documents": documents, "has_calendar": facts.calendar_file is not None}
    yield Page("files.html", "files", "files.html.j2", content)


def by_document(versions: Sequence[DocumentVersion]) -> list[list[DocumentVersion]]:
    """Return the versions of each document that is offered, the newest first, in the order of their newest."""
    found: dict[tuple[DocumentKind, str | None], list[DocumentVersion]] = {}
    for version in reversed(versions):
        if version.kind in OFFERED:
            found.setdefault((version.kind, version.period), []).append(version)
    return sorted(found.values(), key=lambda own: own[0].as_of, reverse=True)


def place(version: DocumentVersion, suffix: str, *, year: int) -> str:
    """Return where a file lies in the site; the page of a bulletin is of its newest version, and bears no number."""
    number = "" if suffix == PAGE else f"-第{version.version}版"
    return f"{FOLDER}/{_period(version, year)}{DOCUMENT_WORDS[version.kind]}{number}{suffix}"


def _row(version: DocumentVersion, year: int) -> dict[str, object]:
    lying = {PurePath(name).suffix: name for name in version.files}
    return {
        "kind": DOCUMENT_WORDS[version.kind],
        "period": _period(version, year),
        "version": version.version,
        "as_of": version.as_of,
        "changes": len(version.changes),
        "links": [(word, quote(lying[suffix])) for suffix, word in FORMATS.items() if suffix in lying],
    }


def _period(version: DocumentVersion, year: int) -> str:
    return wording.month(version.period) if version.period else f"{year}年"
