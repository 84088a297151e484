"""Several workers collect from one mailbox at once, are killed and go on: nothing lost, nothing twice.

`python -m tests.soak.workers [ROUNDS] [--mails N] [--workers N] [--holders N] [--kills N] [--imap]`. The ledger is on
a real PostgreSQL server, archive and inbox lie in one folder, letters leave through a real mail server; the first
*holders* workers hold a warehouse of their own. Processes are forked, so what is slow to import is imported once.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.domain.outbox import SENT_AGAIN
from phaseout.domain.submission import Outcome
from phaseout.errors import TransientError
from phaseout.settings import Settings
from phaseout.usecases.assess import assess
from phaseout.usecases.collect import collect
from phaseout.usecases.open_campaign import open_campaign
from tests.filled_forms import contact_form, put_into_inbox
from tests.imap_servers import PASSWORD, USER, Dovecot
from tests.intake_home import CAMPAIGN, OPENED, mail, put_mail, send
from tests.mail_servers import self_signed
from tests.postgres_server import PostgresServer, programs
from tests.soak.kills import import_what_is_slow
from tests.soak.smtp_sink import Sink, sink

ARRIVED = datetime(2022, 6, 1, 9, tzinfo=CHINA)
STARTED = ARRIVED + timedelta(minutes=30)
# When leases and claims of the dead have lapsed, and once more for letters that nobody knew of whether they left.
AGAIN = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=45))
UNITS = ("320500", "320200", "320600", "320100", "320300", "320400", "320700", "320800")
LONGEST_WORK = 120.0


@dataclass(frozen=True, slots=True)
class Site:
    """What the workers share, and how one of them is set."""

    folder: Path
    ledger: str
    smtp: Sink
    mailbox: dict[str, object] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The folder on the share."""
        return self.folder / "home"

    @contextmanager
    def opened(self, name: str, *, holds_warehouse: bool = True) -> Iterator[App]:
        """Open the installation as one machine sees it."""
        settings = Settings(
            home=self.home,
            local=self.folder / name,
            holds_warehouse=holds_warehouse,
            ledger_url=self.ledger,
            smtp_url=f"smtp://127.0.0.1:{self.smtp.port}?tls=none",
            smtp_per_window=0,
            smtp_per_day=0,
            **self.mailbox,
        )
        app = App(settings)
        try:
            yield app
        finally:
            app.close()


@dataclass(slots=True)
class Told:
    """What came of a round."""

    seconds: float = 0.0
    kills: int = 0
    collectors: int = 0  # workers that recorded anything
    again: int = 0  # letters in hand of a worker that was killed
    wrong: list[str] = field(default_factory=list)


def open_site(site: Site, *, mails: int, arrive: Callable[[int, bytes], None]) -> None:
    """Open the campaign, and let mails and a file in each inbox folder arrive."""
    for part in ("new", "cur", "tmp"):
        (site.home / "mailbox" / part).mkdir(parents=True)
    with site.opened("opening") as app:
        app.make_inboxes(app.definitions.campaign(CAMPAIGN))
        known = {"definitions": app.definitions, "calendar": app.calendar, "ledger": app.ledger}
        open_campaign(CAMPAIGN, as_of=OPENED, **known)
        senders = {unit.code: unit.mailbox for unit in app.definitions.campaign(CAMPAIGN).units}
    for number in range(mails):
        unit = UNITS[number % len(UNITS)]
        content = contact_form(unit, remark=f"第{number}稿")
        arrive(number, mail(senders[unit], ("联系人.xlsx", content), message_id=f"m{number}"))
    for unit in UNITS:
        put_into_inbox(site.home, contact_form(unit, remark="放入收件目录"), unit_code=unit)


