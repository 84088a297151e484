"""Reads the forms (报表) from their definitions, one file a form."""

from pathlib import Path

from pydantic import model_validator

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, read_model
from phaseout.domain.form import Field, FieldType, Form, HeadRole


class _Field(Definition):
    name: str
    label: str
    type: FieldType
    required: bool = False
    group: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unit: str | None = None
    personal: bool = False
    free_text: bool = False
    width: int = 12
    help: str | None = None

    def value(self) -> Field:
        return Field(**dict(self))


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
    layout_version: str
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
        names = [field.name for field in (*self.head, *self.columns)]
        if double := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a field name stands twice: {', '.join(double)}")
        if unknown := {*self.item_key, *self.totals} - set(names):
            raise ValueError(f"item_key or totals name unknown fields: {', '.join(sorted(unknown))}")
        return self

    def value(self) -> Form:
        return Form(
            **dict(self)
            | {
                "head": tuple(field.value() for field in self.head),
                "columns": tuple(field.value() for field in self.columns),
            }
        )


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
    return form
