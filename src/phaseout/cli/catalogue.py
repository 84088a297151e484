"""`phaseout catalogue …`: the catalogue, an official list in its place, and equipment judged by it."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from phaseout.bootstrap import App, open_app
from phaseout.cli.common import AsJson, AsOf, By, Reason, instant, say, show
from phaseout.domain.calendar import day_in_china
from phaseout.domain.catalogue_change import CatalogueImport

app = typer.Typer(help="The catalogue, and equipment judged by it.", no_args_is_help=True)
ListFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="An official list: .xlsx or .csv, or .yaml of our form.")
]


@app.command("list")
def list_(
    *,
    industry: Annotated[str | None, typer.Option("--industry", help="One industry's items, by its key.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the items of the catalogue in force."""
    from phaseout.domain.judgement_words import CATEGORY_WORDS, condition_text  # noqa: PLC0415

    with open_app() as home:
        catalogue, in_force = home.definitions.catalogue(), _in_force_since(home)
    rows = [
        {
            "item": item.id,
            "industry": item.industry,
            "category": CATEGORY_WORDS[item.category],
            "name": item.name,
            "conditions": "；".join(f"{one.label}{condition_text(one)}" for one in item.conditions),
            "deadline": item.deadline,
            "confidence": item.confidence,
            **(in_force if as_json else {}),
        }
        for item in catalogue.items
        if industry in (None, item.industry)
    ]
    imported = f"，{in_force['imported_on']}导入" if in_force["imported_on"] else ""
    show(rows, as_json=as_json, title=f"{catalogue.title}（{catalogue.source}）{imported}")


@app.command("show")
def show_(item: Annotated[str, typer.Argument(metavar="ITEM")], *, as_json: AsJson = False) -> None:
    """Show one item: what it asks, what it leaves out, how sure we are and why."""
    from phaseout.domain.judgement_words import CATEGORY_WORDS, condition_text  # noqa: PLC0415

    with open_app() as home:
        catalogue = home.definitions.catalogue()
        one = catalogue.item(item)
    facts: dict[str, object] = {
        "item": one.id,
        "name": one.name,
        "industry": one.industry,
        "category": CATEGORY_WORDS[one.category],
        "section": one.section,
        "all_of": "；".join(f"{condition.label}{condition_text(condition)}" for condition in one.all_of),
        "any_of": "；".join(f"{condition.label}{condition_text(condition)}" for condition in one.any_of),
        "exceptions": "；".join(exception.text for exception in (*one.exceptions, *one.disputed)),
        "deadline": one.deadline,
        "confidence": one.confidence,
        "evidence": ", ".join(one.evidence),
        "note": one.note,
        "source": catalogue.source,
    }
    rows = [facts] if as_json else [{"field": key, "value": value} for key, value in facts.items()]
    show(rows, as_json=as_json, title=f"{one.id} {one.name}")


@app.command()
def diff(file: ListFile, *, as_json: AsJson = False) -> None:
    """Say in what an official list differs from the catalogue in force; nothing is changed."""
    with open_app() as home:
        offer = home.definitions.offered_catalogue(file)
    show(offer.differences, as_json=as_json, title="differences")


@app.command("import")
def import_(
    file: ListFile,
    *,
    by: By,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else the differences are shown and nothing more.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Put an official list in force in this installation; the act goes into the ledger, the list into the archive."""
    from phaseout.usecases.import_catalogue import import_catalogue  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        show(home.definitions.offered_catalogue(file).differences, as_json=as_json, title="differences")
        act = None
        if yes:
            act = import_catalogue(
                file,
                by=by,
                reason=reason,
                as_of=then,
                definitions=home.definitions,
                ledger=home.ledger,
                archive=home.archive,
            )
    if not as_json:
        say(_outcome(act, is_done=yes))


def _outcome(act: CatalogueImport | None, *, is_done: bool) -> str:
    if act is None:
        return "it is in force already." if is_done else "nothing was changed; add --yes to put it in force."
    return f"in force: {act.title}; {act.added} new, {act.changed} changed, {act.removed} gone."


def _in_force_since(home: App) -> dict[str, object]:
    acts = home.ledger.catalogues() if home.has_ledger else ()
    return {"catalogue": home.definitions.catalogue().title, "imported_on": _day(acts[-1]) if acts else None}


def _day(act: CatalogueImport) -> date:
    return day_in_china(act.imported_at)


@app.command()
def judge(
    file: Annotated[
        Path, typer.Argument(metavar="LIST.csv", help="行业, 企业名称, 装备名称, 规格型号, 主要参数, 产能, 产能单位.")
    ],
    *,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Judge a list of equipment; a first reading for a person to confirm, never an official finding."""
    from phaseout.adapters.equipment_list import read_equipment_list  # noqa: PLC0415
    from phaseout.domain.judgement_words import DISCLAIMER, JUDGEMENT_WORDS  # noqa: PLC0415
    from phaseout.domain.judging import Judge  # noqa: PLC0415

    listed = read_equipment_list(file)
    with open_app() as home:
        catalogue = home.definitions.catalogue()
    judged_by = Judge(catalogue, as_of=day_in_china(instant(as_of)))
    judged = [(line, equipment, judged_by(equipment)) for line, equipment in listed]
    rows: list[dict[str, object]] = [
        {
            "line": line,
            "industry": equipment.industry,
            "enterprise": equipment.enterprise,
            "equipment": equipment.name,
            "judgement": one.judgement if as_json else JUDGEMENT_WORDS[one.judgement],
            "item_ids": ", ".join(one.items),
            "comparison": one.comparison,
            "reason": one.reason,
            **({"note": DISCLAIMER} if as_json else {}),
        }
        for line, equipment, one in judged
    ]
    show(rows, as_json=as_json, title=f"{catalogue.title}：{DISCLAIMER}")
    if not as_json:
        counts = Counter(JUDGEMENT_WORDS[one.judgement] for _, _, one in judged)
        say("，".join(f"{word}{count}项" for word, count in counts.most_common()) or "无装备")
