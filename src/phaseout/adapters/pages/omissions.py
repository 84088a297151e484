"""The list of suspected omissions (疑似漏报) as a table that the office works through."""

from collections.abc import Mapping, Sequence

_COLUMNS = {
    "序号": "rank",
    "疑点": "signal_word",
    "填报单位": "unit_name",
    "行业": "industry_name",
    "企业名称": "enterprise_name",
    "统一社会信用代码": "uscc",
    "装备": "item",
    "理由": "reason",
    "核查要点": "look_at",
    "目录初判（仅供核查参考，不作为认定依据）": "judgement_word",
}
TO_FILL = ("核查情况", "核查结论")  # by hand


def omission_table(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the rows under the headers that people read, with room for what they find."""
    return [
        {**{header: row[name] or None for header, name in _COLUMNS.items()}, **dict.fromkeys(TO_FILL)} for row in rows
    ]
