"""Why `serve` does not start: broken pins, a binding that others could reach, no room on disk."""

import ipaddress
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from phaseout.cli.service import PartName
from phaseout.errors import UsageError
from phaseout.settings import Settings

# What Prefect's own metadata admits and breaks with; each broke once without a word in its log.
BREAKS = {
    "prefect": "the flows and deployments were tried with that one",
    "fastapi": "with others the Prefect server takes no deployment, or does not start",
    "sqlalchemy": "with others the Prefect server schedules no run, and says nothing",
}
PROXY = "for others on the network set up a reverse proxy with TLS in front of it (docs/how-to/let-staff-reach-it.md)"
# Prefect's own variable; a person who set it expects it to be heeded.
PREFECT_HOST = "PREFECT_SERVER_API_HOST"
LEAST_ROOM = 200 << 20


class BrokenPin(UsageError):
    """A package is installed in a version with which the service does not work."""

    def __init__(self, *, name: str, installed: str, asked: str) -> None:
        super().__init__(
            f"{name} {installed} is installed, and {asked} is needed ({BREAKS[name]}); "
            "install what requirements.lock says: make setup"
        )


class UnsafeBinding(UsageError):
    """The service would be reachable from other machines, with one password in the clear."""

    def __init__(self, *, where: str, host: str) -> None:
        super().__init__(f"{where} {host!r}: only this machine's own addresses such as 127.0.0.1 are safe; {PROXY}")


class NoRoom(UsageError):
    """The disk on which the home lies is full."""

    def __init__(self, *, home: Path, free: int) -> None:
        super().__init__(
            f"only {free >> 20} MB are free on the disk of {home}; a start wants {LEAST_ROOM >> 20} MB at least"
        )


class NotTheOffice(UsageError):
    """A machine beside the one that holds the warehouse is to serve more than its worker."""

    def __init__(self) -> None:
        super().__init__(
            "this machine holds no warehouse (PHASEOUT_HOLDS_WAREHOUSE=false): serve its worker alone, "
            "`phaseout serve --only worker`; server and board run on the machine that does"
        )


def require_worker_alone(settings: Settings, only: Sequence[PartName]) -> None:
    """Make sure that a machine without the warehouse serves nothing but a worker.

    Raises:
        NotTheOffice: it would.
    """
    if not settings.holds_warehouse and set(only) != {PartName.WORKER}:
        raise NotTheOffice


def require_pins(asked: Iterable[str] | None = None, *, installed: Callable[[str], str] = metadata.version) -> None:
    """Make sure that what Prefect breaks with is installed as this project asks for it.

    Raises:
        BrokenPin: it is not.
    """
    for one in map(Requirement, metadata.requires("phaseout") or () if asked is None else asked):
        if one.name in BREAKS and not one.specifier.contains(version := installed(one.name), prereleases=True):
            raise BrokenPin(name=one.name, installed=version, asked=f"{one.name}{one.specifier}")


def require_loopback(host: str, *, environ: Mapping[str, str]) -> None:
    """Make sure that nobody outside of this machine can reach the service.

    Raises:
        UnsafeBinding: --host or Prefect's own variable names an address of the network.
    """
    for where, name in (("--host", host), (PREFECT_HOST, environ.get(PREFECT_HOST, host))):
        if not _is_loopback(name):
            raise UnsafeBinding(where=where, host=name)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def require_room(home: Path, *, least: int = LEAST_ROOM) -> None:
    """Make sure that the disk has room for a start.

    Raises:
        NoRoom: it has not.
    """
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    if free < least:
        raise NoRoom(home=home, free=free)
