"""What may stand in a header or in an envelope: addresses, names, ids."""

import re

from phaseout.errors import OperatorError

# The letters of RFC 5321 that providers really admit; whatever else there may be is a mistake in the register.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=$-]{1,200}@[A-Za-z0-9.-]{1,200}>")
# One of these in a header starts a header of its own, or hides what is read.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class BadAddress(OperatorError):
    """An address is not one plain mail address; the contact register must be put right."""

    def __init__(self, *, address: str) -> None:
        self.address = address
        super().__init__(f"not a plain mail address: {address!r}")


class BadHeader(OperatorError):
    """A header value would break the message apart."""

    def __init__(self, *, header: str, value: str) -> None:
        self.header = header
        self.value = value
        super().__init__(f"{header} cannot be {value!r}")


def plain_address(address: str) -> str:
    """Return *address* if it is one plain address.

    Raises:
        BadAddress: it is something else.
    """
    if not _ADDRESS.fullmatch(address):
        raise BadAddress(address=address)
    return address


def header_value(header: str, value: str) -> str:
    """Return *value* if it may stand in a header.

    Raises:
        BadHeader: it holds a control character.
    """
    if _CONTROL.search(value):
        raise BadHeader(header=header, value=value)
    return value


def own_message_id(message_id: str) -> str:
    """Return a Message-ID of ours if it has the right shape.

    Raises:
        BadHeader: it has not.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadHeader(header="Message-ID", value=message_id)
    return message_id


def is_message_id(text: str) -> bool:
    """Say whether a stranger's *text* may be quoted as a Message-ID."""
    return bool(re.fullmatch(r"<[!-;=?-~]{1,250}>", text))
