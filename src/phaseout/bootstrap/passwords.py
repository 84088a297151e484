"""Where a password comes from: the environment, or a file that nobody else may read."""

import stat
from pathlib import Path

from pydantic import SecretStr

from phaseout.errors import UsageError


class BadPassword(UsageError):
    """There is no password that may be used; it is never repeated."""

    whose = "the"

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"{self.whose} password: {reason}")


def password_of(given: SecretStr | None, file: Path | None, *, bad: type[BadPassword]) -> str | None:
    """Return the password that the settings give or name; None if they do neither.

    Raises:
        BadPassword: others may read the file, or it holds no password.
    """
    if given is None and file is None:
        return None
    password = (given.get_secret_value() if given is not None else _from_file(file, bad)).strip()
    if not (password and password.isascii() and password.isprintable()):
        raise bad(reason="it is empty or holds other signs than an authorization code does")
    return password


def _from_file(path: Path | None, bad: type[BadPassword]) -> str:
    assert path is not None  # noqa: S101  one of the two is given
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) or mode & 0o077:
            raise bad(reason=f"others may read {path}; chmod 600 {path}")
        return path.read_text("ascii", "replace")
    except OSError as error:
        raise bad(reason=f"{path}: {error.strerror}") from error
