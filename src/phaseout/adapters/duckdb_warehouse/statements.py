"""SQL files with their parameters, and the few names that a form's definition puts into them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from phaseout.domain.form import Field, FieldType, Form
from phaseout.errors import UsageError

_PARAMETER = re.compile(r"\$([a-z_]+)")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_QUERY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
# All that a judgement of equipment rests on, in the order of core.wording_id.
_WORDING = (
    "industry_key", "equip_name", "equip_model", "equip_params", "product", "process", "capacity", "capacity_unit",
    "commissioned",
)  # fmt: skip

SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.CODE: "VARCHAR",
    FieldType.CHOICE: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "DECIMAL(18, 4)",
    FieldType.DATE: "DATE",
    FieldType.MONTH: "VARCHAR",
    FieldType.FLAG: "BOOLEAN",
}


class NotAnIdentifier(UsageError):
    """A definition names a form or a field in a way that no table or column can be named."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name!r} cannot name a table or a column: small letters, digits and _ only")


class NoSuchStatement(UsageError):
    """A statement is asked for that no SQL file holds."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no SQL file {name}")


class MissingParameter(UsageError):
    """A statement asks for parameters that it was not given."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"no parameter {', '.join(names)}")


class SqlFolder:
    """The SQL files below one folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return the statement of `<name>.sql`.

        Raises:
            NoSuchStatement: there is no such file.
        """
        if name not in self._texts:
            path = self._folder / f"{name}.sql"
            if not _QUERY.fullmatch(name) or not path.is_file():
                raise NoSuchStatement(name)
            self._texts[name] = path.read_text(encoding="utf-8")
        return self._texts[name]

    def has(self, name: str) -> bool:
        """Say whether there is a `<name>.sql`."""
        return (self._folder / f"{name}.sql").is_file()

    def names(self, below: str) -> Sequence[str]:
        """Return the names of the files in a folder below, in order."""
        return tuple(f"{below}/{path.stem}" for path in sorted((self._folder / below).glob("*.sql")))

    def of_form(self, name: str, form: Form) -> str:
        """Return a statement about one form, with the form's names in it."""
        kept = kept_fields(form)
        return with_names(
            self.text(name),
            form=identifier(form.id),
            columns=_list(identifier(field.name) for field in kept),
            staged_columns=_list(f"staged.{identifier(field.name)}" for field in kept),
            column_types=_list(f"{identifier(field.name)} {SQL_TYPES[field.type]}" for field in kept),
            item_id=_item_id(form),
            wording_id=_wording_id(form),
            totals=", ".join(identifier(name) for name in form.totals),
        )


def kept_fields(form: Form) -> Sequence[Field]:
    """Return the fields that the warehouse keeps: none that is personal, and no free text."""
    return tuple(field for field in form.warehouse_fields if not field.free_text)


def identifier(name: str) -> str:
    """Return *name* if it may name a table or a column.

    Raises:
        NotAnIdentifier: it may not.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise NotAnIdentifier(name)
    return name


def with_names(text: str, **names: str) -> str:
    """Put names, all made by `identifier`, into the placeholders of a statement."""
    return _PLACEHOLDER.sub(lambda found: names[found[1]], text)


@cache
def parameters_of(text: str) -> frozenset[str]:
    """Return the names of the parameters that a statement asks for."""
    return frozenset(_PARAMETER.findall(text))


def bound(text: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that a statement asks for, out of those at hand.

    Raises:
        MissingParameter: one is not at hand.
    """
    wanted = parameters_of(text)
    absent = sorted(wanted - parameters.keys())
    if absent:
        raise MissingParameter(absent)
    return {name: parameters[name] for name in wanted}


def _list(parts: Iterable[str]) -> str:
    return ",\n    ".join(parts)


def _item_id(form: Form) -> str:
    if not form.item_key:
        return "NULL"
    return f"core.item_id([{', '.join(identifier(name) for name in form.item_key)}])"


def _wording_id(form: Form) -> str:
    if not {"industry_key", *(field.name for field in kept_fields(form))}.issuperset(_WORDING):
        return "NULL"
    return f"core.wording_id({', '.join(f'staged.{name}' for name in _WORDING)})"
