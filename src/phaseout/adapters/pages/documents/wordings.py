"""What the fields of the Word templates hold, by the kind of document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from phaseout.adapters.pages import wording
from phaseout.adapters.pages.documents.sections import Section
from phaseout.domain.calendar import day_in_china
from phaseout.domain.document import DocumentKind, Edition
from phaseout.domain.document_words import moment_words
from phaseout.domain.shares import share_words

NOTE = (
    "注：按完成率（按台套计算）排名，完成率相同的按累计完成数排名，仍相同的名次并列；无任务的单位不排名。{carried}"
    "封存须断水、断电、拆除动力装置、封存主体设备、公开承诺五项齐备方计入完成。"
)
CARRIED = "{names}没有审核通过的本月进展情况表，有关数据沿用此前审核通过的数据。"
LONGEST_LINE = 20  # characters of a title between the margins
LATIN = 0x2E7F  # beyond it, characters take their full width
WORDS = ("行业", "装备", "产能", "排查", "工作", "淘汰", "行动", "月份", "进展", "情况")  # after which a line may end
CHANGES = "较上一版更正的数据"


def fields_of(edition: Edition, sections: Sequence[Section], *, is_replay: bool) -> dict[str, Any]:
    """Return the fields of an edition's template, as text."""
    facts = edition.facts
    day = day_in_china(edition.as_of)
    common = {
        "title": in_lines(title_of(edition)),
        "version": edition.version,
        "as_of": moment_words(edition.as_of),
        "signed_on": wording.day(day),
        "year": day.year,
        "office_body": facts["office_body"],
        "office_desk": facts["office_desk"],
        "campaign_title": facts["campaign_title"],
        "is_replay": is_replay,
        "sections": [asdict(section) for section in sections],
    }
    before = moment_words(edition.before_as_of) if edition.before_as_of else ""
    changes = [asdict(change) | {"by": change.by or "随其他数据变动"} for change in edition.changes]
    return common | _OF_KIND[edition.kind](edition) | {"changes": changes, "before_as_of": before}


def title_of(edition: Edition) -> str:
    """Return the title of a document."""
    campaign = edition.facts["campaign_title"]
    match edition.kind:
        case DocumentKind.BULLETIN:
            return f"关于{campaign}{month_words(edition.facts)}进展情况的通报"
        case DocumentKind.SUMMARY:
            return f"{campaign}排查情况汇总表"
        case DocumentKind.FINAL:
            return f"{campaign}完成淘汰清单"
        case DocumentKind.CLOSING:
            return f"{campaign}总结"
        case DocumentKind.CORRECTIONS:
            return f"{campaign}文件更正说明"


def in_lines(title: str) -> str:
    """Break a long title (标题) into lines of like length, never inside one of the words that titles are made of."""
    whole = _width(title)
    ends = [place + len(word) for word in WORDS for place in range(len(title)) if title.startswith(word, place)]
    fitting = [end for end in ends if max(_width(title[:end]), _width(title[end:])) <= LONGEST_LINE]
    if whole <= LONGEST_LINE or not fitting:
        return title
    middle = min(fitting, key=lambda end: abs(2 * _width(title[:end]) - whole))
    return f"{title[:middle]}\n{title[middle:]}"


def _width(text: str) -> float:
    """Return the width of a text in characters; a digit is half of one."""
    return sum(1 if ord(character) > LATIN else 0.5 for character in text)


def month_words(facts: Mapping[str, Any]) -> str:
    """Return the month of a document as its title says it: without the year that the campaign's title has."""
    year, number = facts["period"].split("-")
    return f"{int(number)}月份" if year in facts["campaign_title"] else f"{year}年{int(number)}月份"


def _marked(titles: Mapping[str, str]) -> dict[str, Any]:
    """Number the annexes: one alone has no number."""
    numbers = dict(zip(titles, range(1, len(titles) + 1), strict=True))
    alone = len(titles) == 1
    lines = [
        {"mark": ("附件：" if place == 1 else "　　　") + ("" if alone else f"{place}. "), "title": titles[name]}
        for name, place in numbers.items()
    ]
    return {"attachments": lines, "marks": {name: f"附件{'' if alone else place}" for name, place in numbers.items()}}


