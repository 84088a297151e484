"""A mail server over TLS in a process of its own that takes everything and keeps nothing but the count.

It speaks just enough SMTP for one client: a real server's work would be measured with ours, on the same processor.
"""

import argparse
import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

END = b"\r\n.\r\n"


class _Taker(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self.is_text = False
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  of a stream server
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while self._step():
            pass

    def _step(self) -> bool:
        if self.is_text:
            if not self.rest.endswith(END):  # the client waits for its answer before it says more
                return False
            self.is_text, self.rest = False, b""
            self.transport.write(b"250 taken\r\n")
            return False
        line, newline, rest = self.rest.partition(b"\r\n")
        if not newline:
            return False
        self.rest = rest
        self._answer(line[:4].upper())
        return bool(rest)

    def _answer(self, verb: bytes) -> None:
        if verb == b"DATA":
            self.is_text = True
            self.transport.write(b"354 go ahead\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 fine\r\n")


@contextmanager
def mail_sink(certificate: Path, key: Path) -> Iterator[int]:
    """Run the server until the block ends; yields its port."""
    command = [sys.executable, "-m", "benchmarks.mail_sink", str(certificate), str(key)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  ourselves
    try:
        assert process.stdout is not None  # noqa: S101  it is piped
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


async def _serve(context: ssl.SSLContext) -> None:
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("certificate")
    parser.add_argument("key")
    asked = parser.parse_args()
    speaks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaks.load_cert_chain(asked.certificate, asked.key)
    asyncio.run(_serve(speaks))
