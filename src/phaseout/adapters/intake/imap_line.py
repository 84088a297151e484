"""The line to the mailbox (邮箱连接): logged in, read-only, dropped at the first fault and opened anew.

Nothing on the server is ever changed: the folder is opened with EXAMINE, and bodies are read with BODY.PEEK.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]  # it carries no types
from imapclient.exceptions import (  # type: ignore[import-untyped]  # it carries no types
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)

from phaseout.errors import OperatorError, TransientError

CONNECT_SECONDS = 15.0
LISTED_AT_ONCE = 1000
# A line that drips is never silent, and yet an answer of a quarter of a megabyte never comes to its end.
LONGEST_ANSWER = 5  # times the timeout
# What NetEase wants to know before it lets anybody open a folder.
CLIENT = {"name": "phaseout", "version": "1", "vendor": "phaseout"}

_FOR_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
# Beside IMAP's own errors: what its parser stumbles over when an answer is no IMAP.
_FAULTS = (IMAPClientError, OSError, ValueError, LookupError, TypeError)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is and who may read it."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    is_encrypted: bool = True
    ca_file: Path | None = None
    timeout: float = 60.0

    def __str__(self) -> str:
        """Return what may stand in a log."""
        return f"{self.user} at {self.host}:{self.port}"


class MailboxUnavailable(TransientError):
    """The mailbox's server cannot be reached or broke off; the next pass tries again."""

    def __init__(self, account: Account, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"mailbox {account}: {reason}")


class LoginRefused(OperatorError):
    """The mailbox does not know this user with this password."""

    def __init__(self, account: Account) -> None:
        super().__init__(
            f"mailbox {account}: login refused. The password is the provider's authorization code (授权码), not that "
            "of the web page: renew it in the mailbox's settings, see that IMAP is switched on there, and set "
            "PHASEOUT_MAILBOX_PASSWORD_FILE or PHASEOUT_MAILBOX_PASSWORD"
        )


class MailboxNotTrusted(OperatorError):
    """The server's certificate is not one that we trust; nothing was sent to it."""

    def __init__(self, account: Account, *, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"mailbox {account}: certificate not trusted ({reason}). Check the host's name; for a certificate of your "
            "own set PHASEOUT_MAILBOX_CA_FILE"
        )


class FolderRefused(OperatorError):
    """The server does not open the folder."""

    def __init__(self, account: Account) -> None:
        super().__init__(
            f"mailbox {account}: the server does not open {account.folder}. Check the folder's name in "
            "PHASEOUT_MAILBOX_URL; NetEase refuses clients (Unsafe Login) until IMAP is allowed in its web settings"
        )


class LineLost(Exception):
    """The server broke off or answered what cannot be understood; the line is closed and may be opened again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server lists it."""

    uid: int
    size: int  # as the server says
    received_at: datetime | None


