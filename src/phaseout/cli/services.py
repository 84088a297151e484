"""What runs as processes: `replay` and `serve`. Flows and servers are started, never imported."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from phaseout.cli.service import PartName
from phaseout.settings import Settings

Port = Annotated[int, typer.Option("--port", help="Where the Prefect server listens on this machine.")]


def replay(
    campaign: Annotated[str, typer.Argument(metavar="[CAMPAIGN]")] = "jiangsu-2022",
    *,
    seed: Annotated[int, typer.Option("--seed", help="Which cities misbehave.")] = 1,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Stop after this day.")] = None,
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="PHASEOUT_HOME if not given.")] = None,
) -> None:
    """Run a whole campaign year on invented cities, through the real flows and real mail on loopback."""
    from phaseout.cli.replaying import replay_in  # noqa: PLC0415

    folder = (home or Settings().home).resolve()
    steps = replay_in(folder, campaign=campaign, seed=seed, until=until)
    from phaseout.cli.closing import closing_words  # noqa: PLC0415

    closing_words(folder, campaign=campaign, steps=steps, until=until)


def serve(
    *,
    port: Port = 4200,
    board_port: Annotated[int, typer.Option("--board-port", help="Where the board is shown on this machine.")] = 4280,
    host: Annotated[
        str, typer.Option("--host", help="This machine's own address; one that others can reach is refused.")
    ] = "127.0.0.1",
    only: Annotated[
        list[PartName] | None, typer.Option("--only", help="Serve this part alone; may be repeated.")
    ] = None,
) -> None:
    """Run Prefect server, worker, deployments and board on this machine, and keep them up; Ctrl-C stops them."""
    from phaseout.cli.service.office import Office  # noqa: PLC0415
    from phaseout.cli.serving import serve_in  # noqa: PLC0415

    serve_in(Office(settings=Settings(), host=host, port=port, board_port=board_port), only=only or ())


COMMANDS: dict[str, Callable[..., Any]] = {"replay": replay, "serve": serve}
