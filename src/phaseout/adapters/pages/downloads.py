"""The documents (公文) that clerks take from the site (文件): files.html, and the names under which the files lie."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    year = facts.campaign.year
    documents = [
        [_row(version, year, facts.copies, is_newest=version is own[0]) for version in own]
        for own in by_document(facts.documents)
    ]
    content = {"documents": documents, "has_calendar": facts.calendar_file is not None}
    yield Page("files.html", "files", "files.html.j2", content)


def by_document(versions: Sequence[DocumentVersion]) -> list[list[DocumentVersion]]:
    """Return the versions of each document that is offered, the newest first, in the order of their newest."""
    found: dict[tuple[DocumentKind, str | None], list[DocumentVersion]] = {}
    for version in reversed(versions):
        if version.kind in OFFERED:
            found.setdefault((version.kind, version.period), []).append(version)
    return sorted(found.values(), key=lambda own: own[0].as_of, reverse=True)


def places(version: DocumentVersion, *, year: int) -> dict[str, str]:
    """Return by suffix where files lie in the site; the page of a bulletin is of its newest version, without number."""
    name = f"{FOLDER}/{_period(version, year)}{DOCUMENT_WORDS[version.kind]}"
    return {
        suffix: f"{name}{suffix}" if suffix == PAGE else f"{name}-第{version.version}版{suffix}" for suffix in FORMATS
    }


def suffix_of(name: str) -> str:
    """Return how the name of a file ends, such as .docx."""
    return PurePath(name).suffix


def _row(version: DocumentVersion, year: int, copies: Collection[str], *, is_newest: bool) -> dict[str, object]:
    names, written = places(version, year=year), {suffix_of(name) for name in version.files}
    lying = [suffix for suffix in FORMATS if names[suffix] in copies and (suffix != PAGE or is_newest)]
    return {
        "kind": DOCUMENT_WORDS[version.kind],
        "period": _period(version, year),
        "version": version.version,
        "as_of": version.as_of,
        "changes": len(version.changes),
        "links": [(FORMATS[suffix], quote(names[suffix])) for suffix in lying],
        "missing": [FORMATS[suffix] for suffix in FORMATS if suffix in written and suffix not in lying],
    }


def _period(version: DocumentVersion, year: int) -> str:
    return wording.month(version.period) if version.period else f"{year}年"
