"""The steps of a stock-taking (到期清点), by the names that campaign data gives them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from phaseout.domain.campaign import StockStep, Term
from phaseout.domain.document import DocumentKind
from phaseout.domain.document_words import cut_off_words
from phaseout.domain.omission import omission_facts
from phaseout.usecases import look_for_omissions, suspected_omissions
from phaseout.usecases.take_stock.bench import Bench
from phaseout.usecases.take_stock.tables import table_title, tables_of
from phaseout.usecases.take_stock.writing import write_document

Step = Callable[[Bench, Term], tuple[Path, ...]]


def _consolidate(bench: Bench, _term: Term) -> tuple[Path, ...]:
    """One table of all units for each form; for a form owed by industry, one a industry."""
    campaign = bench.sources.campaign
    note = f"{cut_off_words(bench.sources.as_of)}。"
    return tuple(
        bench.sources.pages.table(
            f"summary/{campaign.id}-{table_title(bench, group)}", table_title(bench, group), own, note=note
        )
        for form in bench.milestone.forms
        for group, own in tables_of(bench, form).items()
    )


def _omissions(bench: Bench, _term: Term) -> tuple[Path, ...]:
    """Write the list of suspected omissions, for the office alone."""
    sources = bench.sources
    look_for_omissions(sources.campaign, definitions=sources.definitions, warehouse=sources.warehouse)
    suspected = suspected_omissions(sources.campaign, warehouse=sources.warehouse)
    return sources.pages.omissions(omission_facts(sources.campaign, suspected, as_of=sources.as_of))


def _table(name: str, folder: str, title: str) -> Step:
    def write(bench: Bench, _term: Term) -> tuple[Path, ...]:
        sources = bench.sources
        rows, note = sources.ask(f"stock/{name}"), f"{cut_off_words(sources.as_of)}。"
        return (sources.pages.table(f"{folder}/{sources.campaign.id}-{title}", title, rows, note=note),)

    return write


def _document(kind: DocumentKind) -> Step:
    def write(bench: Bench, term: Term) -> tuple[Path, ...]:
        written = write_document(bench.sources, kind, period=term.period)
        bench.notes.extend(written.notes)
        return written.files

    return write


STEPS: Mapping[StockStep, Step] = {
    StockStep.CONSOLIDATE: _consolidate,
    StockStep.SUMMARY: _document(DocumentKind.SUMMARY),
    StockStep.BULLETIN: _document(DocumentKind.BULLETIN),
    StockStep.OMISSIONS: _omissions,
    StockStep.UNCLOSED: _table("unclosed", "summary", "到期未关停清单"),
    StockStep.RECONCILE: _table("reconciliation", "final", "表间核对结果"),
    StockStep.FINAL_LIST: _document(DocumentKind.FINAL),
    StockStep.CLOSING: _document(DocumentKind.CLOSING),
}