def work(site: Site, name: str, *, holds_warehouse: bool, since: float, later: timedelta) -> None:
    """Do what a worker does, over and over, until there is nothing left for it to do."""
    end = time.monotonic() + LONGEST_WORK
    with site.opened(name, holds_warehouse=holds_warehouse) as app:
        known = {"archive": app.archive, "ledger": app.ledger}
        while time.monotonic() < end:
            as_of = STARTED + later + timedelta(seconds=time.monotonic() - since)
            new = collect(as_of=as_of, intakes=app.intakes, **known)
            if new:
                (site.folder / f"{name}.recorded").touch()
            done = 0
            if holds_warehouse:
                try:
                    done = assess(as_of=as_of, tools=app.tools).deliveries
                except TransientError:  # as the task does it: tried again
                    done = 1
            sent = send(app, as_of=as_of).sent
            if not (new or done or sent or app.ledger.pending(limit=1)):
                break
            if app.ledger.pending(limit=1) and not holds_warehouse and later:
                break  # of the dead; the one that holds the warehouse will see to it


def forked(do: Callable[[], None], *, gate: int | None = None) -> int:
    """Start a process that waits for the gate to be opened, and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        if gate is not None:
            os.read(gate, 1)
        do()
    except BaseException:  # noqa: BLE001  a forked process must end here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def rush(site: Site, *, workers: int, holders: int, kills: int, chance: random.Random) -> Told:
    """Let workers begin together, kill some of them in the middle, and let all go on until nothing is left."""
    told = Told()
    since = time.monotonic()
    opening, now = os.pipe(), timedelta()

    def start(number: int, *, later: timedelta, behind: int | None = None) -> int:
        def do() -> None:
            work(site, f"worker-{number}", holds_warehouse=number < holders, since=since, later=later)

        return forked(do, gate=behind)

    running = {start(number, later=now, behind=opening[0]): number for number in range(workers)}
    os.close(opening[0])
    os.write(opening[1], b"!" * workers)
    os.close(opening[1])
    while told.kills < kills and running:
        time.sleep(chance.uniform(0.1, 1.5))
        victim = chance.choice(list(running))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        told.kills += 1
        number = running.pop(victim)
        running[start(number, later=now)] = number
    _wait(running, told)
    for later in AGAIN if kills else ():
        for number in reversed(range(workers)):  # one after the other: these are for what the dead left
            _wait({start(number, later=later): number}, told)
    told.seconds = time.monotonic() - since
    return told


def _wait(running: dict[int, int], told: Told) -> None:
    for child, number in running.items():
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            told.wrong.append(f"worker {number} ended with {code}")


def look(site: Site, told: Told, *, mails: int, holders: int) -> None:
    """Say what is wrong when all have gone."""
    told.collectors = len(list(site.folder.glob("*.recorded")))
    with site.opened("worker-0") as app:
        app.fill(app.warehouse)  # as publishing begins
        told.wrong += [*wrong_with_intake(app, mails=mails), *wrong_with_letters(app, site, told)]
        content = app.warehouse.content_hash()
    with site.opened("rebuilt") as app:
        app.fill(app.warehouse)
        if app.warehouse.content_hash() != content:
            told.wrong.append("the warehouse is another than archive and ledger make")
    files = {path.parent.name for path in site.folder.glob("worker-*/warehouse.duckdb")}
    if files - {f"worker-{number}" for number in range(holders)}:
        told.wrong.append(f"a worker without a warehouse has made one: {sorted(files)}")


def wrong_with_intake(app: App, *, mails: int, outcomes: Collection[Outcome] = (Outcome.ACCEPTED,)) -> Iterator[str]:
    records = app.ledger.deliveries()
    places = Counter((record.delivery.channel, record.delivery.ref) for record in records)
    if len(records) != mails + len(UNITS):
        yield f"{len(records)} deliveries of {mails + len(UNITS)}"
    yield from (f"{place} was recorded {times} times" for place, times in places.items() if times > 1)
    became = Counter(record.outcome for record in records)
    if not set(became) <= set(outcomes):
        yield f"deliveries became {dict(became)}"
    for record in records:
        app.archive.get(record.delivery.sha256)
    submissions = app.ledger.submissions(CAMPAIGN)
    if len({one.delivery for one in submissions}) != len(records) or len(submissions) != len(records):
        yield f"{len(submissions)} submissions of {len(records)} deliveries"
    if missing := app.warehouse.missing(app.ledger.accepted()):
        yield f"the warehouse misses {len(missing)}"
    inbox = [path.parent.name for path in (app.home / "inbox").rglob("*.xlsx")]
    if inbox != ["已收"] * len(UNITS):
        yield f"the inbox holds {inbox}"


def wrong_with_letters(app: App, site: Site, told: Told) -> Iterator[str]:
    records = app.ledger.letters()
    ids = Counter(taken.message_id for taken in site.smtp.taken())
    answered = Counter(record.letter.delivery for record in records)
    if set(answered) != {record.delivery.id for record in app.ledger.deliveries()} or set(answered.values()) != {1}:
        yield f"{len(answered)} deliveries have {len(records)} answers"
    for record in records:
        times = ids[_message_id(app.archive.get(record.letter.raw_sha256))]
        is_again = SENT_AGAIN in (record.note or "")
        told.again += is_again
        if record.letter.state is not LetterState.SENT or not 1 <= times <= 1 + is_again:
            yield f"letter {record.id} is {record.letter.state} and left {times} times ({record.note})"


def _message_id(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8")
    return next(line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("message-id:"))


def one_round(
    folder: Path, server: PostgresServer, *, dovecot: Dovecot | None, asked: argparse.Namespace, seed: int
) -> Told:
    """Make a site, let the workers at it, and look at what they leave."""
    with sink(folder / "sink") as smtp:
        mailbox: dict[str, object] = {}
        if dovecot is not None:
            dovecot.empty()
            mailbox = {
                "mailbox_url": f"imap://{USER.replace('@', '%40')}@127.0.0.1:{dovecot.imap}/INBOX",
                "mailbox_password": PASSWORD,
                "authserv_id": "mail.office.example",
            }
        site = Site(folder, server.new_database(), smtp, mailbox)

        def arrive(number: int, raw: bytes) -> None:
            at = ARRIVED + timedelta(seconds=number)
            if dovecot is None:
                put_mail(site.home, f"{number}.mail", raw, at=at)
            else:
                clerk.append("INBOX", raw, (), at)

        clerk = dovecot.clerk() if dovecot is not None else None
        open_site(site, mails=asked.mails, arrive=arrive)
        told = rush(site, workers=asked.workers, holders=asked.holders, kills=asked.kills, chance=random.Random(seed))  # noqa: S311  the same kills again
        look(site, told, mails=asked.mails, holders=asked.holders)
    return told


def report(number: int, told: Told, *, asked: argparse.Namespace) -> str:
    """Return what came of a round in one line, and what is wrong below it."""
    mails = asked.mails + len(UNITS)
    first = (
        f"round {number}: {mails} deliveries, {asked.workers} workers, {told.collectors} of them collected, "
        f"{told.kills} kills, {told.again} letters tried again, {told.seconds:.1f} s, {len(told.wrong)} wrong"
    )
    return "\n".join([first, *(f"  {line}" for line in told.wrong)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 1 when something was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--holders", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--imap", action="store_true", help="over a real IMAP server instead of a Maildir")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers beside us end with us
    import_what_is_slow()
    wrong = 0
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="workers-")))
        found = programs()
        assert found is not None, "PostgreSQL is not installed"
        server = servers.enter_context(PostgresServer(found))
        dovecot = servers.enter_context(Dovecot(self_signed(folder))) if asked.imap else None
        for number in range(asked.rounds):
            told = one_round(folder / f"round-{number}", server, dovecot=dovecot, asked=asked, seed=number)
            sys.stdout.write(report(number, told, asked=asked) + "\n")
            sys.stdout.flush()
            wrong += len(told.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
