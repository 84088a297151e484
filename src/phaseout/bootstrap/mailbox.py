"""The mailbox that the settings name: its address, and where the password comes from."""

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from phaseout.bootstrap.passwords import BadPassword, password_of
from phaseout.errors import UsageError
from phaseout.settings import Settings

if TYPE_CHECKING:
    from phaseout.adapters.intake.imap import ImapIntake
    from phaseout.adapters.intake.imap_line import Account

# Who vouches for senders in the home's own Maildir, which a replay fills. Never believed of a mailbox that the settings
# name: anybody can read this, and write it into his mail.
LOOPBACK = "mail.office.example"
SCHEMES = ("imaps", "imap")


class UnsupportedMailbox(UsageError):
    """The mailbox's address names a kind that there is no adapter for."""

    def __init__(self, *, scheme: str) -> None:
        super().__init__(
            f"PHASEOUT_MAILBOX_URL: {scheme or 'no scheme'} is not supported; use imaps://user@host/ or maildir:///path"
        )


class BadMailboxUrl(UsageError):
    """The mailbox's address cannot be used."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"PHASEOUT_MAILBOX_URL: {reason}; expected imaps://user@host:port/FOLDER")


class BadMailboxPassword(BadPassword):
    """There is no password for the mailbox that may be used."""

    whose = "the mailbox's"


def maildir_of(url: str) -> Path:
    """Return the folder of a Maildir's address."""
    parts = urlsplit(url)
    if parts.scheme != "maildir":
        raise UnsupportedMailbox(scheme=parts.scheme)
    return Path(unquote(parts.path))


def imap_intake(settings: Settings, *, hints: Path) -> "ImapIntake | None":
    """Return the mailbox over IMAP, if that is what the settings name.

    Raises:
        BadMailboxUrl: the address is none, or one that would send the password in the clear.
        BadMailboxPassword: there is none, or others can read it.
    """
    parts = urlsplit(settings.mailbox_url or "")
    if parts.scheme not in SCHEMES:
        return None
    from phaseout.adapters.intake.imap import ImapIntake  # noqa: PLC0415

    return ImapIntake(_account(parts, settings), hints=hints, largest=settings.mailbox_largest_mail)


def _account(parts: SplitResult, settings: Settings) -> "Account":
    from phaseout.adapters.intake.imap_line import Account  # noqa: PLC0415

    host, user, port = _host(parts), _user(parts), _port(parts)
    return Account(
        host=host,
        user=user,
        password=_password(settings),
        port=port,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=parts.scheme == "imaps",
        ca_file=settings.mailbox_ca_file,
        timeout=settings.mailbox_timeout,
    )


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise BadMailboxUrl(reason="it names no host")
    if parts.scheme == "imap" and not _is_loopback(parts.hostname):
        raise BadMailboxUrl(reason="imap:// would send mail and password in the clear; use imaps://")
    return parts.hostname


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError:  # its text repeats what was written there, which may be part of a password
        raise BadMailboxUrl(reason="the port is no number") from None


def _user(parts: SplitResult) -> str:
    if parts.password is not None:
        raise BadMailboxUrl(reason="the password does not belong there; use PHASEOUT_MAILBOX_PASSWORD_FILE")
    user = unquote(parts.username or "")
    if not _is_plain(user) or any(sign in user for sign in ' "\\(){}%*'):
        raise BadMailboxUrl(reason="it names no user, or not a plain one")
    return user


def _password(settings: Settings) -> str:
    password = password_of(settings.mailbox_password, settings.mailbox_password_file, bad=BadMailboxPassword)
    if password is None:
        raise BadMailboxPassword(reason="set PHASEOUT_MAILBOX_PASSWORD_FILE or PHASEOUT_MAILBOX_PASSWORD")
    return password


def _is_plain(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
