"""The Chinese words for the marts' tables and columns (数据字典), as the office may change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TableWords:
    """What a table of the marts is called, what it holds, and what each column means."""

    title: str
    about: str
    columns: Mapping[str, str]
    is_internal: bool = False  # for the office's own eyes


def read_words(path: Path) -> dict[str, TableWords]:
    """Return the words of each table.

    A column that many tables have is told once, under `common`; `like` takes over what another table tells.
    """
    import yaml  # noqa: PLC0415  only one page asks

    told = yaml.safe_load(path.read_text("utf-8"))
    tables = told["tables"]

    def own_columns(name: str) -> dict[str, str]:
        table = tables[name]
        known = own_columns(table["like"]) if "like" in table else told["common"]
        return {**known, **(table.get("columns") or {})}

    return {
        name: TableWords(
            title=table["title"],
            about=table["about"],
            columns=own_columns(name),
            is_internal=table.get("internal", False),
        )
        for name, table in tables.items()
    }
