"""The workbook of a document: its figures as sheets, each with the day to which they run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from phaseout.adapters.pages.documents.wordings import title_of
from phaseout.adapters.pages.tables import Sheet, book
from phaseout.domain.document import DOCUMENT_WORDS, DocumentKind, Edition
from phaseout.domain.document_words import moment_words
from phaseout.domain.shares import share_words

_BULLETIN = {
    "rank_word": "排名",
    "unit_name": "填报单位",
    "enterprises": "排查企业数",
    "outdated_enterprises": "存在落后装备企业数",
    "items": "落后装备项数",
    "sets": "落后装备台（套）数",
    "done_this_month": "本月完成",
    "done": "累计完成",
    "dismantled": "其中拆除",
    "sealed": "其中封存",
    "inspected": "通过验收",
    "rate": "完成率（按台套）",
    "enterprise_rate": "完成率（按企业）",
    "filing": "本月报送",
    "returns": "退回件次",
    "overdue_items": "超计划时限项数",
}
_CHANGE = {"place": "单位（事项）", "figure": "数据项", "before": "更正前", "after": "更正后", "by": "变动依据"}
REPLAY = "回放演练（虚构数据）。"


def workbook_of(edition: Edition, *, is_replay: bool) -> bytes:
    """Return the .xlsx of an edition; same edition, same bytes."""
    note = f"{REPLAY if is_replay else ''}第{edition.version}版，数据截至{moment_words(edition.as_of)}。"
    return book([Sheet(name, title, rows, note) for name, title, rows in _sheets(edition)])


def _sheets(edition: Edition) -> Iterator[tuple[str, str, Sequence[Mapping[str, object]]]]:
    title = title_of(edition)
    if edition.kind is DocumentKind.BULLETIN:
        yield "进展情况表", title, _bulletin(edition.facts)
    if edition.kind is DocumentKind.CORRECTIONS:
        yield "更正说明", title, list(_all_changes(edition.facts))
        return
    for name, rows in edition.lists.items():
        yield name, title if name == DOCUMENT_WORDS[edition.kind] else f"{title}：{name}", rows
    if edition.changes:
        yield "更正说明", f"{title}：较上一版更正的数据", [_change(asdict(change)) for change in edition.changes]


def _bulletin(facts: Mapping[str, Any]) -> list[dict[str, object]]:
    return [_row(row) for row in facts["rows"]] + [_row(facts["totals"]) | {"排名": "—"}]


def _row(row: Mapping[str, Any]) -> dict[str, object]:
    shares = {"rate": share_words(row["rate"]), "enterprise_rate": share_words(row["enterprise_rate"])}
    values = {**row, **shares, "dismantled": row["done"] - row["sealed"]}
    return {label: values[name] for name, label in _BULLETIN.items()}


def _change(change: Mapping[str, object]) -> dict[str, object]:
    return {label: change[name] or ("随其他数据变动" if name == "by" else "") for name, label in _CHANGE.items()}


def _all_changes(facts: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for one in facts["corrected"]:
        for change in one["changes"]:
            yield {"文件": one["document"], "版次": f"第{one['version']}版"} | _change(change)
