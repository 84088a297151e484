"""Where a letter stands after a mail server's fault, and when it is tried next: the whole way from the real ledger."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.outgoing_folder import OutgoingFolder
from phaseout.adapters.post.sender import SmtpSender
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.sending_terms import ABSENCE, PAUSE, SendingTerms
from phaseout.usecases.deliver import deliver
from tests.ledger_samples import CALENDAR, MINUTE, MORNING, letter
from tests.mail_servers import FaultySmtp

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

PASSWORD = "right"  # noqa: S105  of a server in this test
TERMS = SendingTerms(pause=PAUSE)
TOMORROW = datetime(2022, 8, 13, 0, 10, tzinfo=CHINA)


@dataclass
class Office:
    """An outbox with two letters before a mail server that may fail."""

    server: FaultySmtp
    ledger: object
    archive: MemoryArchive
    outgoing: OutgoingFolder

    def deliver(self, at):
        sender = SmtpSender(
            host="127.0.0.1",
            port=self.server.port,
            sender="office@gxt.example",
            password=PASSWORD,
            tls="none",
            timeout=2,
        )
        return deliver(
            as_of=at, ledger=self.ledger, archive=self.archive, outgoing=self.outgoing, sender=sender, terms=TERMS
        )

    @property
    def first(self):
        return self.ledger.letters()[0]

    @property
    def copies(self):
        """How often each letter is on the server, by its words."""
        return [
            sum(word in envelope.content for envelope in self.server.handler.taken) for word in (b"first", b"second")
        ]


@pytest.fixture
def office(tmp_path):
    ledger, archive = open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", calendar=CALENDAR), MemoryArchive()
    for key in ("first", "second"):
        raw = archive.put(f"Subject: x\r\nMessage-ID: <{key}@phaseout.example>\r\n\r\n{key}\r\n".encode())
        ledger.queue([replace(letter(key, kind=LetterKind.RECEIPT), raw_sha256=raw, copy_to=())])
    with FaultySmtp(password=PASSWORD) as server:
        yield Office(server, ledger, archive, OutgoingFolder(tmp_path / "outgoing"))
    ledger.close()


@pytest.mark.parametrize(
    ("fault", "state", "again", "later"),
    [
        pytest.param({"RCPT": "451 4.7.1 greylisted"}, LetterState.QUEUED, MINUTE, 1, id="451 4.7: a minute"),
        pytest.param({"RCPT": "550 5.1.1 no such user"}, LetterState.FAILED, None, 0, id="550: never"),
        pytest.param({"DATA": "421 4.3.2 closing"}, LetterState.QUEUED, MINUTE, 1, id="421: a minute"),
        pytest.param({"DATA": "451 MI:SFQ"}, LetterState.QUEUED, 15 * MINUTE, 1, id="MI:SFQ: a quarter of an hour"),
        pytest.param({"DATA": "550 MI:STC"}, LetterState.QUEUED, TOMORROW - MORNING, 1, id="MI:STC with 5xx: tomorrow"),
        pytest.param({"DATA": "554 DT:SPM"}, LetterState.FAILED, None, 0, id="DT:SPM: a person looks"),
        pytest.param({"RCPT": "cut"}, LetterState.QUEUED, MINUTE, 1, id="cut before the text: a minute"),
        pytest.param(
            {"DATA": "cut in the text"}, LetterState.UNCERTAIN, 10 * MINUTE, 1, id="cut in the text: once more"
        ),
    ],
)
def test_a_letter_that_met_a_fault_is_tried_again_at_its_time(office, fault, state, again, later):
    office.server.handler.at |= fault
    office.deliver(MORNING)
    office.server.handler.at.clear()

    assert (office.first.letter.state, office.first.not_before) == (state, MORNING + again if again else None)
    assert office.copies == [0, 0]
    if again:
        assert office.deliver(MORNING + again - timedelta(seconds=1)).sent == 0
    office.deliver(MORNING + (again or timedelta(days=2)))
    assert office.copies == [later, later]


AWAY = {
    "a slow greeting": {"greeting": "silence"},
    "cut at the greeting": {"greeting": "cut"},
    "too many connections": {"greeting": "421 HL:ICC too many connections"},
    "cut at EHLO": {"EHLO": "cut"},
    "no login for now": {"AUTH": "454 4.7.0 temporary failure"},
    "cut before it heard of a letter": {"MAIL": "cut"},
}


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY)
def test_a_server_that_heard_of_no_letter_is_asked_once_a_pass_and_everything_leaves_when_it_is_back(office, fault):
    office.server.handler.at |= fault
    done = office.deliver(MORNING)

    assert (done.sent, done.failed, done.is_unreachable, bool(done.stopped)) == (0, 1, True, True)
    asked = office.server.handler.connections
    assert office.deliver(MORNING + ABSENCE - timedelta(seconds=1)).failed == 0
    assert office.server.handler.connections == asked

    office.server.handler.at.clear()
    assert office.deliver(MORNING + ABSENCE).sent == 2
    assert office.copies == [1, 1]


def test_a_server_that_is_away_all_day_is_asked_every_quarter_of_an_hour_and_no_letter_fails(office):
    address, office.server.port = office.server.port, 1  # where nobody listens
    passes = [office.deliver(MORNING + minutes * MINUTE) for minutes in range(0, 10 * 60, 5)]

    assert sum(done.failed for done in passes) == 41
    assert {(record.letter.state, record.not_before) for record in office.ledger.letters()} == {
        (LetterState.QUEUED, None)
    }
    office.server.port = address
    assert office.deliver(MORNING + timedelta(hours=10)).sent == 2


@pytest.mark.parametrize("mode", ["drop once", "hang"])
def test_a_letter_that_the_server_may_have_leaves_once_more_under_the_same_id_and_says_so(office, mode):
    office.server.handler.mode = mode
    office.deliver(MORNING)
    office.server.handler.mode = ""

    assert office.first.letter.state is LetterState.UNCERTAIN
    office.deliver(MORNING + 10 * MINUTE)

    assert office.first.letter.state is LetterState.SENT
    assert "再发一次" in office.first.note
    assert 1 <= office.copies[0] <= 2
    assert len({envelope.content for envelope in office.server.handler.taken if b"first" in envelope.content}) == 1


def test_a_letter_that_is_cut_twice_is_on_the_server_at_most_twice_and_waits_for_a_person(office):
    office.server.handler.mode = "drop"
    for at in (MORNING, MORNING + 10 * MINUTE, MORNING + timedelta(days=1)):
        office.deliver(at)

    assert office.copies == [2, 2]
    assert [record.letter.state for record in office.ledger.letters()] == [LetterState.UNCERTAIN] * 2
    assert "请人工核实" in office.first.note


@pytest.mark.parametrize(
    "fault",
    [{"AUTH": "535 5.7.8 wrong"}, {"greeting": "554 not you"}, {"MAIL": "550 MI:SPF"}],
    ids=["refused login", "refused line", "refused sender"],
)
def test_when_the_server_takes_nothing_from_us_one_try_is_made_and_every_letter_waits(office, fault):
    office.server.handler.at |= fault
    done = office.deliver(MORNING)

    assert (done.sent, done.failed) == (0, 1)
    assert next(iter(fault.values()))[:3] in done.stopped
    tries = office.server.handler.connections
    assert office.deliver(MORNING + PAUSE - MINUTE).failed == 0
    assert office.server.handler.connections == tries
    assert {record.letter.state for record in office.ledger.letters()} == {LetterState.QUEUED}

    office.server.handler.at.clear()
    assert office.deliver(MORNING + PAUSE).sent == 2
    assert office.copies == [1, 1]
