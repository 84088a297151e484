"""Words that only a person can have written (人名、电话、邮箱、备注), invented, and where they must never turn up."""

import io
import re
import zipfile

import duckdb
import pyarrow.parquet as pq

from phaseout.domain.form import FieldType
from tests.unit.usecases import papers

NAME = "金丝雀"
PHONE, MAILBOX = "13955550142", "jinsique@canary.example"
MARKS = re.compile("金丝雀|1395555|jinsique|canary")
_COLUMNS = """
    SELECT schema_name, table_name, list(column_name)
    FROM duckdb_columns()
    WHERE NOT internal
    GROUP BY ALL
"""


def value_of(field):
    """Return what a person would write into a field."""
    if field.type is FieldType.CODE:
        return PHONE
    return MAILBOX if field.name == "email" else f"{NAME}{field.name}"


def people_of(fields):
    return {field.name: value_of(field) for field in fields if field.personal or field.free_text}


def told_by_people(form, head, rows, **how):
    """Return a form as `papers.workbook` does, with every personal and every free field filled in."""
    known = papers.forms()[form]
    own = [{**row, **people_of(known.columns)} for row in rows]
    return WORKBOOK(form, {**head, **people_of(known.head)}, own, **how)


WORKBOOK = papers.workbook


def found_in_database(path):
    """Return how many columns were read, and where a mark stands: tables and views, or the file if in its bytes."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(_COLUMNS).fetchall()
        found = [f"{schema}.{table}" for schema, table, columns in tables if _holds(connection, schema, table, columns)]
    return sum(len(columns) for *_, columns in tables), found + found_in_bytes(path.read_bytes(), path.name)


def _holds(connection, schema, table, columns):
    told = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in columns)
    text = f'SELECT count(*) FROM "{schema}"."{table}" WHERE regexp_matches(concat_ws(chr(10), {told}), $marks)'  # noqa: S608  names from the database itself
    return connection.execute(text, {"marks": MARKS.pattern}).fetchall() != [(0,)]


def found_in_parquet(path):
    table = pq.ParquetFile(path).read()
    told = f"{table.schema}{table.to_pylist()}"
    return found_in_bytes(path.read_bytes(), path.name) + found_in_bytes(told.encode(), f"{path.name}, decoded")


def found_in_book(path):
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        return [hit for name in parts.namelist() for hit in found_in_bytes(parts.read(name), f"{path.name}/{name}")]


def found_in_bytes(content, name):
    marks = MARKS.search(content.decode("utf-8", "ignore")) or MARKS.search(content.decode("utf-16-le", "ignore"))
    return [name] if marks else []
