"""The auth string that the Prefect server asks of everybody: given by the settings, or made at the first start."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from phaseout.bootstrap.passwords import BadPassword, password_of
from phaseout.settings import Settings

USER = "office"


class BadAuthString(BadPassword):
    """The auth string of the Prefect server cannot be used."""

    whose = "Prefect's"


class NoColon(BadAuthString):
    """What is given is no pair of name and password."""

    def __init__(self) -> None:
        super().__init__(reason="write it as name:password")


def auth_file(settings: Settings) -> Path:
    """Return the file in which the auth string stands, unless the environment gives it."""
    return settings.prefect_auth_file or settings.home.resolve() / "prefect-auth"


def auth_string(settings: Settings) -> str:
    """Return the auth string; where none is given, make one and keep it in the home.

    Raises:
        BadAuthString: others may read its file, or it is no name:password.
    """
    file = auth_file(settings)
    if settings.prefect_auth is None and settings.prefect_auth_file is None:
        _make(file)
    auth = password_of(settings.prefect_auth, file, bad=BadAuthString)
    if auth is None or not all(auth.partition(":")):
        raise NoColon
    return auth


def _make(file: Path) -> None:
    """Write a new auth string into a file, unless there is one: whoever comes second reads what the first wrote."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as words:
        words.write(f"{USER}:{secrets.token_urlsafe(18)}\n")
    try:
        with suppress(FileExistsError):
            file.hardlink_to(draft)
    finally:
        draft.unlink()


def with_auth(env: Mapping[str, str], auth: str) -> dict[str, str]:
    """Return an environment in which Prefect's clients can show the auth string."""
    return {**env, "PREFECT_API_AUTH_STRING": auth}
