"""The fields of the Word templates (公文模板), and what of them a template lacks or makes up."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import yaml
from jinja2 import Environment, TemplateSyntaxError, nodes

from phaseout.errors import OperatorError, UsageError

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

# Which groups of fields a template may use, by its name.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "bulletin": ("common", "annexes", "bulletin"),
    "closing": ("common", "annexes", "closing"),
    "corrections": ("common", "corrections"),
}
REMEDY = "请在Word中删去该标记，重新一次性输入"
SHOWN = 40  # characters of a tag that is named
_OPEN_TAG = re.compile(r"\{[{%](?:(?!\{[{%]|[}%]\}).)*(?=\{[{%]|$)")
Fields = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A field that a template lacks, or that nothing is known of."""

    field: str
    is_missing: bool
    meaning: str

    @property
    def words(self) -> str:
        """What is wrong, in words."""
        return f"缺少字段{self.field}（{self.meaning}）" if self.is_missing else f"字段{self.field}没有定义"


class BadTemplate(OperatorError):
    """A Word template cannot be used as it stands."""

    def __init__(self, name: str, *, reason: str, faults: tuple[FieldFault, ...] = ()) -> None:
        self.name = name
        self.reason = reason
        self.faults = faults
        super().__init__(f"{name}: {reason}")


class NoKind(UsageError):
    """A template is for no kind of document that has one."""

    def __init__(self, name: str, *, kind: str | None) -> None:
        self.name = name
        self.kind = kind
        super().__init__(f"{name}: {kind or 'its name'} is no kind of document; name one of {', '.join(GROUPS)}")


def known_fields(folder: Path, kind: str) -> Fields:
    """Return the fields that a template of a kind may use, by name."""
    groups = yaml.safe_load((folder / "fields.yaml").read_text("utf-8"))
    return {name: field for group in GROUPS[kind] for name, field in groups[group].items()}


def check_template(name: str, raw: bytes, fields: Fields) -> None:
    """Stop when a template cannot be read, lacks a field that it must have, or names one that there is not.

    Raises:
        BadTemplate: it says which.
    """
    used = frozenset(_used(_parsed(name, _text_of(name, raw))))
    faults = (*_unknown(used, fields), *_missing(used, fields))
    if faults:
        raise BadTemplate(name, reason="；".join(fault.words for fault in faults), faults=faults)


def _text_of(name: str, raw: bytes) -> str:
    """Return what the template engine reads: body, headers and footers, fields that Word has split put together."""
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415  loaded when a template is looked at
    from docxtpl import DocxTemplate  # noqa: PLC0415  as above
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415  as above

    try:
        template = DocxTemplate(io.BytesIO(raw))
        template.init_docx()
        _stop_at_open_tag(name, template)
        parts = [template.get_xml()]
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            parts += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
        return "".join(template.patch_xml(part) for part in parts)
    except (BadZipFile, PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise BadTemplate(name, reason="不是Word文档（.docx），或者文件已经损坏") from error


def _stop_at_open_tag(name: str, template: "DocxTemplate") -> None:
    """Stop at a tag that its paragraph does not close: the engine would read on to the end of another one."""
    from docx.oxml.ns import qn  # noqa: PLC0415  as above

    for paragraph in template.docx.element.body.iter(qn("w:p")):
        words = "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        if found := _OPEN_TAG.search(words):
            near = found[0][:SHOWN]
            raise BadTemplate(name, reason=f"字段标记没有写完整，在“{near}”附近；{REMEDY}")


def _parsed(name: str, text: str) -> nodes.Template:
    try:
        return Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        near = _near(text, error.lineno)
        reason = f"字段标记写法有误，在“{near}”附近；{REMEDY}"
        raise BadTemplate(name, reason=reason) from error


def _near(text: str, line: int) -> str:
    """Return the tags of the line that the engine stumbled over."""
    lines = text.splitlines()
    tags = re.findall(r"\{[{%#].*?[}%#]\}", lines[min(line, len(lines)) - 1] if lines else "")
    return tags[-1][:SHOWN] if tags else "正文"


def _used(template: nodes.Template) -> Iterator[str]:
    """Yield the fields that a template names, those of a list's lines with the list's name before them."""
    yield from _names(template, {})


def _names(node: nodes.Node, lists: Mapping[str, str]) -> Iterator[str]:
    match node:
        case nodes.For():
            path = _path(node.iter, lists)
            yield from _names(node.iter, lists)
            inner = {**lists, node.target.name: path} if isinstance(node.target, nodes.Name) and path else lists
            for child in (*node.body, *node.else_):
                yield from _names(child, inner)
        case nodes.Getattr() | nodes.Name() if path := _path(node, lists):
            yield path
        case _:
            for child in node.iter_child_nodes():
                yield from _names(child, lists)


def _path(node: nodes.Node, lists: Mapping[str, str]) -> str:
    match node:
        case nodes.Name(name="loop"):
            return ""
        case nodes.Name():
            return lists.get(node.name, node.name)
        case nodes.Getattr() if before := _path(node.node, lists):
            return f"{before}.{node.attr}"
    return ""


def _unknown(used: frozenset[str], fields: Fields) -> Iterator[FieldFault]:
    known = set(_paths(fields))
    for name in sorted(used - known):
        yield FieldFault(name, is_missing=False, meaning="")


def _missing(used: frozenset[str], fields: Fields) -> Iterator[FieldFault]:
    for name, field in _paths(fields).items():
        if field.get("required") and not any(one == name or one.startswith(f"{name}.") for one in used):
            yield FieldFault(name, is_missing=True, meaning=str(field["is"]))


def _paths(fields: Fields, before: str = "") -> dict[str, Mapping[str, Any]]:
    """Return every field by its path, such as rows.unit_name."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, field in fields.items():
        found[f"{before}{name}"] = field
        found |= _paths(field.get("each", {}), f"{before}{name}.")
    return found
