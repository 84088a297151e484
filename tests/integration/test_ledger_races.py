"""Several processes and threads use one SQLite ledger at once; everything they write is invented."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import chain

import pytest

from phaseout.adapters.ledger import open_ledger
from phaseout.domain.calendar import CHINA, WorkCalendar
from phaseout.domain.letter import Letter, LetterKind, LetterState

CALENDAR = WorkCalendar(years=frozenset(), working_days=())
MORNING = datetime(2022, 8, 12, 9, tzinfo=CHINA)
WORKERS = 4
LETTERS = 60

# Each process waits for the start line, so that all of them are at it together.
RACER = """
import json, sys
from datetime import date, datetime
from phaseout.adapters.ledger import open_ledger
from phaseout.domain.calendar import CHINA, WorkCalendar
from phaseout.domain.letter import Letter, LetterKind, LetterState

MORNING = datetime(2022, 8, 12, 9, tzinfo=CHINA)


def letter(key):
    return Letter(
        key=key, campaign="lianyun-2022", unit="jia", kind=LetterKind.REMINDER, day=date(2022, 8, 12),
        recipient="contact@jia.example", copy_to=(), subject="催报函", message_id=f"<{key}@phaseout.example>",
        raw_sha256="f" * 64, state=LetterState.QUEUED, created_at=MORNING,
    )


def claim_all(ledger):
    taken = []
    while records := ledger.claim(as_of=MORNING, limit=5):
        taken += [record.letter.key for record in records]
    return taken


def queue_all(ledger):
    return [f"letter-{n}" for n in range(60) if ledger.queue([letter(f"letter-{n}")])]


def take_lease(ledger):
    with ledger.lease("assess", as_of=MORNING) as is_held:
        print(json.dumps(is_held), flush=True)
        sys.stdin.readline()
    return is_held


print("ready", flush=True)
sys.stdin.readline()
ledger = open_ledger(sys.argv[1], calendar=WorkCalendar(years=frozenset(), working_days=()))
print(json.dumps(globals()[sys.argv[2]](ledger)), flush=True)
"""


def letter(key):
    return Letter(
        key=key,
        campaign="lianyun-2022",
        unit="jia",
        kind=LetterKind.REMINDER,
        day=date(2022, 8, 12),
        recipient="contact@jia.example",
        copy_to=(),
        subject="催报函",
        message_id=f"<{key}@phaseout.example>",
        raw_sha256="f" * 64,
        state=LetterState.QUEUED,
        created_at=MORNING,
    )


def keys():
    return [f"letter-{number}" for number in range(LETTERS)]


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture
def racers(url):
    """Processes that wait for the start."""
    started = []

    def start(action):
        for _ in range(WORKERS):
            command = [sys.executable, "-c", RACER, url, action]
            started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        for process in started:
            assert process.stdout.readline() == "ready\n"
        return started

    yield start
    for process in started:
        process.kill()
        process.communicate()


def race(processes):
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    return [json.loads(process.communicate(timeout=60)[0]) for process in processes]


def test_processes_that_claim_at_once_never_take_the_same_letter(url, racers):
    open_ledger(url, calendar=CALENDAR).queue([letter(key) for key in keys()])
    taken = race(racers("claim_all"))

    assert sorted(chain.from_iterable(taken)) == sorted(keys())


def test_processes_that_queue_the_same_letters_at_once_write_each_once_even_into_a_new_ledger(url, racers):
    written = race(racers("queue_all"))

    assert sorted(chain.from_iterable(written)) == sorted(keys())
    ledger = open_ledger(url, calendar=CALENDAR)
    assert sorted(record.letter.key for record in ledger.letters()) == sorted(keys())
    assert ledger.revision() == LETTERS


def test_only_one_process_gets_a_lease(url, racers):
    processes = racers("take_lease")
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    # All have tried before the first one ends.
    held = [json.loads(process.stdout.readline()) for process in processes]

    assert sorted(held) == [False, False, False, True]


def test_threads_that_claim_at_once_never_take_the_same_letter(url):
    ledger = open_ledger(url, calendar=CALENDAR)
    ledger.queue([letter(key) for key in keys()])

    def claim_all(_):
        taken = []
        while records := ledger.claim(as_of=MORNING, limit=5):
            taken += [record.letter.key for record in records]
        return taken

    with ThreadPoolExecutor(WORKERS) as threads:
        taken = list(threads.map(claim_all, range(WORKERS)))

    assert sorted(chain.from_iterable(taken)) == sorted(keys())


def test_threads_that_queue_the_same_letters_at_once_write_each_once(url):
    ledger = open_ledger(url, calendar=CALENDAR)

    def queue_all(_):
        return sum(ledger.queue([letter(key)]) for key in keys())

    with ThreadPoolExecutor(WORKERS) as threads:
        assert sum(threads.map(queue_all, range(WORKERS))) == LETTERS
