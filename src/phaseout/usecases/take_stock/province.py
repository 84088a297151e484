"""What the summary by industry and unit (汇总表) and the final list (完成淘汰清单) say, from the marts."""

from collections.abc import Mapping, Sequence

from phaseout.domain.bulletin import TOTAL
from phaseout.domain.document import DocumentKind, Draft, Figures
from phaseout.usecases.take_stock.bench import Sources

_MATRICES = {
    "排查企业数": "enterprises",
    "存在落后装备企业数": "outdated_enterprises",
    "落后装备项数": "items",
    "落后装备台（套）数": "sets",
}
# An enterprise may be surveyed in two industries; equipment is counted in one.
_ADDED_UP = ("落后装备项数", "落后装备台（套）数")
_FINAL_LABELS = {
    "enterprises": "企业数",
    "items": "装备项数",
    "sets": "台（套）数",
    "dismantled": "其中拆除、关停",
    "sealed": "其中封存",
}
_Rows = Sequence[Mapping[str, object]]


def draft_summary(sources: Sources) -> Draft:
    """Return the summary by industry and unit: enterprises, outdated equipment, and how each industry was reported."""
    rows = sources.ask("document/summary")
    lists: dict[str, _Rows] = {label: _with_total(_matrix(rows, name)) for label, name in _MATRICES.items()}
    for label in _ADDED_UP:
        lists[label] = [dict(row) | {TOTAL: _sum(row)} for row in lists[label]]
    lists["报送情况"] = _matrix(rows, "filing")
    lists["产能"] = sources.ask("document/surveyed_capacity")
    return Draft(
        campaign=sources.campaign.id,
        kind=DocumentKind.SUMMARY,
        period=None,
        facts=_facts(sources),
        figures=_summary_figures(rows),
        lists=lists,
    )


def draft_final(sources: Sources) -> Draft:
    """Return the provincial final list, with totals by unit and industry and the reconciliation of the forms."""
    units = sources.ask("document/final_units")
    by_unit = [
        {"填报单位": row["unit_name"]} | {_FINAL_LABELS[key]: row[key] for key in _FINAL_LABELS} for row in units
    ]
    return Draft(
        campaign=sources.campaign.id,
        kind=DocumentKind.FINAL,
        period=None,
        facts=_facts(sources),
        figures={str(row["填报单位"]): {key: row[key] for key in _FINAL_LABELS.values()} for row in by_unit},
        lists={
            "完成淘汰清单": sources.ask("stock/final_list"),
            "分单位汇总": _with_total(by_unit),
            "分行业汇总": sources.ask("document/final_capacity"),
            "表间核对结果": sources.ask("stock/reconciliation"),
        },
    )


def _facts(sources: Sources) -> dict[str, object]:
    campaign = sources.campaign
    return {
        "campaign_title": campaign.title,
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
    }


def _matrix(rows: _Rows, name: str) -> list[dict[str, object]]:
    """Return one row a unit, one column an industry, of a figure."""
    table: dict[object, dict[str, object]] = {}
    for row in rows:
        own = table.setdefault(row["unit_name"], {"填报单位": row["unit_name"]})
        own[str(row["industry_name"])] = row[name]
    return list(table.values())


def _with_total(rows: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Add what the columns and, where there are several industries, the lines come to."""
    if not rows:
        return []
    head, *columns = rows[0]
    total = {head: TOTAL} | {column: sum(int(str(row[column])) for row in rows) for column in columns}
    return [*rows, total]


def _sum(row: Mapping[str, object]) -> int:
    return sum(int(str(value)) for name, value in row.items() if name != "填报单位")


def _summary_figures(rows: _Rows) -> Figures:
    figures: dict[str, dict[str, object]] = {}
    for row in rows:
        if row["filing"] == "—" and not row["enterprises"]:
            continue
        own = figures.setdefault(str(row["unit_name"]), {})
        for label, name in _MATRICES.items():
            own[f"{row['industry_name']}{label}"] = row[name]
        own[f"{row['industry_name']}报送情况"] = row["filing"]
    return figures
