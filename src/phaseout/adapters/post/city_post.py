"""The mail of the invented units in a replay: written like a person's, sent to the office over the loopback post."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from phaseout.adapters.post.message import body, envelope_headers, on_the_wire
from phaseout.adapters.post.office_mailer import OfficeMailer, dispatch
from phaseout.adapters.post.refusals import NotDispatched
from phaseout.domain.letter import LetterFile
from phaseout.errors import TransientError
from phaseout.ports import Post


class LoopbackRefused(TransientError):
    """The loopback post did not take a unit's mail."""

    def __init__(self, *, unit: str, words: str) -> None:
        self.unit = unit
        self.words = words
        super().__init__(f"the loopback post did not take the mail of {unit}: {words}")


class ReplayPost(Post):
    """Sends the units' mail. *senders* is each unit's display name and address, by unit code."""

    def __init__(self, *, port: int, office_address: str, senders: Mapping[str, tuple[str, str]]) -> None:
        self._office_address = office_address
        self._senders = dict(senders)
        self._mailer = OfficeMailer(
            office_address,
            host="127.0.0.1",
            port=port,
            sender=office_address,
            smtp_ssl=False,
            smtp_starttls=False,
            smtp_skip_login=True,
            timeout=30.0,
            local_hostname="localhost",
        )

    def send(self, unit: str, *, subject: str, text: str, files: Sequence[LetterFile], at: datetime) -> None:
        """Send a mail from the unit's mailbox; it arrives at *at*.

        Raises:
            LoopbackRefused: the loopback post did not take it.
        """
        name, address = self._senders[unit]
        seed = _digest(unit, subject, text, at, files)
        message = body(text, None, files=files, seed=seed)
        envelope_headers(
            message,
            sender=(name, address),
            to=self._office_address,
            cc=(),
            subject=subject,
            message_id=f"<{seed[:24]}@{address.rpartition('@')[2]}>",
            at=at,
        )
        self._mailer.sender = address
        try:
            dispatch(self._mailer, [self._office_address], on_the_wire(message))
        except NotDispatched as reason:
            raise LoopbackRefused(unit=unit, words=reason.words) from reason

    def close(self) -> None:
        """End the connection."""
        self._mailer.close()


def _digest(unit: str, subject: str, text: str, at: datetime, files: Sequence[LetterFile]) -> str:
    digest = hashlib.sha256(f"{unit}\0{subject}\0{text}\0{at.isoformat()}".encode())
    for file in files:
        digest.update(f"\0{file.name}\0{len(file.content)}\0".encode())
        digest.update(file.content)
    return digest.hexdigest()