class MailboxLine:
    """One connection at a time. Not for several threads."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: IMAPClient | None = None
        self._validity = 0
        self._is_refused = False

    @property
    def account(self) -> Account:
        return self._account

    def examine(self, *, again: bool = True) -> int:
        """Open the folder read-only and return its UIDVALIDITY; *again* also shows what came since.

        Raises:
            MailboxUnavailable: the server is not there, or does not stay.
            LoginRefused: user or password are wrong.
            MailboxNotTrusted: the certificate is not the host's, or nobody's that we trust.
            FolderRefused: there is no such folder, or it is not for us.
        """
        if self._client is not None and again:
            with suppress(LineLost, FolderRefused):
                self._validity = self._examined(self._client)
        if self._client is None:
            self._connect()
        return self._validity

    def listed(self) -> list[Listed]:
        """Return every mail of the folder."""
        uids = self._do(lambda client: sorted(client.search("ALL")))
        found: list[Listed] = []
        for start in range(0, len(uids), LISTED_AT_ONCE):
            found += self._overview(uids[start : start + LISTED_AT_ONCE])
        return found

    def pieces(self, uids: Sequence[int], *, start: int, length: int) -> dict[int, bytes]:
        """Return a stretch of some mails' bytes; a mail that has gone is left out."""
        answers = self._do(lambda client: client.fetch(uids, [f"BODY.PEEK[]<{start}.{length}>"]))
        return {uid: body for uid, answer in answers.items() if (body := _body(answer)) is not None}

    def head(self, uid: int, *, length: int) -> bytes | None:
        """Return a mail's header; None when it has gone."""
        answers = self._do(lambda client: client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{length}>"]))
        body = _body(answers.get(uid, {}))
        return None if body is None else body[:length]

    def drop(self) -> None:
        """Close the line without a word."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.shutdown()

    def close(self) -> None:
        """Say goodbye."""
        if self._client is not None:
            with suppress(IMAPClientError, OSError):
                self._client.logout()
        self.drop()

    def _overview(self, uids: Sequence[int]) -> list[Listed]:
        answers = self._do(lambda client: client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]))
        return [
            Listed(uid, int(answer[b"RFC822.SIZE"]), _in_utc(answer.get(b"INTERNALDATE")))
            for uid, answer in answers.items()
            if b"RFC822.SIZE" in answer
        ]

    def _do(self, ask: Callable[[IMAPClient], T]) -> T:
        """Ask on the open line; after any fault nobody knows where in the server's answers we are."""
        if self._client is None:
            raise LineLost
        ends_it = Timer(LONGEST_ANSWER * self._account.timeout, _hang_up, [self._client])
        ends_it.daemon = True
        ends_it.start()
        try:
            return ask(self._client)
        except _FAULTS as fault:
            self.drop()
            raise LineLost from fault
        finally:
            ends_it.cancel()

    def _connect(self) -> None:
        if self._is_refused:  # providers lock out who knocks too often
            raise LoginRefused(self._account)
        with self._explained():
            self._client = self._opened()
            self._log_in(self._client)
            # Only where it is advertised: some servers hang up at an unknown command.
            if self._client.has_capability("ID"):
                self._client.id_(CLIENT | {"support-email": self._account.user})
            self._validity = self._examined(self._client)

    def _opened(self) -> IMAPClient:
        account = self._account
        context = self._trusting() if account.is_encrypted else None
        client = IMAPClient(
            account.host,
            port=account.port,
            ssl=account.is_encrypted,
            ssl_context=context,
            timeout=SocketTimeout(min(CONNECT_SECONDS, account.timeout), account.timeout),
        )
        client.normalise_times = False  # or it would return local time without saying so
        return client

    def _trusting(self) -> ssl.SSLContext:
        file = self._account.ca_file
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as fault:  # of which an SSLError is one: no certificates in it
            raise MailboxNotTrusted(self._account, reason=f"{file}: {fault.strerror or fault}") from fault

    def _log_in(self, client: IMAPClient) -> None:
        # Nothing of the library's own error is kept: who knows what a server repeats.
        try:
            client.login(self._account.user, self._account.password)
        except LoginError as refusal:
            # IMAPClient makes a refusal of everything, of a line that was cut too.
            cut = isinstance(refusal.__context__, IMAPClientAbortError)
            for_now = any(code in str(refusal).upper() for code in _FOR_NOW)
        else:
            return
        if cut or for_now:
            raise MailboxUnavailable(self._account, reason="the server takes no login now") from None
        self._is_refused = True
        raise LoginRefused(self._account) from None

    def _examined(self, client: IMAPClient) -> int:
        try:
            return int(client.select_folder(self._account.folder, readonly=True)[b"UIDVALIDITY"])
        except (IMAPClientAbortError, OSError, LookupError, ValueError) as fault:
            self.drop()
            raise LineLost from fault
        except IMAPClientError as refusal:
            self.drop()
            raise FolderRefused(self._account) from refusal

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Close the line at any fault, and say whose turn it is to act."""
        try:
            yield
        except OperatorError:
            self.drop()
            raise
        except ssl.SSLCertVerificationError as fault:
            self.drop()
            raise MailboxNotTrusted(self._account, reason=fault.verify_message) from fault
        except (LineLost, *_FAULTS) as fault:
            self.drop()
            reason = type(fault.__cause__ or fault).__name__
            raise MailboxUnavailable(self._account, reason=f"no connection ({reason})") from fault


def _hang_up(client: IMAPClient) -> None:
    with suppress(OSError):
        # Not the method of a TLS socket, which is not made for two threads.
        socket.socket.shutdown(client.socket(), socket.SHUT_RDWR)


def _body(answer: dict[bytes, Any]) -> bytes | None:
    # An answer tells where the stretch begins, as in BODY[]<0>. NIL is not an empty one: the mail was moved meanwhile.
    return next((value for name, value in answer.items() if name.startswith(b"BODY[")), None)


def _in_utc(received: datetime | None) -> datetime | None:
    return received.astimezone(UTC) if received is not None and received.tzinfo is not None else None
