"""Throw-away mail servers on 127.0.0.1: SMTP with switchable faults, with or without TLS and login."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

REFUSED_AT_RCPT = {
    "nouser@city.example": "550 5.1.1 User not found",
    "slow@city.example": "451 MI:SFQ too many mails, try later",
    "tomorrow@city.example": "550 MI:STC the count of the day is reached",
    "spam@city.example": "554 DT:SPM rejected",
    "busy@city.example": "452 4.3.1 out of space",
}


@dataclass
class Faults:
    """What the next mails meet after the text was taken: `drop` and `drop once` cut the line, `hang` keeps silent."""

    mode: str = ""
    taken: list = field(default_factory=list)
    connections: int = 0
    # What it does at a step: `cut`, `silence`, `cut in the text` (at DATA), or what it says instead of yes.
    at: dict = field(default_factory=dict)
    logins: list = field(default_factory=list)

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802  aiosmtpd's name
        if address in REFUSED_AT_RCPT:
            return REFUSED_AT_RCPT[address]
        if self.mode == "cut before the text":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802  aiosmtpd's name
        if self.mode.startswith("421"):
            server.transport.write(f"{self.mode}\r\n".encode())
            server.transport.close()
        if self.mode[:3].isdigit():
            return self.mode
        if self.mode == "hang":
            await asyncio.sleep(5)
        self.taken.append(envelope)
        if self.mode.startswith("drop"):
            self.mode = "" if self.mode == "drop once" else self.mode
            server.transport.abort()
        return "250 OK"


class FaultyConversation(SMTP):
    """A conversation that may go wrong at each step: greeting, EHLO, AUTH, MAIL, RCPT, DATA, QUIT."""

    async def push(self, status):
        fault = self.event_handler.at.get("greeting")
        is_greeting = isinstance(status, str) and status.startswith(f"220 {self.hostname}")
        if is_greeting and fault and await self._went_wrong(fault):
            return
        await super().push(status)

    async def _went_wrong(self, fault):
        if fault == "silence":
            await asyncio.sleep(5)
        elif fault == "cut":
            self.transport.abort()
        elif fault == "cut in the text":
            await super().push("354 go ahead")
            self.transport.abort()
        else:
            await super().push(fault)
            if fault.startswith("421"):
                self.transport.close()
        return True

    async def _step(self, name, go_on, arg):
        fault = self.event_handler.at.get(name)
        if not (fault and await self._went_wrong(fault)):
            await go_on(arg)

    async def smtp_EHLO(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("EHLO", super().smtp_EHLO, arg)

    async def smtp_HELO(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("EHLO", super().smtp_HELO, arg)

    async def smtp_AUTH(self, arg):  # noqa: N802  aiosmtpd's name
        self.event_handler.logins.append(arg)
        await self._step("AUTH", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("DATA", super().smtp_DATA, arg)

    async def smtp_QUIT(self, arg):  # noqa: N802  aiosmtpd's name
        await self._step("QUIT", super().smtp_QUIT, arg)


class FaultySmtp(Controller):
    """An SMTP server; *tls* is None, ssl or starttls."""

    def __init__(self, *, tls=None, certificate=None, password=None):
        options = {"data_size_limit": 60_000_000}
        context = None
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*certificate)
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if password:
            options |= {"authenticator": _only(password), "auth_required": True, "auth_require_tls": False}
        super().__init__(
            Faults(), hostname="127.0.0.1", port=0, ssl_context=context if tls == "ssl" else None, **options
        )

    def factory(self):
        self.handler.connections += 1
        return FaultyConversation(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
        self.handler.connections = 0
        self.handler.logins.clear()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def _only(password):
    def authenticate(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and data.password == password.encode()
        return AuthResult(success=right, handled=right)

    return authenticate


def self_signed(folder: Path, *, name: str | None = None) -> tuple[str, str]:
    """Write a certificate for this machine, or for another name, and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    hosts = [x509.DNSName(name)] if name else here
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name or "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(paths[0]), str(paths[1])
