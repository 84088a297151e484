"""What arrived and what waits for a person: `deliveries`, `quarantine`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer

from phaseout.bootstrap import App, open_app
from phaseout.bootstrap.lookup import letter_text
from phaseout.cli.common import AsJson, AsOf, By, Reason, day_meant, instant, say, show
from phaseout.domain.calendar import day_in_china
from phaseout.domain.quarantine import QuarantineDecision
from phaseout.domain.standing_words import OUTCOME_WORDS
from phaseout.domain.submission import Channel, Delivery, Outcome, Submission
from phaseout.errors import UsageError
from phaseout.ports import DeliveryRecord

deliveries = typer.Typer(help="Everything that ever arrived.", no_args_is_help=True)
quarantine = typer.Typer(
    help="Deliveries whose sender is unknown or unproven; they wait for a person.", no_args_is_help=True
)

DeliveryId = Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id, or as much of it as is like no other's.")]
FINDING = ("file", "decision", "check_figure", "rule", "severity", "cell", "message")
PENDING = "pending"
SHOWN_OF_HASH = 12
NOT_YET = "待审核"
LET_IN = "经核实，待审核"


class UnknownDelivery(UsageError):
    """A delivery is asked for that never arrived."""

    def __init__(self, *, delivery: str) -> None:
        super().__init__(f"there is no delivery {delivery}")


class SeveralDeliveries(UsageError):
    """The beginning of an id is that of several."""

    def __init__(self, *, delivery: str, found: Sequence[str]) -> None:
        super().__init__(f"{len(found)} deliveries begin with {delivery!r}: {', '.join(found[:5])}; write more of it")


class NoOutcome(UsageError):
    """A filter names an outcome that there is none of."""

    def __init__(self, *, outcome: str) -> None:
        super().__init__(f"--outcome {outcome!r}: outcomes are {', '.join((*Outcome, PENDING))}")


@deliveries.command("list")
def list_deliveries(
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="Only this unit's, by its code.")] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="Only with this outcome; pending has none yet.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Only what arrived on that day or later.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what arrived, with what became of it."""
    if outcome not in {None, PENDING, *Outcome}:
        raise NoOutcome(outcome=str(outcome))
    first = day_meant(since, option="--since") if since is not None else None
    with open_app() as home:
        records = [
            record
            for record in home.ledger.deliveries()
            if unit in {None, record.delivery.unit}
            and outcome in {None, record.outcome or PENDING}
            and (first is None or day_in_china(record.delivery.arrived_at) >= first)
        ]
        rows = _rows(records, home, as_json=as_json)
    show(rows, as_json=as_json, title="deliveries")


def _rows(records: Sequence[DeliveryRecord], home: App, *, as_json: bool) -> list[dict[str, object]]:
    answers = _letters(home)
    decided = _decided(home)
    return [
        {
            "id": record.delivery.id,
            "sha256": record.delivery.sha256 if as_json else record.delivery.sha256[:SHOWN_OF_HASH],
            "channel": record.delivery.channel,
            "sender": record.sender,
            "unit": record.delivery.unit,
            "subject": record.subject,
            "arrived_at": record.delivery.arrived_at,
            "outcome": record.outcome,
            "outcome_title": OUTCOME_WORDS[record.outcome] if record.outcome else NOT_YET,
            "reason": _reason(record, decided.get(record.delivery.id)),
            "submission_count": len(record.submissions),
            "submissions": ",".join(record.submissions),
            "answers": ",".join(str(letter) for letter in answers.get(record.delivery.id, ())),
        }
        for record in records
    ]


def _reason(record: DeliveryRecord, decision: QuarantineDecision | None) -> str:
    if record.outcome is not None:
        return record.reason
    return LET_IN if decision is not None and decision.is_accepted else NOT_YET


def _letters(home: App) -> Mapping[str, list[int]]:
    """Return the letters that speak of each delivery."""
    found: dict[str, list[int]] = {}
    for record in home.ledger.letters():
        if record.letter.delivery is not None:
            found.setdefault(record.letter.delivery, []).append(record.id)
    return found


def _decided(home: App) -> Mapping[str, QuarantineDecision]:
    return {one.delivery: one for one in home.ledger.quarantine_decisions()}


def _meant(delivery: str, home: App) -> DeliveryRecord:
    """Return the one delivery whose id begins so; letters write it in capitals.

    Raises:
        UnknownDelivery: there is none.
        SeveralDeliveries: there are several.
    """
    found = [record for record in home.ledger.deliveries() if record.delivery.id.startswith(delivery.lower())]
    exact = [record for record in found if record.delivery.id == delivery.lower()]
    if not found or not delivery:
        raise UnknownDelivery(delivery=delivery)
    if len(found) > 1 and not exact:
        raise SeveralDeliveries(delivery=delivery, found=[record.delivery.id for record in found])
    return (exact or found)[0]


@deliveries.command("show")
def show_delivery(delivery: DeliveryId, *, as_json: AsJson = False) -> None:
    """Show one delivery: its outcome, its submissions, their findings, and the answer that its sender got."""
    with open_app() as home:
        known = _meant(delivery, home)
        _show(known, home, as_json=as_json)


