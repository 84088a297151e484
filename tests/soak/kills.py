"""Kills a pass at named points between fetch and receipt, and lets the next one go on: nothing lost, nothing twice.

`python -m tests.soak.kills [ROUNDS] [--outbox]`. A process is forked for each pass, so what is slow to import is
imported once.
"""

import argparse
import importlib
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.domain.outbox import SENT_AGAIN
from phaseout.domain.submission import Outcome
from tests.filled_forms import contact_form, put_into_inbox
from tests.intake_home import mail, open_home, opened, put_mail, send, take_in
from tests.soak.kill_points import IN_HAND, MAY_REPEAT, POINTS
from tests.soak.smtp_sink import Sink, sink

ROUNDS = 10
SLOW = (
    "great_expectations",
    "phaseout.adapters.gx_checker.expectations",
    "phaseout.adapters.letter_writer",
    "phaseout.adapters.marked_copy",
    "phaseout.adapters.post.composer",
)
ARRIVED = datetime(2022, 6, 1, 9, tzinfo=CHINA)
PASS = ARRIVED + timedelta(minutes=5)
# One soon, and one when leases and claims of the dead have lapsed.
AGAIN = (PASS + timedelta(minutes=1), PASS + timedelta(minutes=12))
SUZHOU, WUXI, NANTONG, NANJING, XUZHOU = "320500", "320200", "320600", "320100", "320300"
EXPECTED = Counter({Outcome.ACCEPTED: 5, Outcome.RETURNED: 1, Outcome.REFUSED: 1})
SUBMISSIONS = {SUZHOU: 1, WUXI: 1, NANTONG: 2, NANJING: 1, XUZHOU: 1}  # of the contact form, by unit


@dataclass(slots=True)
class Told:
    """What came of the rounds."""

    rounds: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)  # letters that leave, or may, a second time
    repeated: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def import_what_is_slow() -> None:
    """Import once, before the forks, what every pass needs."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    for name in SLOW:
        importlib.import_module(name)


def run(rounds: int, *, folder: Path, points: Collection[str] = tuple(POINTS)) -> Told:
    """Kill a pass so many times at each point."""
    told = Told()
    import_what_is_slow()
    open_home(folder / "template")
    with sink(folder / "sink") as server:
        undisturbed = _undisturbed(folder, server)
        for number in range(rounds):
            for point in points:
                _round(point, folder / f"{number}-home", server, undisturbed, told)
    return told


def _undisturbed(folder: Path, server: Sink) -> str:
    """Return the warehouse's content when nobody is killed."""
    home = _home_of(folder / "undisturbed")
    assert _ended(lambda: _go_on(home, server, seen=0)) == 0
    return (home / "content").read_text("utf-8")


def _home_of(home: Path) -> Path:
    """Make a home in which mails and a file wait; one form is returned and one file refused."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(home.parent / "template", home)
    letters = (
        ("gxj@suzhou.example", ("联系人.xlsx", contact_form(SUZHOU))),
        ("gxj@wuxi.example", ("联系人.xlsx", contact_form(WUXI))),
        ("gxj@nantong.example", ("联系人.xlsx", contact_form(NANTONG))),
        ("gxj@nantong.example", ("联系人2.xlsx", contact_form(NANTONG, remark="第二稿"))),
        ("gxj@xuzhou.example", ("联系人.xlsx", contact_form(XUZHOU, contact_name=None))),
        ("gxj@yancheng.example", ("扫描件.pdf", b"%PDF-1.7")),
    )
    for number, (sender, file) in enumerate(letters):
        raw = mail(sender, file, message_id=f"m{number}")
        put_mail(home, f"{number}.mail", raw, at=ARRIVED + timedelta(seconds=number))
    put_into_inbox(home, contact_form(NANJING), unit_code=NANJING)
    return home


def _round(point: str, home: Path, server: Sink, undisturbed: str, told: Told) -> None:
    _home_of(home)
    seen = len(server.taken())

    def deadly() -> None:
        POINTS[point]()
        _pass(home, server, PASS)

    told.rounds[point] += 1
    if _ended(deadly) != -signal.SIGKILL:
        told.wrong.append(f"{point}: nobody was killed")
    if _ended(lambda: _go_on(home, server, seen=seen)) != 0:
        told.wrong.append(f"{point}: the next pass failed")
        return
    lines = (home / "problems").read_text("utf-8").splitlines()
    again, repeated = int(lines[0]), int(lines[1])
    told.again[point] += again
    told.repeated[point] += repeated
    told.wrong += [f"{point}: {line}" for line in lines[2:]]
    if again != (point in IN_HAND):
        told.wrong.append(f"{point}: {again} letters were tried again")
    if repeated > (point in MAY_REPEAT):
        told.wrong.append(f"{point}: {repeated} letters came twice")
    if (home / "content").read_text("utf-8") != undisturbed:
        told.wrong.append(f"{point}: the warehouse holds something else")


def _ended(work: Callable[[], None]) -> int:
    """Do something in a process of its own; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001  a forked process must end here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _pass(home: Path, server: Sink, at: datetime) -> None:
    with opened(home, smtp_port=server.port) as app:
        take_in(app, as_of=at)
        send(app, as_of=at)


