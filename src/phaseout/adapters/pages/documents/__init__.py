"""Documents (公文) as Word files and workbooks, from the templates of the office."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from phaseout.adapters.pages.documents.fields import GROUPS, BadTemplate, Fields, NoKind, check_template, known_fields
from phaseout.adapters.pages.documents.sections import sections_of
from phaseout.adapters.pages.documents.sheets import workbook_of
from phaseout.adapters.pages.documents.wordings import fields_of, title_of
from phaseout.adapters.pages.files import inside, write_whole
from phaseout.domain.document import DOCUMENT_WORDS, DocumentKind, Edition
from phaseout.ports import Documents, Made

# Where each kind lies below the folder for published files.
_PLACES = {
    DocumentKind.BULLETIN: "bulletins",
    DocumentKind.SUMMARY: "summary",
    DocumentKind.FINAL: "final",
    DocumentKind.CLOSING: "reports",
    DocumentKind.CORRECTIONS: "reports",
}


class FileDocuments(Documents):
    """Documents as files below *folder*; a template of the office in *own* wins over the standard one."""

    def __init__(self, folder: Path, *, templates: Path, own: Path, is_replay: bool = False) -> None:
        self._folder = folder
        self._templates = templates
        self._own = own
        self._is_replay = is_replay

    def make(self, edition: Edition) -> Made:
        """Return the files of an edition; with the standard template where the office's own cannot be used."""
        place = f"{_PLACES[edition.kind]}/{edition.campaign}-{_name(edition)}-第{edition.version}版"
        files = {f"{place}.xlsx": workbook_of(edition, is_replay=self._is_replay)}
        notes: tuple[str, ...] = ()
        if (self._templates / f"{edition.kind}.docx").exists():
            files[f"{place}.docx"], notes = self._word(edition)
        return Made(files, notes)

    def missing(self, names: Collection[str]) -> Collection[str]:
        """Return those names under which no file lies."""
        return [name for name in names if not inside(self._folder, name).exists()]

    def keep(self, files: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Put files in their places, each whole or not at all; return where they lie."""
        return tuple(write_whole(inside(self._folder, name), raw) for name, raw in files.items())

    def paths(self, names: Collection[str]) -> tuple[Path, ...]:
        """Return where files of these names lie."""
        return tuple(inside(self._folder, name) for name in names)

    def check(self, template: Path, *, kind: DocumentKind | None) -> None:
        """Stop when a template cannot be used for a kind of document; without a kind, that of its name.

        Raises:
            BadTemplate: it says which fields are missing or unknown, or why the file cannot be read.
            NoKind: no template is of that kind.
        """
        named = kind or next((one for one in DocumentKind if template.stem == one), None)
        if named is None or named not in GROUPS:
            raise NoKind(template.name, kind=kind)
        check_template(template.name, template.read_bytes(), self.fields(named))

    def fields(self, kind: DocumentKind) -> Fields:
        """Return the fields that a template of a kind may use."""
        return known_fields(self._templates, kind)

    def _word(self, edition: Edition) -> tuple[bytes, tuple[str, ...]]:
        standard, own = self._templates / f"{edition.kind}.docx", self._own / f"{edition.kind}.docx"
        facts = self._facts(edition)
        if not own.exists():
            return _filled(standard, edition, facts), ()
        try:
            return self._filled_own(own, edition, facts), ()
        except BadTemplate as error:
            note = f"本单位模板{own.name}不能使用，已改用标准模板：{error.reason}"
            return _filled(standard, edition, facts), (note,)

    def _filled_own(self, template: Path, edition: Edition, facts: Mapping[str, Any]) -> bytes:
        from lxml.etree import XMLSyntaxError  # noqa: PLC0415  of the office's own templates alone

        check_template(template.name, template.read_bytes(), self.fields(edition.kind))
        try:
            return _filled(template, edition, facts)
        except (TemplateError, XMLSyntaxError) as error:
            # All fields are there, and one stands where the engine can make nothing of it.
            raise BadTemplate(template.name, reason="字段标记所在位置不对，无法填写；请对照标准模板放置") from error

    def _facts(self, edition: Edition) -> dict[str, Any]:
        told = {**edition.facts, "as_of": edition.as_of}
        sections = sections_of(self._templates / "text", edition.kind, told)
        facts = fields_of(edition, sections, is_replay=self._is_replay)
        if edition.kind is DocumentKind.BULLETIN:
            facts["picture"] = _picture(edition)
        return facts


def _filled(template: Path, edition: Edition, facts: Mapping[str, Any]) -> bytes:
    from phaseout.adapters.pages.documents.word import filled  # noqa: PLC0415  loaded when a document is written

    title = title_of(edition)
    return filled(template.read_bytes(), facts, title=title, author=facts["office_body"], as_of=edition.as_of)


def _name(edition: Edition) -> str:
    return edition.period or DOCUMENT_WORDS[edition.kind]


def _picture(edition: Edition) -> bytes | None:
    rows: Any = edition.facts["rows"]
    totals: Any = edition.facts["totals"]
    if all(row["rank"] is None for row in rows):
        return None
    from phaseout.adapters.pages.documents.chart import completion_picture  # noqa: PLC0415  as above

    return completion_picture(rows, overall=totals["rate"])


__all__ = ["BadTemplate", "FileDocuments", "NoKind", "check_template", "title_of"]
