"""How text goes to PostgreSQL, which takes any character but NUL."""

from psycopg.abc import Buffer
from psycopg.adapt import Dumper


class TextDumper(Dumper):
    """Writes a stranger's NUL as the sign for what cannot be shown: one mail must not stop all others."""

    def dump(self, obj: str) -> Buffer | None:
        """Return the text's bytes."""
        return obj.replace("\0", "\ufffd").encode()