def _go_on(home: Path, server: Sink, *, seen: int) -> None:
    """Run the next passes, each with the installation opened anew, and look at what is there then."""
    for at in AGAIN:
        _pass(home, server, at)
    with opened(home) as app:
        app.fill(app.warehouse)  # as publishing begins
        _look(app, server, seen=seen)


def _look(app: App, server: Sink, *, seen: int) -> None:
    """Write down the warehouse's content, letters tried again and repeated, and what is wrong."""
    ids = Counter(mail.message_id for mail in server.taken()[seen:])
    again = sum(SENT_AGAIN in (record.note or "") for record in app.ledger.letters())
    wrong = [*_wrong_with_intake(app), *_wrong_with_letters(app, ids)]
    numbers = [str(again), str(sum(ids.values()) - len(ids))]
    (app.home / "content").write_text(app.warehouse.content_hash(), "utf-8")
    (app.home / "problems").write_text("\n".join([*numbers, *wrong]), "utf-8")


def _wrong_with_intake(app: App) -> Iterator[str]:
    records = app.ledger.deliveries()
    outcomes = Counter(record.outcome for record in records)
    if outcomes != EXPECTED:
        yield f"deliveries became {dict(outcomes)}"
    submissions = Counter(name.split("/")[1] for record in records for name in record.submissions)
    if submissions != SUBMISSIONS:
        yield f"submissions are {dict(submissions)}"
    for record in records:
        app.archive.get(record.delivery.sha256)
    if missing := app.warehouse.missing(app.ledger.accepted()):
        yield f"the warehouse misses {list(missing)}"
    inbox = [path.relative_to(app.home) for path in (app.home / "inbox").rglob("*.xlsx")]
    if [path.parts[2] for path in inbox] != ["已收"]:
        yield f"the inbox holds {inbox}"


def _wrong_with_letters(app: App, ids: Counter[str]) -> Iterator[str]:
    records = app.ledger.letters()
    answered = Counter(record.letter.delivery for record in records)
    if len(answered) != EXPECTED.total() or set(answered.values()) != {1}:
        yield f"{len(answered)} deliveries have {len(records)} answers"
    for record in records:
        times = ids[_message_id(app, record.letter.raw_sha256)]
        most = 2 if SENT_AGAIN in (record.note or "") else 1
        if not 1 <= times <= most:
            yield f"letter {record.id} ({record.letter.state}) left {times} times"
        if record.letter.state is not LetterState.SENT:
            yield f"letter {record.id} is {record.letter.state}"


def _message_id(app: App, sha256: str) -> str:
    head = app.archive.get(sha256).partition(b"\r\n\r\n")[0].decode("utf-8")
    return next(line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("message-id:"))


def report(told: Told) -> Iterator[str]:
    """Yield what came of the rounds, point by point."""
    for point, rounds in told.rounds.items():
        yield f"{point:52} {rounds:4} kills, again {told.again[point]}, repeated {told.repeated[point]}"
    yield f"wrong: {len(told.wrong)}"
    yield from (f"  {line}" for line in told.wrong)


def main() -> int:
    """Run from the command line; 1 when something was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--outbox", action="store_true", help="only while a letter is in hand")
    asked = parser.parse_args()
    points = [point for point in POINTS if point in IN_HAND or not asked.outbox]
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        told = run(asked.rounds, folder=Path(folder), points=points)
    sys.stdout.write("\n".join(report(told)) + "\n")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
