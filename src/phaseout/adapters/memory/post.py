"""Mail in memory: the twins of intake, sender, outgoing folder and the invented units' post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.letter import DispatchOutcome, LetterFile
from phaseout.domain.submission import Arrival, Channel
from phaseout.ports import Intake, Outgoing, Post, Sender


class MemoryIntake(Intake):
    """A mailbox or a folder of things that were put into it."""

    def __init__(self, channel: Channel = Channel.MAIL) -> None:
        self.channel = channel
        self._waiting: list[tuple[Arrival, bytes]] = []

    def put(
        self,
        content: bytes,
        *,
        ref: str,
        arrived_at: datetime | None = None,
        unit: str | None = None,
        file_name: str | None = None,
    ) -> None:
        """Let something arrive; things without a time arrive in the order they are put."""
        self._waiting.append((Arrival(ref, arrived_at, unit, file_name), content))

    def remove(self, ref: str) -> None:
        """Let something go before it was collected."""
        self._waiting = [(arrival, content) for arrival, content in self._waiting if arrival.ref != ref]

    def waiting(self) -> Sequence[Arrival]:
        """Return what lies there now, oldest first."""
        arrivals = [arrival for arrival, _ in self._waiting]
        if self.channel is Channel.FOLDER:
            return tuple(arrivals)
        return tuple(sorted(arrivals, key=lambda a: (a.arrived_at.timestamp() if a.arrived_at else 0.0, a.ref)))

    def read(self, ref: str) -> bytes | None:
        """Return the bytes of an arrival; None when it has gone."""
        return next((content for arrival, content in self._waiting if arrival.ref == ref), None)

    def archived(self, ref: str) -> None:
        """Take a file out of the folder; a mailbox keeps its mail."""
        if self.channel is Channel.FOLDER:
            self.remove(ref)


class MemorySender(Sender):
    """Keeps what is sent. Answers for an address can be set, each for one mail or for all."""

    def __init__(self) -> None:
        self.sent: list[tuple[tuple[str, ...], bytes]] = []
        self.is_closed = False
        self._answers: dict[str, tuple[DispatchOutcome, str]] = {}

    def answer(self, recipient: str, outcome: DispatchOutcome, words: str = "") -> None:
        """Set what the server says to mail for an address from now on."""
        self._answers[recipient] = (outcome, words)

    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:
        """Try once; the first recipient decides."""
        outcome, words = self._answers.get(recipients[0], (DispatchOutcome.SENT, ""))
        if outcome in {DispatchOutcome.SENT, DispatchOutcome.FILED, DispatchOutcome.UNCERTAIN}:
            self.sent.append((tuple(recipients), raw))
        return outcome, words

    def close(self) -> None:
        """End the connection."""
        self.is_closed = True


class MemoryOutgoing(Outgoing):
    """Keeps copies of letters by name."""

    def __init__(self) -> None:
        self.copies: dict[str, bytes] = {}

    def keep(self, name: str, raw: bytes) -> None:
        """Keep a copy under a name."""
        self.copies[name] = raw


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail that a unit wrote."""

    unit: str
    subject: str
    text: str
    files: tuple[LetterFile, ...]
    at: datetime


class MemoryPost(Post):
    """Keeps what the invented units write."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []

    def send(self, unit: str, *, subject: str, text: str, files: Sequence[LetterFile], at: datetime) -> None:
        """Take a mail."""
        self.posted.append(Posted(unit, subject, text, tuple(files), at))
