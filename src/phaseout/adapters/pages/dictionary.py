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
    """Return the words of each table; a column that many tables have is said once, under `common`."""
    import yaml  # noqa: PLC0415  only one page asks

    told = yaml.safe_load(path.read_text("utf-8"))
    common = told["common"]
    return {
        name: TableWords(
            title=table["title"],
            about=table["about"],
            columns=common | (table.get("columns") or {}),
            is_internal=table.get("internal", False),
        )
        for name, table in told["tables"].items()
    }