def _show(known: DeliveryRecord, home: App, *, as_json: bool) -> None:
    submissions = [
        submission
        for campaign in home.ledger.open_campaigns()
        for submission in home.ledger.submissions(campaign)
        if submission.id in known.submissions
    ]
    answers = _letters(home).get(known.delivery.id, [])
    texts = [] if as_json else [letter_text(home, answer) for answer in answers]
    reason = _reason(known, _decided(home).get(known.delivery.id))
    became = {"delivery": known.delivery.id, "outcome": known.outcome or PENDING, "reason": reason}
    rows = [became | row for row in _findings(submissions)]
    if not as_json:
        # The letter says the rest; a row of blanks beside what became of the delivery would not.
        keys = ("submission", *FINDING) if submissions else tuple(became)
        rows = [{key: row[key] for key in keys} for row in rows]
    show(rows, as_json=as_json, title=" ".join(became.values()))
    for answer, text in zip(answers, texts, strict=False):
        say(f"\nletter {answer}: {text}")


def _findings(submissions: Sequence[Submission]) -> Iterator[dict[str, object]]:
    """Yield a row a finding, or a row that says that there is nothing to find."""
    if not submissions:
        yield dict.fromkeys(("submission", *FINDING))
    for submission in submissions:
        head = {
            "submission": submission.id,
            "file": submission.file_name,
            "decision": submission.decision,
            "check_figure": submission.check_figure,
        }
        for finding in submission.findings or (None,):
            yield head | {key: getattr(finding, key, None) for key in FINDING[3:]}


@quarantine.command("list")
def list_quarantine(*, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what waits, oldest first, with the letter that asked the unit about it."""
    today = day_in_china(instant(as_of))
    with open_app() as home:
        told = _letters(home)
        rows = [
            {
                "id": record.delivery.id,
                "sender": record.sender,
                "unit": record.delivery.unit,
                "subject": record.subject,
                "arrived_at": record.delivery.arrived_at,
                "days": (today - day_in_china(record.delivery.arrived_at)).days,
                "reason": record.reason,
                "letters": ",".join(str(letter) for letter in told.get(record.delivery.id, ())),
            }
            for record in home.ledger.deliveries()
            if record.outcome is Outcome.QUARANTINED
        ]
    show(rows, as_json=as_json, title="quarantine")


@quarantine.command("show")
def show_quarantined(delivery: DeliveryId, *, as_json: AsJson = False) -> None:
    """Show one delivery: sender, subject, files, and what was decided about it so far."""
    with open_app() as home:
        known = _meant(delivery, home)
        facts = {
            "id": known.delivery.id,
            "sender": known.sender,
            "unit": known.delivery.unit,
            "subject": known.subject,
            "arrived_at": known.delivery.arrived_at,
            "outcome": known.outcome or PENDING,
            "reason": _reason(known, _decided(home).get(known.delivery.id)),
            "files": ", ".join(_file_names(known.delivery, home)),
        }
        acts = home.ledger.quarantine_decisions([known.delivery.id])
    rows = [facts | _act(act) for act in acts or (None,)]
    show(rows, as_json=as_json, title="quarantine")


def _file_names(delivery: Delivery, home: App) -> list[str]:
    from phaseout.adapters.intake.message_reader import StrangersMail  # noqa: PLC0415

    if delivery.channel is Channel.FOLDER:
        return [delivery.file_name or ""]
    message = StrangersMail("").read(home.archive.get(delivery.sha256))
    return [file.name for file in (*message.attachments, *message.evidence)]


def _act(act: QuarantineDecision | None) -> dict[str, object]:
    if act is None:
        return dict.fromkeys(("decision", "decided_unit", "by", "because", "decided_at"))
    return {
        "decision": "accept" if act.is_accepted else "reject",
        "decided_unit": act.unit,
        "by": act.by,
        "because": act.reason,
        "decided_at": act.decided_at,
    }


@quarantine.command("accept")
def accept(
    delivery: DeliveryId,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="Whose it is, if its sender is in no register.")] = None,
    remember: Annotated[bool, typer.Option("--remember", help="Believe this sender's address from now on.")] = False,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Let a delivery in; the next `collect` assesses it as of its arrival."""
    from phaseout.usecases.quarantine import let_in  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        known = _meant(delivery, home).delivery.id
        is_new = let_in(
            known,
            unit=unit,
            remember=remember,
            by=by,
            reason=reason,
            as_of=then,
            definitions=home.definitions,
            ledger=home.ledger,
        )
    say(f"delivery {known} {'accepted; the next `collect` assesses it' if is_new else 'was accepted before'}.")


@quarantine.command("reject")
def reject(delivery: DeliveryId, *, by: By, reason: Reason, as_of: AsOf = None) -> None:
    """Send a delivery away; it is kept, and nobody is answered."""
    from phaseout.usecases.quarantine import send_away  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        known = _meant(delivery, home).delivery.id
        is_new = send_away(known, by=by, reason=reason, as_of=then, ledger=home.ledger)
    say(f"delivery {known} {'rejected' if is_new else 'was rejected before'}.")
