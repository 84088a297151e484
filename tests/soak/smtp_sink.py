"""A mail server in a process of its own that takes everything and writes down when; it outlives whom it serves."""

import argparse
import email
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

_WAIT_S = 0.02


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server has said yes to."""

    at: float  # of time.monotonic, which all processes of a machine share
    message_id: str
    answers: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Sink:
    """The server, from outside."""

    port: int
    log: Path

    def taken(self) -> list[Taken]:
        """Return what it took so far, in order."""
        lines = self.log.read_text("utf-8").splitlines()
        return [Taken(float(at), *rest) for at, *rest in (line.split("\t") for line in lines)]


@contextmanager
def sink(folder: Path, *, certificate: str | None = None, key: str | None = None):
    """Run a server that writes into *folder*, until the block ends; over TLS if it is given a certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    log, port = folder / "taken.tsv", folder / "port"
    log.touch()
    tls = [certificate, key] if certificate and key else []
    process = subprocess.Popen([sys.executable, "-m", "tests.soak.smtp_sink", str(folder), *tls])
    try:
        while not port.exists():
            assert process.poll() is None, "the mail server did not start"
            time.sleep(_WAIT_S)
        yield Sink(int(port.read_text("utf-8")), log)
    finally:
        process.kill()
        process.wait()


class _Taker:
    def __init__(self, log: Path) -> None:
        self._log = log

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  aiosmtpd's name
        heads = email.message_from_bytes(envelope.content)
        fields = (
            str(time.monotonic()),
            heads["Message-ID"],
            heads["In-Reply-To"] or "",
            parseaddr(envelope.rcpt_tos[0])[1],
        )
        with self._log.open("a", encoding="utf-8") as log:
            log.write("\t".join(fields) + "\n")
        return "250 OK"


def main() -> None:
    """Serve until killed; the port is written to a file, whole or not at all."""
    from aiosmtpd.controller import Controller  # noqa: PLC0415  in the server's process alone

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("certificate", nargs="?")
    parser.add_argument("key", nargs="?")
    asked = parser.parse_args()
    folder, context = asked.folder, None
    if asked.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(asked.certificate, asked.key)

    class Server(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    server = Server(
        _Taker(folder / "taken.tsv"), hostname="127.0.0.1", port=0, ssl_context=context, data_size_limit=60_000_000
    )
    server.start()
    (folder / "port.new").write_text(str(server.port), "utf-8")
    (folder / "port.new").rename(folder / "port")
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
