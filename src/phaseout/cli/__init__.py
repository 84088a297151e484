"""The command line: one pass of each use case, and the services, started as processes."""

import sys

import typer

from phaseout.cli import (
    acts,
    backups,
    campaigns,
    catalogue,
    contacts,
    documents,
    evidence,
    health,
    intake,
    leave,
    office,
    papers,
    plans,
    services,
    views,
    visits,
)
from phaseout.errors import PhaseoutError, TransientError

app = typer.Typer(
    name="phaseout",
    help="Runs a yearly campaign to phase out outdated production equipment.",
    epilog=(
        "Exit codes: 0 done (also with nothing to do), 1 findings, 2 usage or unreadable input, "
        "3 an outside system is unavailable."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, campaign_command in plans.CAMPAIGN_COMMANDS.items():
    campaigns.app.command(name)(campaign_command)
for name, letters_command in backups.OF_LETTERS.items():
    acts.letters.command(name)(letters_command)
app.add_typer(campaigns.app, name="campaign")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(acts.letters, name="letters")
app.add_typer(leave.waivers, name="waivers")
app.add_typer(leave.exemptions, name="exemptions")
app.add_typer(papers.paper, name="paper")
app.add_typer(visits.visits, name="visits")
app.add_typer(intake.deliveries, name="deliveries")
app.add_typer(intake.quarantine, name="quarantine")
app.add_typer(evidence.evidence, name="evidence")
app.add_typer(contacts.contacts, name="contacts")
app.add_typer(documents.documents, name="documents")
for module in (office, views, acts, leave, visits, services, backups, health):
    for name, command in module.COMMANDS.items():
        app.command(name)(command)

USAGE, UNAVAILABLE = 2, 3


def main() -> None:
    """Run a command; say what stopped it in one line, and with which exit code."""
    try:
        app()
    except PhaseoutError as error:
        sys.stderr.write(f"phaseout: {error}\n")
        sys.exit(UNAVAILABLE if isinstance(error, TransientError) else USAGE)
    except OSError as error:
        # A home that cannot be made or written, a disk that is gone: the place says more than our own lines.
        if error.filename is None:
            raise
        sys.stderr.write(f"phaseout: {error.filename} cannot be read or written: {error.strerror}\n")
        sys.exit(USAGE)
