"""Where the flow-run server (调度服务) of a home listens, for whoever looks from outside of its environment."""

import os
from contextlib import suppress
from pathlib import Path

from phaseout.adapters.health import files

KNOWN = Path("health", "server.json")
USUAL_API = "http://127.0.0.1:4200/api"


def server_address(home: Path) -> str | None:
    """Return the flow-run server's address: as the environment has it, as it was last, or as it usually is."""
    given = os.environ.get("PREFECT_API_URL")
    known = (files.read(home / KNOWN) or {}).get("api")
    return given or known or (USUAL_API if (home / "prefect-auth").exists() else None)


def remember_server(home: Path) -> None:
    """Keep the address that the environment names, for whoever looks without it."""
    given = os.environ.get("PREFECT_API_URL")
    if given and (files.read(home / KNOWN) or {}).get("api") != given:
        with suppress(OSError):  # a disk that takes no more is noticed by itself
            files.write(home / KNOWN, {"api": given})
