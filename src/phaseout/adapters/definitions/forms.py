"""Reads the forms (报表) from their definitions, one file a form."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field as Value
from pydantic import model_validator

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, Locus, line_of, read_model
from phaseout.adapters.definitions.years import Dated
from phaseout.domain.form import Field, FieldType, Form, HeadRole, Layout
from phaseout.domain.years import Years

_TEXTS = frozenset({FieldType.TEXT, FieldType.CODE, FieldType.CHOICE})  # a later year may ask for one as another


class _Layout(Dated):
    version: str
    since: int
    title: str | None = None
    instructions: tuple[str, ...] | None = None


class _Field(Dated):
    name: str
    label: str
    type: FieldType
    required: bool = False
    group: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    synonyms: dict[str, str] = {}  # noqa: RUF012 - pydantic copies the default
    unit: str | None = None
    personal: bool = False
    free_text: bool = False
    width: int = 12
    help: str | None = None

    @model_validator(mode="after")
    def _synonyms_mean_choices(self) -> "_Field":
        if unknown := set(self.synonyms.values()) - set(self.choices):
            raise ValueError(f"synonyms mean what is no choice: {', '.join(sorted(unknown))}")
        return self

    def value(self) -> Field:
        words = {**self.words(), "synonyms": tuple(self.synonyms.items())}
        return Field(**words)  # type: ignore[arg-type]  # the same names, checked by the model


class _HeadField(_Field):
    role: HeadRole | None = None
    foot: bool = False


class _Column(_Field):
    merge_down: bool = False


class _Form(Definition):
    id: str
    number: str | None
    title: str
    title_aliases: tuple[str, ...] = ()
    layouts: tuple[_Layout, ...] = Value(min_length=1)
    head: tuple[_HeadField, ...]
    columns: tuple[_Column, ...]
    order: int
    item_key: tuple[str, ...]
    allows_zero: bool
    totals: tuple[str, ...]
    unit_hint: str | None = None
    instructions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_fit(self) -> "_Form":
        names = {field.name for field in (*self.head, *self.columns)}
        if unknown := {*self.item_key, *self.totals} - names:
            raise ValueError(f"item_key or totals name unknown fields: {', '.join(sorted(unknown))}")
        return self

    def value(self) -> Form:
        return Form(
            **dict(self)
            | {
                "layouts": tuple(_layouts(self.layouts)),
                "head": tuple(field.value() for field in self.head),
                "columns": tuple(field.value() for field in self.columns),
            }
        )


def _layouts(rows: Sequence[_Layout]) -> Iterator[Layout]:
    """Yield the layouts; one whose last year is not written ends where the next begins."""
    for row, following in itertools.zip_longest(rows, rows[1:]):
        until = row.until if row.until is not None or following is None else following.since - 1
        yield Layout(row.version, Years(row.since, until), row.title, row.instructions)


def load_forms(folder: Path) -> dict[str, Form]:
    """Return the forms of a folder by id, in their order.

    Raises:
        BadDefinition: a file is wrong, with its line; or the folder holds no form.
    """
    forms = [_load(path) for path in sorted(folder.glob("*.yaml"))]
    if not forms:
        raise BadDefinition(folder, 1, "there is no form in this folder")
    return {form.id: form for form in sorted(forms, key=lambda form: form.order)}


def _load(path: Path) -> Form:
    form = read_model(path, _Form).value()
    if form.id != path.stem:
        raise BadDefinition(path, 1, f"the form {form.id} belongs in {form.id}.yaml")
    for locus, wrong in (*_wrong_layouts(form), *_wrong_fields(form)):
        raise BadDefinition(path, line_of(path, locus), wrong)
    return form


def _wrong_layouts(form: Form) -> Iterator[tuple[Locus, str]]:
    """Yield what is wrong with the years and versions of the layouts, and where."""
    for position, (layout, following) in enumerate(itertools.pairwise(form.layouts), start=1):
        locus = ("layouts", position)
        if layout.years.until is None or following.years.since is None or layout.years.until >= following.years.since:
            yield locus, f"the layout {following.version} does not begin after the layout {layout.version} has ended"
        if following.version in {known.version for known in form.layouts[:position]}:
            yield locus, f"the layout {following.version} stands twice"


def _wrong_fields(form: Form) -> Iterator[tuple[Locus, str]]:
    """Yield what is wrong with fields over the years, and where."""
    known: dict[str, list[Field]] = {}
    begins, ends = ({getattr(layout.years, end) for layout in form.layouts} for end in ("since", "until"))
    for part, fields in (("head", form.head), ("columns", form.columns)):
        for position, field in enumerate(fields):
            locus = (part, position)
            earlier = known.setdefault(field.name, [])
            if field.years.since not in {None, *begins} or field.years.until not in {None, *ends}:
                yield locus, f"{field.name} changes in a year with which no layout begins or ends"
            if any(field.years.overlaps(one.years) for one in earlier):
                yield locus, f"{field.name} stands twice in one year"
            if any(not _kept_alike(field, one) for one in earlier):
                yield locus, f"{field.name} has another type over the years, or is personal or free text only in some"
            earlier.append(field)
    for position, name in enumerate(form.item_key):
        if any(name not in {field.name for field in layout.fields} for layout in form.by_layout):
            yield ("item_key", position), f"item_key: {name} does not stand in every layout"


def _kept_alike(field: Field, other: Field) -> bool:
    """Say whether one column of the warehouse holds both."""
    types = {field.type, other.type}
    flags = [(one.personal, one.free_text) for one in (field, other)]
    return (len(types) == 1 or types <= _TEXTS) and flags[0] == flags[1]
