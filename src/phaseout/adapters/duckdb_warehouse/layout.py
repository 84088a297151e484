"""Builds the warehouse's tables and views from the forms and from `data/sql`, and describes the marts."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from phaseout.adapters.duckdb_warehouse.mart_heads import Head, head_of
from phaseout.adapters.duckdb_warehouse.statements import SqlFolder, identifier, kept_fields
from phaseout.domain.form import Form
from phaseout.errors import UsageError

_FIELD = re.compile(r"\{(?P<form>[a-z0-9_]+)\.(?P<field>[a-z0-9_]+)\}")  # in a description: what the form calls it
_MACRO = re.compile(r"^CREATE MACRO mart\.[a-z0-9_]+\((?P<parameters>[^)]*)\) AS TABLE", re.MULTILINE)
_FORM_TABLE = "form/core_table"
_FORM_AS_OF = "form/as_of"
_BUILT_FROM = ("warehouse/core", "warehouse/history", "form/core_table", _FORM_AS_OF, "form/stage_rows")

_DICTIONARY = pa.schema(
    [
        ("table", pa.string()),
        ("column", pa.string()),
        ("position", pa.int32()),
        ("words", pa.string()),
        ("asked_as", pa.string()),
        ("grain", pa.string()),
        ("key", pa.string()),
        ("type", pa.string()),
        ("is_key", pa.bool_()),
    ]
)


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
        connection.execute(sql.text("warehouse/history"))
        for form in forms.values():
            connection.execute(sql.of_form(_FORM_TABLE, form))
            connection.execute(sql.of_form(_FORM_AS_OF, form))
            connection.execute("; ".join(_comments(form)))
        for name in sql.names("mart"):
            connection.execute(sql.text(name))
        marts = [_mart(connection, name.removeprefix("mart/"), sql.text(name)) for name in sql.names("mart")]
        _describe(connection, marts, forms)
        connection.execute("INSERT INTO core.layout VALUES ($fingerprint)", {"fingerprint": fingerprint(forms, sql)})
        connection.execute("COMMIT")

    return build


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


@dataclass(frozen=True, slots=True)
class _Mart:
    """A view or a table macro of the marts, as its file tells it and as DuckDB made it."""

    table: str
    head: Head
    parameters: Sequence[str] | None  # None: a view
    types: Mapping[str, str]

    @property
    def asked_as(self) -> str:
        """Return what to write after FROM."""
        return f"mart.{self.table}" if self.parameters is None else f"mart.{self.table}({', '.join(self.parameters)})"


def _mart(connection: duckdb.DuckDBPyConnection, table: str, text: str) -> _Mart:
    macro = _MACRO.search(text)
    parameters = None if macro is None else tuple(name.strip() for name in macro["parameters"].split(","))
    given = "" if parameters is None else f"({', '.join('NULL' for _ in parameters)})"
    described = connection.execute(f"DESCRIBE FROM mart.{identifier(table)}{given}").fetchall()
    mart = _Mart(table, head_of(table, text), parameters, {name: kind for name, kind, *_ in described})
    _hold_to_head(mart)
    return mart


def _hold_to_head(mart: _Mart) -> None:
    """Refuse a head that tells of other columns or parameters than there are, or a key that is no column."""
    differing = (mart.types.keys() ^ mart.head.columns.keys()) | (set(mart.head.key) - mart.types.keys())
    differing |= set(mart.parameters or ()) ^ mart.head.parameters.keys()
    if differing:
        raise Undescribed(mart.table, frozenset(differing))


def _describe(connection: duckdb.DuckDBPyConnection, marts: Sequence[_Mart], forms: Mapping[str, Form]) -> None:
    rows = {mart.table: tuple(_dictionary_rows(mart, forms)) for mart in marts}
    told = [{"table": table, **row} for table, own in rows.items() for row in own]
    connection.register("incoming", pa.Table.from_pylist(told, schema=_DICTIONARY))
    connection.execute("INSERT INTO core.dictionary SELECT * FROM incoming")
    connection.unregister("incoming")
    connection.execute("; ".join(comment for mart in marts for comment in _comments_on(mart, rows[mart.table])))


def _dictionary_rows(mart: _Mart, forms: Mapping[str, Form]) -> Iterator[Mapping[str, object]]:
    head = mart.head
    asks_for = "".join(f" {name}: {words}." for name, words in head.parameters.items())
    yield {
        "column": None,
        "position": 0,
        "words": _with_labels(head.description, forms) + asks_for,
        "asked_as": mart.asked_as,
        "grain": head.grain,
        "key": ", ".join(head.key),
    }
    for position, (column, kind) in enumerate(mart.types.items(), start=1):
        words = _with_labels(head.columns[column], forms)
        yield {"column": column, "position": position, "words": words, "type": kind, "is_key": column in head.key}


def _comments_on(mart: _Mart, rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield COMMENT statements, which take no parameters; names and words are from our own files."""
    kind = "VIEW" if mart.parameters is None else "MACRO TABLE"
    whole, *columns = rows
    words = f"{whole['words']} Grain: {whole['grain']}. Key: {whole['key']}."
    yield f"COMMENT ON {kind} mart.{identifier(mart.table)} IS {_literal(words)}"
    for row in columns if mart.parameters is None else ():  # a macro's columns take no comment
        name = identifier(str(row["column"]))
        yield f"COMMENT ON COLUMN mart.{identifier(mart.table)}.{name} IS {_literal(str(row['words']))}"


def _literal(words: str) -> str:
    return "'{}'".format(words.replace("'", "''"))
