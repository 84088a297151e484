"""The kinds of columns of the ledger: instants, words, counts, texts, the same in SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC; SQLite keeps no zone, so all its rows are in one."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant without a zone is not an instant"
            raise ValueError(msg)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A value of a closed set of words, kept as text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._members = {word.value: word for word in words}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - signature
        """Write the word's text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - signature
        """Return the word; text that is none of them is an error."""
        return None if value is None else self._members[value]


class Counts(TypeDecorator[dict[str, int]]):
    """Counts by name, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, int] | None, dialect: Dialect) -> str:  # noqa: ARG002 - signature
        """Write them in the order of their names: equal counts, equal text."""
        return json.dumps(dict(value or {}), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, int]:  # noqa: ARG002 - signature
        """Read them back."""
        counts: dict[str, int] = json.loads(value or "{}")
        return counts


class Texts(TypeDecorator[tuple[str, ...]]):
    """A few texts in order, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - signature
        """Write them as a list."""
        return json.dumps(list(value or ()), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 - signature
        """Read them back."""
        return tuple(json.loads(value or "[]"))
