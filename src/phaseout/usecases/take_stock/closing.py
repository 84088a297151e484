"""What the closing report (工作总结) of a campaign says, from the marts and from the office's acts."""

from collections.abc import Mapping, Sequence

from phaseout.domain.bulletin import TOTAL
from phaseout.domain.calendar import day_in_china
from phaseout.domain.document import DocumentKind, Draft, Figures
from phaseout.domain.letter import ANSWERS, LetterKind
from phaseout.domain.shares import share_words
from phaseout.domain.standing_words import LETTER_WORDS, NO_TASK
from phaseout.usecases.take_stock.bench import Sources

NEWEST = "9999-12"  # of all months
ESCALATIONS = (LetterKind.SUPERVISION, LetterKind.CRITICISM, LetterKind.COORDINATION)

_FILING_LABELS = {
    "name": "报送事项",
    "due_date": "截止日期",
    "expected": "应报件数",
    "received": "已报",
    "on_time": "按时",
    "accepted": "审核通过",
    "accepted_first_time": "一次通过",
}
_UNIT_LABELS = {
    "unit_name": "填报单位",
    "expected": "应报件数",
    "on_time": "按时",
    "late": "逾期",
    "missing": "未报",
    "returns": "退回件次",
    "enterprises": "应淘汰企业数",
    "closed_enterprises": "完成企业数",
    "sets": "应淘汰台（套）数",
    "done": "完成台（套）数",
    "dismantled": "其中拆除",
    "sealed": "其中封存",
    "inspected": "通过验收",
    "left_open": "尚未完成",
    "rate": "完成率",
}
_Rows = Sequence[Mapping[str, object]]


def draft_closing(sources: Sources) -> Draft:
    """Return the closing report: what was owed and done, which letters went out, what stays open and why."""
    day = day_in_china(sources.as_of)
    filings = [_filing(row) for row in sources.ask("document/closing_filing", day=day)]
    units = [_unit(row) for row in sources.ask("document/closing_units", day=day)]
    totals = _unit({"unit_name": TOTAL, "has_inventory": True} | _sums(units))
    return Draft(
        campaign=sources.campaign.id,
        kind=DocumentKind.CLOSING,
        period=None,
        facts={
            **_frame(sources),
            "filings": filings,
            "filing_totals": _sums(filings),
            "units": units,
            "totals": totals,
            **_letters(sources),
            **_acts(sources),
            **{name: sources.ask(f"document/closing_{name}", **more) for name, more in _ASKED.items()},
            "survey": sources.ask("document/closing_survey")[0],
            "industries": sources.ask("document/industries", period=NEWEST),
            "months": sources.ask("document/months", period=NEWEST),
            "listed": _sums(sources.ask("document/final_units")),
        },
        figures=_figures(filings, [*units, totals]),
        lists=_lists(sources, filings, [*units, totals]),
    )


_ASKED: Mapping[str, Mapping[str, object]] = {
    "reasons": {},
    "omissions": {},
    "findings": {},
    "reconciliation": {},
}


def _frame(sources: Sources) -> dict[str, object]:
    campaign = sources.campaign
    return {
        "campaign_title": campaign.title,
        "notice": campaign.notice,
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
        "closures_due": campaign.closures_due,
        "opens": campaign.opens,
        "closes": campaign.closes,
    }


def _filing(row: Mapping[str, object]) -> dict[str, object]:
    period = f"（{str(row['period'])[:4]}年{int(str(row['period'])[5:])}月）" if row["period"] else ""
    filing = {"name": f"{row['title']}{period}"} | {key: row[key] for key in _FILING_LABELS if key != "name"}
    return filing | {"on_time_share": int(str(row["on_time"])) / int(str(row["expected"]))}


def _unit(row: Mapping[str, object]) -> dict[str, object]:
    done, sets = int(str(row["done"])), int(str(row["sets"]))
    without = NO_TASK if row["has_inventory"] else "底数未报"
    return dict(row) | {"rate": share_words(done / sets) if sets else without}


def _sums(rows: _Rows) -> dict[str, int]:
    """Return what the numbers of the rows come to, by name."""
    names = [name for name, value in rows[0].items() if type(value) is int] if rows else []
    return {name: sum(int(str(row[name])) for row in rows) for name in names}


def _letters(sources: Sources) -> dict[str, object]:
    rows = {LetterKind(str(row["kind"])): row for row in sources.ask("document/closing_letters")}
    told = [{"word": LETTER_WORDS[kind], **rows[kind]} for kind in LetterKind if kind in rows]
    return {
        "letters": [one for one in told if one["sent"]],
        "letters_sent": sum(int(str(one["sent"])) for one in told),
        "answers_sent": sum(int(str(rows[kind]["sent"])) for kind in rows if kind in ANSWERS),
        "escalations": [{"word": LETTER_WORDS[kind], **rows[kind]} for kind in ESCALATIONS if kind in rows],
    }


def _acts(sources: Sources) -> dict[str, int]:
    ledger, campaign = sources.ledger, sources.campaign.id
    return {
        "extensions": len(ledger.extensions(campaign)),
        "exemptions": len(ledger.exemptions(campaign)),
        "waivers": len(ledger.waivers(campaign)),
        "visits": len(ledger.visits(campaign)),
    }


def _figures(filings: _Rows, units: _Rows) -> Figures:
    of_filings = {
        str(row["name"]): {_FILING_LABELS[key]: row[key] for key in _FILING_LABELS if key not in {"name", "due_date"}}
        for row in filings
    }
    of_units = {
        str(row["unit_name"]): {_UNIT_LABELS[key]: row[key] for key in _UNIT_LABELS if key != "unit_name"}
        for row in units
    }
    return of_filings | of_units


def _lists(sources: Sources, filings: _Rows, units: _Rows) -> dict[str, _Rows]:
    return {
        "各单位情况": [{label: row[key] for key, label in _UNIT_LABELS.items()} for row in units],
        "报送情况": [{label: row[key] for key, label in _FILING_LABELS.items()} for row in filings],
        "分行业情况": sources.ask("document/industries", period=NEWEST),
        "分行业产能": sources.ask("document/capacities", period=NEWEST),
        "未完成清单": sources.ask("document/closing_open"),
    }
