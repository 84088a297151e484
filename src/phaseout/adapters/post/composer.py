"""The composer: from a letter's text to the finished message that is frozen in the outbox (待发箱)."""

from collections.abc import Sequence
from datetime import datetime
from email.message import Message

from phaseout.adapters.post.addresses import header_value, is_message_id, own_message_id, plain_address
from phaseout.adapters.post.message import body, envelope_headers, on_the_wire
from phaseout.domain.letter import LetterFile, LetterText
from phaseout.ports import Composer

# By this we know our own mail when it comes back to us.
OWN_MAIL = "X-Phaseout-Letter"


class MailComposer(Composer):
    """Writes messages in the name of the office."""

    def __init__(self, *, sender_name: str, sender_address: str) -> None:
        self._sender = (header_value("From", sender_name), plain_address(sender_address))

    def compose(
        self,
        text: LetterText,
        *,
        recipient: str,
        copy_to: Sequence[str],
        message_id: str,
        written_at: datetime,
        files: Sequence[LetterFile],
        calendars: Sequence[bytes],
        in_reply_to: str | None,
        threads: Sequence[str] = (),
    ) -> bytes:
        """Return the message.

        Raises:
            BadAddress: a recipient is not one plain address.
            BadHeader: a subject, a file name or the message id holds what no header may hold.
        """
        message = body(text.text, text.html, calendars=calendars, files=files, seed=message_id)
        envelope_headers(
            message,
            sender=self._sender,
            to=recipient,
            cc=copy_to,
            subject=text.subject,
            message_id=message_id,
            at=written_at,
        )
        # What a stranger calls his message is quoted only if it can do no harm.
        theirs = [in_reply_to] if in_reply_to is not None and is_message_id(in_reply_to) else []
        _thread(message, [*(own_message_id(thread) for thread in threads), *theirs])
        message["Auto-Submitted"] = "auto-replied" if in_reply_to else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message[OWN_MAIL] = message_id  # whoever sends it again as a mail of his own gives that an id of its own
        return on_the_wire(message)


def _thread(message: Message, ids: Sequence[str]) -> None:
    """Put a message into its conversations: it answers the last one, and mail programs go by all of them."""
    if ids:
        message["In-Reply-To"] = ids[-1]
        message["References"] = "\n ".join(ids)
