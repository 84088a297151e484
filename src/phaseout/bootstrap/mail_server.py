"""The mail server that the settings name, and the terms on which letters leave through it."""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from phaseout.bootstrap.passwords import BadPassword, password_of
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.sending_terms import PAUSE, QuietHours, SendingTerms
from phaseout.errors import UsageError
from phaseout.settings import Settings

if TYPE_CHECKING:
    from phaseout.ports import Sender

PORTS = {"ssl": 465, "starttls": 587, "none": 25}


class BadSmtpUrl(UsageError):
    """The mail server's address cannot be used."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"PHASEOUT_SMTP_URL: {reason}; expected smtp://user@host:port?tls=ssl|starttls|none")


class BadSmtpPassword(BadPassword):
    """There is no password for the mail server that may be used."""

    whose = "the mail server's"


def sender_of(settings: Settings, *, office_address: str) -> "Sender":
    """Return a sender; without a mail server letters stay in `outgoing/`.

    Raises:
        BadSmtpUrl: the server's address cannot be used.
        BadSmtpPassword: the password's file cannot.
    """
    from phaseout.adapters.post.sender import FiledSender, SmtpSender  # noqa: PLC0415

    if settings.smtp_url is None:
        return FiledSender()
    parts = urlsplit(settings.smtp_url)
    tls = parse_qs(parts.query).get("tls", ["ssl"])[0]
    return SmtpSender(
        host=_host(parts, tls=tls),
        port=_port(parts, tls=tls),
        sender=office_address,
        user=_user(parts),
        password=password_of(settings.smtp_password, settings.smtp_password_file, bad=BadSmtpPassword),
        tls=tls,
        timeout=settings.smtp_timeout,
        ca_file=settings.smtp_ca_file,
        per_connection=settings.smtp_per_connection or None,
    )


def terms_of(settings: Settings, *, calendar: WorkCalendar) -> SendingTerms:
    """Return when letters may leave and how many.

    Raises:
        BadQuietHours: the quiet hours are not two times of day.
    """
    return SendingTerms(
        per_window=settings.smtp_per_window or None,
        per_day=settings.smtp_per_day or None,
        quiet=QuietHours.parse(settings.quiet_hours),
        calendar=calendar,
        pause=PAUSE,
    )


def _host(parts: SplitResult, *, tls: str) -> str:
    if parts.scheme != "smtp" or not parts.hostname:
        raise BadSmtpUrl(reason="it names no server")
    if tls == "none" and not _is_this_machine(parts.hostname):
        raise BadSmtpUrl(reason="tls=none would send letters and password in the clear")
    return parts.hostname


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(parts: SplitResult, *, tls: str) -> int:
    try:
        return parts.port or PORTS.get(tls, PORTS["ssl"])
    except ValueError:  # its text repeats what was written there, which may be part of a password
        raise BadSmtpUrl(reason="the port is no number") from None


def _user(parts: SplitResult) -> str | None:
    if parts.password is not None:
        raise BadSmtpUrl(reason="the password does not belong there; use PHASEOUT_SMTP_PASSWORD_FILE")
    user = unquote(parts.username) if parts.username else None
    if user is not None and not (user.isascii() and user.isprintable() and " " not in user):
        raise BadSmtpUrl(reason="its user is no plain one")
    return user