def _bulletin(edition: Edition) -> dict[str, Any]:
    facts = edition.facts
    titles = _bulletin_titles(facts, has_changes=bool(edition.changes))
    return annexes_of(facts, has_changes=bool(edition.changes)) | {
        "addressees": facts["addressees"],
        "period_words": wording.month(facts["period"]),
        "number": facts["number"],
        "rows": [_bulletin_row(row) for row in facts["rows"]],
        "totals": _bulletin_row(facts["totals"]) | {"rank_word": "—"},
        "table_title": titles["table"],
        "table_note": note_of(facts),
        "chart_title": titles.get("chart", ""),
    }


def annexes_of(facts: Mapping[str, Any], *, has_changes: bool) -> dict[str, Any]:
    """Return the annexes of a bulletin, as its text lists them and as each is marked."""
    return _marked(_bulletin_titles(facts, has_changes=has_changes))


def note_of(facts: Mapping[str, Any]) -> str:
    """Return the note below the table of a bulletin."""
    return NOTE.format(carried=CARRIED.format(names="、".join(facts["carried"])) if facts["carried"] else "")


def _bulletin_titles(facts: Mapping[str, Any], *, has_changes: bool) -> dict[str, str]:
    titles = {"table": f"{facts['campaign_title']}{month_words(facts)}进展情况表"}
    if any(row["rank"] is not None for row in facts["rows"]):
        titles["chart"] = "各填报单位完成率（按台套计算）"
    return titles | ({"changes": CHANGES} if has_changes else {})


def _bulletin_row(row: Mapping[str, Any]) -> dict[str, Any]:
    shares = {"rate": share_words(row["rate"]), "enterprise_rate": share_words(row["enterprise_rate"])}
    # A template cannot ask for `items`: that is what a line of a list calls its own parts.
    return dict(row) | shares | {"dismantled": row["done"] - row["sealed"], "item_count": row["items"]}


def _closing(edition: Edition) -> dict[str, Any]:
    facts = edition.facts
    tables = {
        "units": "各填报单位报送和淘汰情况表",
        "filings": "各报送事项完成情况表",
        "industries": "分行业淘汰情况表",
        "open_items": "未完成淘汰装备清单",
    }
    rows = {
        "units": facts["units"],
        "filings": [dict(row) | {"due_date": wording.day(row["due_date"])} for row in facts["filings"]],
        "industries": [dict(zip(_INDUSTRY, row.values(), strict=True)) for row in facts["industries"]],
        "open_items": [dict(zip(_OPEN, _texts(row), strict=True)) for row in edition.lists["未完成清单"]],
    }
    titles = {name: title for name, title in tables.items() if rows[name]}
    marked = _marked(titles | ({"changes": CHANGES} if edition.changes else {}))
    totals = {"name": "合计", "due_date": "—"}
    return (
        marked
        | rows
        | {
            "titles": titles,
            "totals": facts["totals"],
            "filing_totals": facts["filing_totals"] | totals,
        }
    )


_INDUSTRY = ("industry", "enterprises", "item_count", "sets", "done", "dismantled", "sealed", "left_open")
_OPEN = (
    "unit_name", "county", "enterprise_name", "industry", "equip_name", "equip_model", "sets", "closure_status",
    "open_reason", "plan_date",
)  # fmt: skip


def _texts(row: Mapping[str, object]) -> list[object]:
    return ["" if value is None else value for value in row.values()]


def _corrections(edition: Edition) -> dict[str, Any]:
    return {
        "corrected": [
            {
                "heading": f"{one['document']}第{one['version']}版",
                "words": (
                    f"前一版数据截至{moment_words(one['before_as_of'])}，本版数据截至{moment_words(one['as_of'])}，"
                    f"变动{len(one['changes'])}项。"
                ),
                "changes": [change | {"by": change["by"] or "随其他数据变动"} for change in one["changes"]],
            }
            for one in edition.facts["corrected"]
        ]
    }


_OF_KIND = {
    DocumentKind.BULLETIN: _bulletin,
    DocumentKind.CLOSING: _closing,
    DocumentKind.CORRECTIONS: _corrections,
}
