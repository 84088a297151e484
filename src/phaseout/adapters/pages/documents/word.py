"""Word files from templates (公文模板): filled, and the same bytes for the same facts."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day that a packed file can bear
PICTURE_WIDTH = 150  # mm: what lies between the margins of the text


def filled(template: bytes, facts: Mapping[str, Any], *, title: str, author: str, as_of: datetime) -> bytes:
    """Return a template with its fields filled in; *facts* may hold a PNG as `picture`."""
    from docx.shared import Mm  # noqa: PLC0415  loaded when a document is asked for
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415  as above

    document = DocxTemplate(io.BytesIO(template))
    picture = facts.get("picture")
    shown = InlineImage(document, io.BytesIO(picture), width=Mm(PICTURE_WIDTH)) if picture else ""
    document.render({**facts, "picture": shown}, autoescape=True)
    _set_properties(document, title=title, author=author, as_of=as_of)
    buffer = io.BytesIO()
    document.save(buffer)
    return repacked(buffer.getvalue())


def _set_properties(document: "DocxTemplate", *, title: str, author: str, as_of: datetime) -> None:
    properties = document.docx.core_properties
    moment = as_of.replace(tzinfo=None, microsecond=0)
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = moment
    properties.revision, properties.comments, properties.keywords = 1, "", ""


def repacked(raw: bytes) -> bytes:
    """Return a packed file without the times at which its parts were packed: same parts, same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            target.writestr(part, source.read(name))
    return buffer.getvalue()
