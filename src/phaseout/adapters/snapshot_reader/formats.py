"""Answers as CSV and Parquet, written as they come: ten million rows need no more memory than ten thousand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from phaseout.adapters.snapshot_reader.refusals import QueryRefused

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel knows that a file is UTF-8
_NO_FRACTION = r"\.0+$"


@dataclass(frozen=True, slots=True)
class Batches:
    """An answer as Arrow batches, read once and as they come."""

    schema: Any  # pyarrow has no types
    batches: Iterator[Any]


def batches_of(reader: Any, names: Sequence[str]) -> Batches:  # noqa: ANN401  as above
    """Return what a reader reads, its columns under these names."""
    schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    return Batches(schema, (pa.record_batch(batch.columns, schema=schema) for batch in _read(reader)))


def _read(reader: Any) -> Iterator[Any]:  # noqa: ANN401  as above
    try:
        yield from reader
    except (OSError, pa.ArrowException) as failed:  # so a value shows that the query cannot take, far down the answer
        raise QueryRefused(str(failed).strip()) from failed


def write_csv(answer: Batches, target: BinaryIO, *, has_mark: bool) -> None:
    """Write CSV in UTF-8: a header, texts in quotation marks, nothing between the commas where there is no value."""
    from pyarrow import csv  # noqa: PLC0415  one of two formats is asked for

    if has_mark:
        target.write(BYTE_ORDER_MARK)
    schema = pa.schema([pa.field(field.name, _as_csv(field.type)) for field in answer.schema])
    with csv.CSVWriter(target, schema) as writer:
        for batch in answer.batches:
            columns = [_column(column, field.type) for column, field in zip(batch.columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def write_parquet(answer: Batches, target: BinaryIO) -> None:
    """Write Parquet, compressed by zstd."""
    from pyarrow import parquet  # noqa: PLC0415  one of two formats is asked for

    with parquet.ParquetWriter(target, answer.schema, compression="zstd") as writer:
        for batch in answer.batches:
            writer.write_batch(batch)


def _as_csv(kind: Any) -> Any:  # noqa: ANN401  as above
    """Return the type as which a column goes into the file: what has no spelling of its own is a text."""
    is_plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    return kind if is_plain or pa.types.is_decimal(kind) or pa.types.is_date(kind) else pa.string()


def _column(column: Any, kind: Any) -> Any:  # noqa: ANN401  as above
    if column.type == kind:
        return column
    if pa.types.is_timestamp(column.type) or pa.types.is_time(column.type):
        return pc.replace_substring_regex(pc.cast(column, pa.string()), _NO_FRACTION, "")
    if pa.types.is_dictionary(column.type) or pa.types.is_large_string(column.type):
        return pc.cast(column, kind)
    return pa.array([None if value is None else str(value) for value in column.to_pylist()], kind)
