"""Writes `docs/reference/document-fields.md` from the data: `.venv/bin/python -m tools.document_fields_page`."""

from collections.abc import Iterator

from phaseout.adapters.pages.documents.fields import GROUPS, Fields, known_fields
from phaseout.settings import PROJECT

PAGE = PROJECT / "docs" / "reference" / "document-fields.md"
FOLDER = PROJECT / "data" / "documents"
HEAD = """\
# Fields of the Word templates (公文模板字段)

The standard templates lie in `data/documents/`.
A copy under the same name in `documents/` of the home wins over the standard one; change it in Word as you like.
A field is written `{{ title }}`; in a list, a line's own fields follow its name, as `{{ row.unit_name }}` between
`{%tr for row in rows %}` and `{%tr endfor %}`, each in a table row of its own (`{%p … %}` for paragraphs).
`phaseout documents check FILE.docx` says which fields are missing or unknown.
While the office's own template cannot be used, the standard one stands in and the command says why.
"""
TITLES = {"bulletin": "情况通报", "closing": "工作总结", "corrections": "更正说明"}
FOOT = """
This page is made from `data/documents/fields.yaml` by `.venv/bin/python -m tools.document_fields_page`;
a test holds it to that. The templates themselves are made by `.venv/bin/python -m tools.make_document_templates`.
"""


def page() -> str:
    """Return the page's text."""
    return HEAD + "".join(_of_kind(kind) for kind in GROUPS) + FOOT


def _of_kind(kind: str) -> str:
    rows = "".join(_rows(known_fields(FOLDER, kind)))
    return f"\n## {TITLES[kind]} (`{kind}.docx`)\n\n| field | 含义 | required |\n|---|---|---|\n{rows}"


def _rows(fields: Fields, before: str = "") -> Iterator[str]:
    for name, field in fields.items():
        yield f"| `{before}{name}` | {field['is']} | {'yes' if field.get('required') else ''} |\n"
        yield from _rows(field.get("each", {}), f"{before}{name}.")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
