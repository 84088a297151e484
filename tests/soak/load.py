"""A crowd of mails within a minute (压力): how long each waits for its receipt, and how many we take a second.

`python -m tests.soak.load [MAILS]`. Each mail carries one filled workbook (表2, fifty rows) of an invented unit; the
passes are those of the command line, one after the other, against a mail server in a process of its own.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.samples import INDUSTRIES, crowd, workbook
from phaseout.adapters.definitions import FileDefinitions
from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.settings import PROJECT
from phaseout.usecases.open_campaign import open_campaign
from tests.intake_home import CAMPAIGN, OPENED, mail, opened, put_mail, send, take_in
from tests.soak.smtp_sink import Sink, sink

MAILS = 500
SPREAD_S = 60.0
POLL_S = 1.0  # between two passes, when the last found nothing
GIVE_UP_S = 1800.0
STARTED = datetime(2022, 8, 8, 10, tzinfo=CHINA)


class Crowd(FileDefinitions):
    """The project's definitions with a crowd of invented units."""

    def __init__(self, units: int) -> None:
        super().__init__(PROJECT)
        self._crowd = crowd(super().campaign(CAMPAIGN), units)

    def campaign(self, campaign: str) -> Campaign:
        """Return the campaign with the crowd in it."""
        return self._crowd if campaign == self._crowd.id else super().campaign(campaign)


@dataclass(slots=True)
class Told:
    """What a run took, in seconds; by mail, in the order of their numbers."""

    from_poll: list[float] = field(default_factory=list)  # from the pass that found it to its receipt's 250
    from_arrival: list[float] = field(default_factory=list)
    passes: int = 0
    whole: float = 0.0  # from the first mail to the last receipt
    busy: float = 0.0  # within passes that had work
    outcomes: Counter[str] = field(default_factory=Counter)
    unanswered: list[str] = field(default_factory=list)
    answered_twice: list[str] = field(default_factory=list)


def run(mails: int, *, folder: Path, spread_s: float = SPREAD_S) -> Told:
    """Let mails arrive and work until all are answered."""
    definitions = Crowd(-(-mails // len(INDUSTRIES)))
    letters = list(_letters(definitions, mails))
    home = folder / "home"
    with sink(folder / "sink") as server, opened(home, smtp_port=server.port) as app:
        app.definitions = definitions
        open_campaign(CAMPAIGN, as_of=OPENED, definitions=definitions, calendar=app.calendar, ledger=app.ledger)
        for part in ("new", "cur", "tmp"):
            (home / "mailbox" / part).mkdir(parents=True)
        return _work_off(app, server, letters, spread_s=spread_s)


def _letters(definitions: Crowd, count: int) -> Iterator[bytes]:
    campaign = definitions.campaign(CAMPAIGN)
    form = definitions.forms()["survey_summary"].in_year(campaign.year)
    owed = [(unit, industry) for unit in campaign.units for industry in unit.industries]
    for number, (unit, industry) in enumerate(owed[:count]):
        content = workbook(campaign, form, unit, industry, number=number)
        yield mail(unit.mailbox, (f"表2-{industry}.xlsx", content), message_id=f"load{number}")


def _work_off(app: App, server: Sink, letters: list[bytes], *, spread_s: float) -> Told:
    told, arrived, began = Told(), dict[str, float](), dict[datetime, float]()
    start = time.monotonic()

    def arrive() -> None:
        for number, raw in enumerate(letters):
            time.sleep(max(0.0, start + spread_s * number / len(letters) - time.monotonic()))
            at = STARTED + timedelta(seconds=time.monotonic() - start)
            put_mail(app.home, f"{number}.mail", raw, at=at)
            arrived[f"<load{number}@sender.example>"] = time.monotonic()

    postman = threading.Thread(target=arrive)
    postman.start()
    while len(server.taken()) < len(letters) and time.monotonic() < start + GIVE_UP_S:
        pass_start = time.monotonic()
        as_of = STARTED + timedelta(seconds=pass_start - start)
        began[as_of] = pass_start
        done = take_in(app, as_of=as_of)
        send(app, as_of=as_of)
        if done.deliveries:
            told.passes += 1
            told.busy += time.monotonic() - pass_start
        else:
            time.sleep(POLL_S)
    postman.join()
    _count(app, server, told, arrived, began)
    told.whole = max(mail.at for mail in server.taken()) - start
    return told


def _count(app: App, server: Sink, told: Told, arrived: dict[str, float], began: dict[datetime, float]) -> None:
    """Match each mail with its receipt; they name each other."""
    answers = Counter(mail.answers for mail in server.taken())
    answered_at = {mail.answers: mail.at for mail in server.taken()}
    told.unanswered = [name for name in arrived if name not in answers]
    told.answered_twice = [name for name, times in answers.items() if times > 1]
    found_at = {}
    for record in app.ledger.deliveries():
        told.outcomes[str(record.outcome)] += 1
        number = record.delivery.ref.partition(".")[0]
        found_at[f"<load{number}@sender.example>"] = began[record.delivery.collected_at]
    for name in arrived.keys() & answered_at.keys():
        told.from_poll.append(answered_at[name] - found_at[name])
        told.from_arrival.append(answered_at[name] - arrived[name])


def report(told: Told) -> Iterator[str]:
    """Yield the figures."""
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(told.outcomes.items()))
    yield f"{len(told.from_poll)} mails answered in {told.passes} passes: {outcomes}"
    for name, seconds in (("poll", told.from_poll), ("arrival", told.from_arrival)):
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        yield f"from {name} to receipt: P50 {cuts[49]:.1f} s, P95 {cuts[94]:.1f} s, longest {max(seconds):.1f} s"
    yield f"first mail to last receipt: {told.whole:.1f} s, of it at work {told.busy:.1f} s"
    yield f"mails a second while at work: {len(told.from_poll) / told.busy:.1f}"
    yield f"unanswered: {len(told.unanswered)}, answered twice: {len(told.answered_twice)}"


def main() -> int:
    """Run from the command line; 1 when a mail has no answer or two."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("mails", nargs="?", type=int, default=MAILS)
    parser.add_argument("--seconds", type=float, default=SPREAD_S, help="within which they arrive; 0 is all at once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        told = run(asked.mails, folder=Path(folder), spread_s=asked.seconds)
    sys.stdout.write("\n".join(report(told)) + "\n")
    return 1 if told.unanswered or told.answered_twice else 0


if __name__ == "__main__":
    sys.exit(main())
