"""Throw-away mail servers on 127.0.0.1: SMTP with switchable faults, with or without TLS and login."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
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
        return super().factory()

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
        self.handler.connections = 0

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


def self_signed(folder: Path) -> tuple[str, str]:
    """Write a certificate for localhost and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
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
