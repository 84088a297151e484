"""Builds the warehouse's tables and views from the forms and from `data/sql`, and describes the marts."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

import duckdb

from phaseout.adapters.duckdb_warehouse.statements import SqlFolder, identifier, kept_fields
from phaseout.domain.form import Form
from phaseout.errors import UsageError

_COMMENT = re.compile(r"--\s*(?P<name>[a-z][a-z0-9_]*): (?P<words>.+)")
_FIELD = re.compile(r"\{(?P<form>[a-z0-9_]+)\.(?P<field>[a-z0-9_]+)\}")  # in a description: what the form calls it
_FORM_TABLE = "form/core_table"
_BUILT_FROM = ("warehouse/core", "form/core_table", "form/stage_rows")


class Undescribed(UsageError):
    """A mart's SQL file does not describe exactly the columns that its view has."""

    def __init__(self, table: str, columns: frozenset[str]) -> None:
        self.table = table
        self.columns = columns
        super().__init__(f"data/sql/mart/{table}.sql: comments and columns differ in {', '.join(sorted(columns))}")


class UnknownField(UsageError):
    """A description speaks of a field that no form has."""

    def __init__(self, form: str, field: str) -> None:
        self.form = form
        self.field = field
        super().__init__(f"a mart's description speaks of {form}.{field}, which is no field of a form")


def fingerprint(forms: Mapping[str, Form], sql: SqlFolder) -> str:
    """Return a hash over everything that the tables and views are made from."""
    digest = hashlib.sha256()
    for form in forms.values():
        digest.update(sql.of_form(_FORM_TABLE, form).encode())
        digest.update("; ".join(_comments(form)).encode())
        digest.update(repr(form.item_key).encode())
    for name in (*_BUILT_FROM, *sql.names("mart")):
        digest.update(sql.text(name).encode())
    return digest.hexdigest()


def builder(forms: Mapping[str, Form], sql: SqlFolder) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """Return what builds an empty warehouse."""

    def build(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("BEGIN")
        connection.execute(sql.text("warehouse/core"))
        for form in forms.values():
            connection.execute(sql.of_form(_FORM_TABLE, form))
            connection.execute("; ".join(_comments(form)))
        for name in sql.names("mart"):
            connection.execute(sql.text(name))
            _describe(connection, name.removeprefix("mart/"), sql.text(name), forms)
        connection.execute("INSERT INTO core.layout VALUES ($fingerprint)", {"fingerprint": fingerprint(forms, sql)})
        connection.execute("COMMIT")

    return build


def descriptions(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield column and description from the head of a mart's SQL file; the first line describes the view."""
    first, *others = text.splitlines()
    yield None, first.removeprefix("--").strip()
    for line in others:
        found = _COMMENT.fullmatch(line.strip())
        if found is None:
            return
        yield found["name"], found["words"]


def label_of(form: Form, name: str) -> str:
    """Return what a form calls a field: its labels over the years, the oldest first.

    Raises:
        UnknownField: the form has no such field.
    """
    labels = dict.fromkeys(field.full_label for field in (*form.head, *form.columns) if field.name == name)
    if not labels:
        raise UnknownField(form.id, name)
    return "、".join(labels)


def _comments(form: Form) -> Iterator[str]:
    table = f"core.{identifier(form.id)}"
    yield f"COMMENT ON TABLE {table} IS {_literal(_named(form))}"
    for field in kept_fields(form):
        yield f"COMMENT ON COLUMN {table}.{identifier(field.name)} IS {_literal(label_of(form, field.name))}"


def _named(form: Form) -> str:
    return f"{form.number} {form.title}" if form.number else form.title


def _with_labels(words: str, forms: Mapping[str, Form]) -> str:
    """Put what the forms call their fields into a description, such as 表2“主要产品/产能”."""

    def called(found: "re.Match[str]") -> str:
        form = forms.get(found["form"])
        if form is None:
            raise UnknownField(found["form"], found["field"])
        return f"{form.number or form.title}“{label_of(form, found['field'])}”"

    return _FIELD.sub(called, words)


def _describe(connection: duckdb.DuckDBPyConnection, table: str, text: str, forms: Mapping[str, Form]) -> None:
    described = [(column, _with_labels(words, forms)) for column, words in descriptions(text)]
    columns = connection.execute(f"DESCRIBE mart.{identifier(table)}").fetchall()
    differing = {name for name, *_ in columns} ^ {name for name, _ in described[1:] if name is not None}
    if differing:
        raise Undescribed(table, frozenset(differing))
    for position, (column, words) in enumerate(described):
        connection.execute(
            "INSERT INTO core.dictionary VALUES ($table, $column, $position, $words)",
            {"table": table, "column": column, "position": position, "words": words},
        )
    connection.execute("; ".join(_comment_on(table, column, words) for column, words in described))


def _comment_on(table: str, column: str | None, words: str) -> str:
    """Return a COMMENT statement, which takes no parameters; names and words are from our own files."""
    if column is None:
        return f"COMMENT ON VIEW mart.{identifier(table)} IS {_literal(words)}"
    return f"COMMENT ON COLUMN mart.{identifier(table)}.{identifier(column)} IS {_literal(words)}"


def _literal(words: str) -> str:
    return "'{}'".format(words.replace("'", "''"))
