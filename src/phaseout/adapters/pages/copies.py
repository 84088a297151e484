"""Copies of documents (公文) in the site: what the machine wrote, byte by byte, and nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePath

from phaseout.adapters.pages.downloads import FORMATS, OFFERED, PAGE, by_document, place
from phaseout.adapters.pages.files import inside
from phaseout.adapters.pages.folder import Replacement
from phaseout.domain.document import DocumentKind, DocumentVersion


def put_copies(
    fresh: Replacement, versions: Sequence[DocumentVersion], *, year: int, published: Path
) -> tuple[DocumentVersion, ...]:
    """Let the files of documents lie in the site; return the versions with the names of what will lie there."""
    newest = [own[0] for own in by_document(versions)]
    offered = []
    for version in versions:
        if version.kind in OFFERED:
            names = dict(_files(fresh, version, year=year, published=published))
            if version.kind is DocumentKind.BULLETIN and version in newest:
                names |= _page(fresh, version, year=year, published=published)
            offered.append(replace(version, files=names))
    return tuple(offered)


def _files(fresh: Replacement, version: DocumentVersion, *, year: int, published: Path) -> Iterator[tuple[str, str]]:
    # By the hash that the ledger keeps: a file that somebody has worked on may name people, and is no draft for all.
    # No hard link for the same reason: whoever changes the one in its place would change the other with it.
    for source, expected in version.files.items():
        suffix = PurePath(source).suffix
        if suffix not in FORMATS:
            continue
        name = place(version, suffix, year=year)
        if fresh.hash_of(name) == expected:
            yield name, expected
            continue
        with suppress(FileNotFoundError):
            content = inside(published, source).read_bytes()
            if sha256(content).hexdigest() == expected:
                fresh.put(name, content)
                yield name, expected


def _page(fresh: Replacement, version: DocumentVersion, *, year: int, published: Path) -> dict[str, str]:
    """Let the page of a bulletin lie in the site; it is no file of the ledger's, for it follows the newest version."""
    name = place(version, PAGE, year=year)
    with suppress(FileNotFoundError):
        content = bulletin_place(published, version.campaign, str(version.period)).read_bytes()
        if not fresh.is_there(name, content):
            fresh.put(name, content)
        return {name: sha256(content).hexdigest()}
    return {}


def bulletin_place(published: Path, campaign: str, period: str) -> Path:
    """Return where the page of a bulletin (情况通报) lies."""
    return inside(published, f"bulletins/{campaign}-{period}.html")
