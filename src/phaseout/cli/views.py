"""What a person looks up: `status`, `sql`, `deliveries`, `contacts`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, CampaignId, campaign_meant, instant, say, show
from phaseout.domain.submission import Submission
from phaseout.errors import UsageError

deliveries = typer.Typer(help="Everything that ever arrived.", no_args_is_help=True)
contacts = typer.Typer(help="Who is written to.", no_args_is_help=True)


class NoSnapshot(UsageError):
    """Nothing was published yet."""

    def __init__(self) -> None:
        super().__init__("nothing is published yet; run `phaseout publish`")


class BadQuery(UsageError):
    """DuckDB did not take a query."""


def status(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show where every unit stands at every milestone."""
    from phaseout.cli.matrix import LEGEND, matrix  # noqa: PLC0415

    with open_app() as home:
        rows = matrix(home, campaign_meant(home, campaign), as_of=instant(as_of), as_json=as_json)
    show(rows, as_json=as_json)
    if not as_json:
        say(LEGEND)


def sql(query: Annotated[str, typer.Argument(metavar="QUERY")], *, as_json: AsJson = False) -> None:
    """Ask the published snapshot; tables are in the schema mart."""
    from phaseout.adapters.snapshot_reader import QueryRefused, read_snapshot  # noqa: PLC0415

    with open_app() as home:
        if not home.snapshot.exists():
            raise NoSnapshot
        try:
            rows = read_snapshot(home.snapshot, query)
        except QueryRefused as error:
            raise BadQuery(str(error)) from error
    show(rows, as_json=as_json)


@deliveries.command("list")
def list_deliveries(*, as_json: AsJson = False) -> None:
    """List what arrived, with what became of it."""
    with open_app() as home:
        rows = [
            {
                "id": record.delivery.id,
                "sha256": record.delivery.sha256 if as_json else record.delivery.sha256[:12],
                "channel": record.delivery.channel,
                "sender": record.sender,
                "unit": record.delivery.unit,
                "subject": record.subject,
                "arrived_at": record.delivery.arrived_at,
                "outcome": record.outcome,
                "reason": record.reason,
                "submission_count": len(record.submissions),
                "submissions": ",".join(record.submissions),
            }
            for record in home.ledger.deliveries()
        ]
    show(rows, as_json=as_json, title="deliveries")


class UnknownDelivery(UsageError):
    """A delivery is asked for that never arrived."""

    def __init__(self, *, delivery: str) -> None:
        super().__init__(f"there is no delivery {delivery}")


@deliveries.command("show")
def show_delivery(delivery: str, *, as_json: AsJson = False) -> None:
    """Show one delivery: its outcome, its submissions, their findings, and the answer that its sender got."""
    with open_app() as home:
        known = next((r for r in home.ledger.deliveries() if r.delivery.id.startswith(delivery.lower())), None)
        if known is None:
            raise UnknownDelivery(delivery=delivery)
        submissions = [
            submission
            for campaign in home.ledger.open_campaigns()
            for submission in home.ledger.submissions(campaign)
            if submission.id in known.submissions
        ]
        answers = [record.id for record in home.ledger.letters() if record.letter.delivery == known.delivery.id]
        texts = [] if as_json else [home.letter_text(answer) for answer in answers]
    became = {"delivery": known.delivery.id, "outcome": known.outcome or "pending", "reason": known.reason}
    rows = [became | row for row in _findings(submissions)]
    if not as_json:
        # The letter says the rest; a row of blanks beside what became of the delivery would not.
        keys = ("submission", *FINDING) if submissions else tuple(became)
        rows = [{key: row[key] for key in keys} for row in rows]
    show(rows, as_json=as_json, title=" ".join(became.values()))
    for answer, text in zip(answers, texts, strict=False):
        say(f"\nletter {answer}: {text}")


FINDING = ("file", "decision", "rule", "severity", "cell", "message")


def _findings(submissions: Sequence[Submission]) -> Iterator[dict[str, object]]:
    """Yield a row a finding, or a row that says that there is nothing to find."""
    if not submissions:
        yield dict.fromkeys(("submission", *FINDING))
    for submission in submissions:
        head = {"submission": submission.id, "file": submission.file_name, "decision": submission.decision}
        for finding in submission.findings or (None,):
            yield head | {key: getattr(finding, key, None) for key in FINDING[2:]}


@contacts.command("list")
def list_contacts(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List the contacts that are valid."""
    with open_app() as home:
        rows = [
            {
                "unit": contact.unit,
                "role": contact.role,
                "name": contact.name,
                "address": contact.address,
                "valid_from": contact.valid_from,
            }
            for contact in home.ledger.contacts(campaign_meant(home, campaign), as_of=instant(as_of))
        ]
    show(rows, as_json=as_json, title="contacts")


COMMANDS: dict[str, Callable[..., Any]] = {"status": status, "sql": sql}
