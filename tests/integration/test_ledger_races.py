"""Several processes and threads use one ledger at once, on SQLite and PostgreSQL; everything they write is invented."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from phaseout.adapters.ledger import open_ledger
from phaseout.domain.letter import LetterState
from phaseout.settings import PROJECT
from tests.ledger_samples import CALENDAR, CAMPAIGN, MORNING, OPENED, letter, owed

WORKERS = 4
LETTERS = 60

# Each process waits for the start line, so that all of them are at it together.
RACER = """
import json, sys
from phaseout.adapters.ledger import open_ledger
from phaseout.domain.letter import DispatchOutcome, LetterKind
from phaseout.domain.submission import Outcome
from tests.ledger_samples import CALENDAR, MORNING, arrived, assessment, filed, item, letter


def claim_all(ledger):
    taken = []
    while records := ledger.claim(as_of=MORNING, limit=5):
        taken += [record.letter.key for record in records]
    return taken


def queue_all(ledger):
    return [f"letter-{n}" for n in range(60) if ledger.queue([letter(f"letter-{n}")])]


def take_lease(ledger):
    with ledger.lease("assess", as_of=MORNING) as lease:
        print(json.dumps(lease is not None), flush=True)
        sys.stdin.readline()
    return lease is not None


def do_all(ledger):
    sent = []
    for n in range(30):
        ledger.queue([letter(f"reminder-{n}", items=[item(f"unit-{n}")])])
        ledger.record_deliveries([arrived(n)])
        if n % 2:
            ledger.record(answer_to(n))
        sent += send(ledger)
    while more := send(ledger):
        sent += more
    return sent


def answer_to(n):
    receipt = letter(f"receipt-{n}", kind=LetterKind.RECEIPT, delivery=f"delivery-{n}")
    outcomes = {f"delivery-{n}": (Outcome.ACCEPTED, "")}
    return assessment(outcomes=outcomes, submissions=[filed(f"unit-{n}", delivery=n)], letters=[receipt])


def send(ledger):
    taken = ledger.claim(as_of=MORNING, limit=2)
    for record in taken:
        ledger.settle(record.id, DispatchOutcome.SENT, "250", as_of=MORNING)
    return [record.letter.key for record in taken]


print("ready", flush=True)
sys.stdin.readline()
ledger = open_ledger(sys.argv[1], calendar=CALENDAR)
print(json.dumps(globals()[sys.argv[2]](ledger)), flush=True)
"""


def keys():
    return [f"letter-{number}" for number in range(LETTERS)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture
def racers(url):
    """Processes that wait for the start."""
    started = []

    def start(action):
        for _ in range(WORKERS):
            command = [sys.executable, "-c", RACER, url, action]
            started.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
            )
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


@pytest.mark.slow
def test_processes_that_do_all_of_the_offices_work_at_once_do_each_thing_once(url, racers):
    ledger = open_ledger(url, calendar=CALENDAR)
    units = [f"unit-{number}" for number in range(30)]
    ledger.open_campaign(CAMPAIGN, [owed(unit) for unit in units], [], as_of=OPENED)
    sent = list(chain.from_iterable(race(racers("do_all"))))
    records = ledger.letters()
    gone = [record.letter.key for record in records if record.letter.state is LetterState.SENT]
    unanswered = {f"reminder-{number}" for number in range(0, 30, 2)}

    assert sorted(sent) == sorted(gone)
    assert len(set(sent)) == len(sent)
    assert set(sent) >= unanswered | {f"receipt-{number}" for number in range(1, 30, 2)}
    assert {record.letter.state for record in records} <= {LetterState.SENT, LetterState.WITHDRAWN}
    assert len(ledger.deliveries()) == 30
    assert sorted(one.unit for one in ledger.submissions(CAMPAIGN.id)) == sorted(units[1::2])


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
