"""Write documents (公文): unchanged figures make no new version, changed ones the next, with what they correct."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from phaseout.domain.bulletin import TOTAL
from phaseout.domain.calendar import CHINA, month_of
from phaseout.domain.document import (
    Causes,
    DocumentKind,
    DocumentVersion,
    Draft,
    Edition,
    changes_between,
    content_of,
    facts_of,
)
from phaseout.usecases.take_stock.bench import Sources
from phaseout.usecases.take_stock.bulletin import draft_bulletin
from phaseout.usecases.take_stock.closing import draft_closing
from phaseout.usecases.take_stock.corrections import draft_corrections
from phaseout.usecases.take_stock.province import draft_final, draft_summary

MOST_CAUSES = 3
# The forms by which a document's figures change; of any other kind it is all.
_FORMS: Mapping[DocumentKind, frozenset[str]] = {
    DocumentKind.BULLETIN: frozenset({"progress", "survey_summary"}),
    DocumentKind.SUMMARY: frozenset({"survey_summary"}),
    DocumentKind.FINAL: frozenset({"completed_list", "inspection"}),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it lies there now, and whether its version is new."""

    kind: DocumentKind
    period: str | None
    version: int
    is_new: bool
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def write_document(sources: Sources, kind: DocumentKind, *, period: str | None = None) -> Written:
    """Write a document from the marts as they are; the page of a bulletin is of its newest version."""
    draft = _DRAFTS[kind](sources, period)
    version, is_new, notes = _settled(sources, draft)
    files = sources.documents.paths(version.files)
    if kind is DocumentKind.BULLETIN:
        facts = facts_of(version.content) | {"campaign": version.campaign, "as_of": version.as_of}
        page = sources.pages.bulletin(str(period), facts | {"version": version.version, "changes": version.changes})
        files = (page, *files)
    return Written(kind, draft.period, version.version, is_new, files, notes)


def _settled(sources: Sources, draft: Draft) -> tuple[DocumentVersion, bool, tuple[str, ...]]:
    """Return the version that says what the draft says, with its files in their places."""
    content = content_of(draft)
    while True:
        earlier = _earlier(sources, draft)
        last = earlier[-1] if earlier else None
        if last is not None and last.content == content:
            return last, False, _restore(sources, draft, earlier)
        changes = () if last is None else changes_between(last.content, content, causes=_causes(sources, draft, last))
        version = DocumentVersion(
            draft.campaign, draft.kind, draft.period, len(earlier) + 1, sources.as_of, content, changes, files={}
        )
        made = sources.documents.make(_edition(draft, version, before=last))
        version = replace(version, files=_hashes(made.files))
        # The ledger first: what is recorded can be written again after a crash, and the same.
        if sources.ledger.record_document(version):
            sources.documents.keep(made.files)
            return version, True, made.notes


def _earlier(sources: Sources, draft: Draft) -> list[DocumentVersion]:
    known = sources.ledger.documents(draft.campaign)
    return [one for one in known if (one.kind, one.period) == (draft.kind, draft.period)]


def _restore(sources: Sources, draft: Draft, versions: Sequence[DocumentVersion]) -> tuple[str, ...]:
    """Write again what is missing of the last version's files; what a clerk has edited meanwhile stays."""
    last, before = versions[-1], versions[-2] if len(versions) > 1 else None
    missing = sources.documents.missing(last.files)
    if not missing:
        return ()
    made = sources.documents.make(_edition(draft, last, before=before))
    sources.documents.keep({name: raw for name, raw in made.files.items() if name in missing})
    return made.notes


def _edition(draft: Draft, version: DocumentVersion, *, before: DocumentVersion | None) -> Edition:
    # From the content, as the ledger gives it back: written today or restored in a year, the bytes are the same.
    return Edition(
        version.campaign,
        version.kind,
        version.period,
        version.version,
        version.as_of.astimezone(CHINA),
        facts_of(version.content),
        version.changes,
        draft.lists,
        before.as_of.astimezone(CHINA) if before else None,
    )


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: sha256(raw).hexdigest() for name, raw in files.items()}


def _causes(sources: Sources, draft: Draft, last: DocumentVersion) -> Causes:
    """Return what says of a unit's figure which submissions were decided since the last version: of its industry."""
    since, until = (moment.astimezone(CHINA).replace(tzinfo=None) for moment in (last.as_of, sources.as_of))
    by_unit: dict[str, list[tuple[str, str]]] = {}
    for row in sources.ask("document/submissions", after=since, until=until):
        if _concerns(draft, row):
            told = (str(row["industry_name"] or ""), _in_words(sources, row))
            by_unit.setdefault(str(row["unit_name"]), []).append(told)
    industries = {industry.name for industry in sources.campaign.industries}

    def cause(place: str, figure: str) -> str:
        if place == TOTAL:
            return "随各单位数据变动"
        named = {industry for industry in industries if figure.startswith(industry)}
        return _few([words for industry, words in by_unit.get(place, []) if not named or industry in named])

    return cause


def _concerns(draft: Draft, row: Mapping[str, object]) -> bool:
    forms = _FORMS.get(draft.kind)
    is_later = draft.period is not None and row["period"] is not None and str(row["period"]) > draft.period
    return (forms is None or row["form"] in forms) and not is_later


def _in_words(sources: Sources, row: Mapping[str, object]) -> str:
    form = sources.definitions.forms()[str(row["form"])]
    industry = f"（{row['industry_name']}）" if row["industry_name"] else ""
    month = "{}年{}月".format(*month_of(str(row["period"]))) if row["period"] else ""
    word = "审核通过" if row["decision"] == "accepted" else "退回"
    decided = row["decided_on"]
    return f"{month}{form.title}{industry}第{row['version']}版（{decided:%Y}年{decided:%-m}月{decided:%-d}日{word}）"


def _few(words: Sequence[str]) -> str:
    more = f"等{len(words)}件" if len(words) > MOST_CAUSES else ""
    return "；".join(words[:MOST_CAUSES]) + more


_DRAFTS: Mapping[DocumentKind, Callable[[Sources, str | None], Draft]] = {
    DocumentKind.BULLETIN: draft_bulletin,
    DocumentKind.SUMMARY: lambda sources, _: draft_summary(sources),
    DocumentKind.FINAL: lambda sources, _: draft_final(sources),
    DocumentKind.CLOSING: lambda sources, _: draft_closing(sources),
    DocumentKind.CORRECTIONS: lambda sources, _: draft_corrections(sources),
}
