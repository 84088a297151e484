"""A throw-away mailbox on 127.0.0.1: a real Dovecot (IMAP, IMAPS, LMTP), a clerk at it, and a gate that misbehaves."""

import asyncio
import grp
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from imapclient import IMAPClient

from phaseout.adapters.intake.imap_line import Account

USER, PASSWORD = "office@gxt.example", "invented-16-signs"  # of this server alone
NOT_INSTALLED = (
    "Dovecot is not installed: run tools/install-packages as root (apt-get install dovecot-imapd dovecot-lmtpd)"
)

CONFIGURATION = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{base}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
mail_fsync = never
mail_max_userip_connections = 50
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = username_format=%u {base}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """A mailbox server for one user; runs as root or as an ordinary user."""

    def __init__(self, certificate):
        self.program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        assert self.program, NOT_INSTALLED
        assert Path("/usr/lib/dovecot/lmtp").exists(), NOT_INSTALLED
        self.base = Path(tempfile.mkdtemp(prefix="dc"))  # a short path: that of a socket has its limit
        self.base.chmod(0o755)
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        is_root, me = os.geteuid() == 0, pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam("nobody") if is_root else me
        self.mail = self.base / "mail"
        self.mail.mkdir()
        if is_root:
            os.chown(self.mail, owner.pw_uid, owner.pw_gid)
        (self.base / "passwd").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n")
        for name, path in zip(("certificate.pem", "key.pem"), certificate, strict=True):
            shutil.copy(path, self.base / name)
        (self.base / "dovecot.conf").write_text(
            CONFIGURATION.format(
                base=self.base,
                certificate=self.base / "certificate.pem",
                key=self.base / "key.pem",
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
                uid=owner.pw_name,
                gid=owner.pw_gid,
                login="dovenull" if is_root else me.pw_name,
                internal="dovecot" if is_root else me.pw_name,
                group="dovecot" if is_root else grp.getgrgid(me.pw_gid).gr_name,
            )
        )

    def log(self):
        path = self.base / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.imap), 1) as line:
                    line.settimeout(5)
                    if line.recv(100).startswith(b"* OK"):
                        return self
            except OSError:
                pass
            time.sleep(0.02)
        said = self.log()
        self.__exit__()
        raise RuntimeError(f"Dovecot did not start: {said}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    def account(self, **other):
        """Return how the office reaches its mailbox."""
        defaults = {"host": "127.0.0.1", "user": USER, "password": PASSWORD, "port": self.imap, "is_encrypted": False}
        return Account(**defaults | {"timeout": 20.0} | other)

    def deliver(self, *mails):
        """Let mails arrive, as a mail server hands them over."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as line:
            for raw in mails:
                line.sendmail("city@city.example", [USER], raw)

    def clerk(self):
        """Return the mail program of somebody who works in the mailbox."""
        program = IMAPClient("127.0.0.1", port=self.imap, ssl=False, timeout=20)
        program.login(USER, PASSWORD)
        program.select_folder("INBOX")
        return program

    def empty(self):
        """Take every mail out, for the next test."""
        with self.clerk() as clerk:
            clerk.delete_messages(clerk.search("ALL"))
            clerk.expunge()
            for _, _, folder in clerk.list_folders():
                if folder != "INBOX":
                    clerk.delete_folder(folder)

    def number_anew(self):
        """Make the server forget its numbers: the next to look finds another UIDVALIDITY, and UIDs from 1."""
        box = self.mail / USER
        before = self.validity()
        until = time.monotonic() + 20
        while self.validity() == before:  # it is made of the second in which the folder is first seen
            assert time.monotonic() < until, "Dovecot kept its UIDVALIDITY"
            time.sleep(0.3)
            for path in (*box.glob("dovecot*uid*"), *box.glob("dovecot.index*")):
                path.unlink(missing_ok=True)

    def validity(self):
        with self.clerk() as clerk:
            return clerk.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]


class Gate:
    """Stands before a mailbox server: knows nobody before ID, and misbehaves in other ways.

    *cut_after* cuts one line when that many bytes have come down it, and the server *is_down* then if
    *is_down_after_cut*; *poison* cuts every line on which these bytes come; *instead* holds answers that are given once
    to a command in which some bytes stand; one that *drips* sends mails an octet at a time; one that *says_larger*
    counts 100 octets more than a mail has; *hides* is taken out of what the server says it can do.
    """

    def __init__(self, upstream, *, wants_id=True, hides=b"", certificate=None):
        self.upstream, self.wants_id, self.hides = upstream, wants_id, hides
        self.context = None
        if certificate:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(*certificate)
        self.cut_after, self.poison, self.is_down, self.is_down_after_cut = None, None, False, False
        self.instead, self.says_larger, self.drips = {}, False, False
        self.lines, self.refused, self.cuts, self.octets, self.commands, self.items = 0, 0, 0, 0, [], []

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=[ready], daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)
        start = asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 24, ssl=self.context)
        self._server = self._loop.run_until_complete(start)
        self.port = self._server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _end(self):
        self._server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _client(self, reader, writer):
        self.lines += 1
        if self.is_down:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        down = asyncio.create_task(self._down(up_reader, writer, up_writer))
        try:
            await self._up(reader, writer, up_writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            up_writer.close()
            down.cancel()
            writer.close()

    async def _down(self, up_reader, writer, up_writer):
        seen, tail = 0, b""
        while data := await up_reader.read(65536):
            data = data.replace(self.hides, b"") if self.hides and b"CAPABILITY" in data else data
            if self.says_larger:
                data = re.sub(rb"(?<=RFC822.SIZE )\d+", lambda size: b"%d" % (int(size[0]) + 100), data)
            seen += len(data)
            self.octets += len(data)
            tail = (tail + data)[-70_000:]
            is_poison = self.poison is not None and self.poison in tail
            if is_poison or (self.cut_after is not None and seen > self.cut_after):
                self.cut_after = self.cut_after if is_poison else None
                self.cuts += 1
                self.is_down = self.is_down_after_cut
                writer.write(data[: len(data) // 2])
                writer.close()
                up_writer.transport.abort()
                return
            if self.drips and b"BODY[" in data:
                await self._drip(data, writer)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _drip(self, data, writer):
        for octet in data:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(0.05)

    async def _up(self, reader, writer, up_writer):
        is_known = not self.wants_id
        while line := await reader.readline():
            tag, _, rest = line.partition(b" ")
            command = re.match(rb"(?:UID )?\w+", rest)
            word = command[0].upper() if command else b""
            self.commands.append(word.decode())
            self.items += re.findall(rb"BODY[.A-Z]*\[", rest)
            is_known = is_known or word == b"ID"
            if word in (b"SELECT", b"EXAMINE") and not is_known:
                self.refused += 1
                writer.write(tag + b" NO " + word + b" Unsafe Login. Please contact kefu@188.com for help\r\n")
            elif (wanted := next((part for part in self.instead if part in rest), None)) is not None:
                writer.write(self.instead.pop(wanted) + tag + b" OK Fetch completed.\r\n")
            else:
                up_writer.write(line)
                await up_writer.drain()
