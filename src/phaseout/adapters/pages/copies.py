"""Copies of documents (公文) in the site: what the machine wrote, byte by byte, and nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from phaseout.adapters.pages.downloads import PAGE, by_document, places, suffix_of
from phaseout.adapters.pages.files import inside
from phaseout.adapters.pages.folder import Replacement
from phaseout.domain.document import DocumentKind, DocumentVersion


def put_copies(
    fresh: Replacement, versions: Sequence[DocumentVersion], *, year: int, published: Path
) -> frozenset[str]:
    """Let the files of documents lie in the site; return the names of all that will lie there."""
    documents = by_document(versions)
    files = [name for own in documents for version in own for name in _files(fresh, version, year, published)]
    shown = [name for own in documents for name in _page(fresh, own[0], year, published)]
    return frozenset([*files, *shown])


def _files(fresh: Replacement, version: DocumentVersion, year: int, published: Path) -> Iterator[str]:
    # By the hash that the ledger keeps: a file that somebody has worked on may name people, and is no draft for all.
    # No hard link for the same reason: whoever changes the one in its place would change the other with it.
    names = places(version, year=year)
    for source, expected in version.files.items():
        name = names.get(suffix_of(source))
        if name is None:
            continue
        if fresh.hash_of(name) == expected:
            yield name
            continue
        with suppress(FileNotFoundError):
            content = inside(published, source).read_bytes()
            if sha256(content).hexdigest() == expected:
                fresh.put(name, content)
                yield name


def _page(fresh: Replacement, newest: DocumentVersion, year: int, published: Path) -> Iterator[str]:
    """Let the page of a bulletin lie in the site; it is no file of the ledger's, for it follows the newest version."""
    if newest.kind is not DocumentKind.BULLETIN:
        return
    name = places(newest, year=year)[PAGE]
    with suppress(FileNotFoundError):
        content = bulletin_place(published, newest.campaign, str(newest.period)).read_bytes()
        if not fresh.is_there(name, content):
            fresh.put(name, content)
        yield name


def bulletin_place(published: Path, campaign: str, period: str) -> Path:
    """Return where the page of a bulletin (情况通报) lies."""
    return inside(published, f"bulletins/{campaign}-{period}.html")
