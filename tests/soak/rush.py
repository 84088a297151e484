"""Several `remind` and `deliver` at once on one home: no letter twice, none lost, one a unit and day.

`python -m tests.soak.rush [ROUNDS]`. Each process is a real one, the mail server speaks TLS, the ledger is SQLite.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.settings import Settings
from phaseout.usecases.deliver import deliver
from phaseout.usecases.remind import remind
from tests.intake_home import CAMPAIGN, open_home
from tests.mail_servers import self_signed
from tests.soak.smtp_sink import Sink, sink

ROUNDS = 20
PASSES = 6  # of each process: the first write and send, the later ones find what others left
# The request, and two rungs of the ladder.
MORNINGS = tuple(datetime(2022, *day, 9, tzinfo=CHINA) for day in ((5, 20), (5, 27), (6, 2)))


def work(home: Path, url: str, certificate: str, morning: datetime) -> None:
    """Do what one office does on a morning: write and send, over and over."""
    app = App(Settings(home=home, smtp_url=url, smtp_ca_file=Path(certificate), smtp_per_window=0, smtp_per_day=0))
    campaign = app.definitions.campaign(CAMPAIGN)
    tools = {"ledger": app.ledger, "definitions": app.definitions, "calendar": app.calendar}
    for minutes in range(PASSES):
        as_of = morning + timedelta(minutes=minutes)
        remind(CAMPAIGN, as_of=as_of, desk=app.desk(campaign), forms=app.form_files, pages=app.pages, **tools)
        deliver(
            as_of=as_of,
            ledger=app.ledger,
            archive=app.archive,
            outgoing=app.outgoing,
            sender=app.sender(),
            terms=app.terms,
        )
    app.close()


def rush(processes: int, *, folder: Path) -> list[str]:
    """Let so many processes do the same at once; return what is wrong then."""
    home = folder / "home"
    open_home(home)
    certificate, key = self_signed(folder)
    with sink(folder / "sink", certificate=certificate, key=key) as server:
        url = f"smtp://127.0.0.1:{server.port}?tls=ssl"
        command = [sys.executable, "-m", "tests.soak.rush", "--work", str(home), url, certificate]
        ended = []
        for morning in MORNINGS:  # one after the other: all processes live on one day
            running = [subprocess.Popen([*command, morning.isoformat()]) for _ in range(processes)]
            ended += [process.wait() for process in running]
        return [*(f"a process ended with {code}" for code in ended if code), *_wrong(home, server)]


def _wrong(home: Path, server: Sink) -> Iterator[str]:
    app = App(Settings(home=home))
    letters = [record.letter for record in app.ledger.letters()]
    app.close()
    arrived = Counter((mail.recipient, mail.message_id) for mail in server.taken())
    yield from (f"{pair} came {times} times" for pair, times in arrived.items() if times > 1)
    sent = [letter for letter in letters if letter.state is LetterState.SENT]
    if len(arrived) != len(sent):
        yield f"{len(sent)} letters were sent, {len(arrived)} came"
    yield from (
        f"{one.key} is {one.state}" for one in letters if one.state not in {LetterState.SENT, LetterState.DRAFT}
    )
    digests = Counter((one.unit, one.day) for one in sent)
    yield from (f"{unit} got {times} letters on {day}" for (unit, day), times in digests.items() if times > 1)
    if {one.day for one in sent} != {morning.date() for morning in MORNINGS}:
        yield f"letters were sent on {len({one.day for one in sent})} days"


def main() -> int:
    """Run from the command line; 1 when a letter was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--work", nargs=4, metavar=("HOME", "URL", "CERTIFICATE", "MORNING"))
    asked = parser.parse_args()
    if asked.work:
        home, url, certificate, morning = asked.work
        work(Path(home), url, certificate, datetime.fromisoformat(morning).astimezone(CHINA))
        return 0
    wrong = []
    for number in range(asked.rounds):
        for processes in (2, 4):
            with tempfile.TemporaryDirectory(prefix="rush-") as folder:
                found = rush(processes, folder=Path(folder))
            wrong += found
            sys.stdout.write(f"round {number}, {processes} processes: {'; '.join(found) or 'nothing wrong'}\n")
            sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
