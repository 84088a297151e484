"""A throw-away PostgreSQL server on 127.0.0.1, whose databases each begin empty."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.imap_servers import free_port

NOT_INSTALLED = "PostgreSQL is not installed: run tools/install-packages as root (apt-get install postgresql)"
USER = "office"  # of this server alone

# It forgets all of it when it ends, so nothing need reach the disk; the rest is what an installation has.
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{base}'
max_connections = 60
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
log_min_messages = fatal
"""
ACCESS = "local all all trust\nhost all all 127.0.0.1/32 trust\n"
# As no computer sorts that lacks ICU: a list whose order the database's language decides shows at once.
ORDER = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-u-co-pinyin")


def programs():
    """Return the folder of the newest server that is installed, or None."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted((int(re.sub(r"\D", "", path.parts[-3])), path.parent) for path in versions)
    if found:
        return found[-1][1]
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


class PostgresServer:
    """A server of one's own; runs as nobody when root starts it, for PostgreSQL refuses root."""

    def __init__(self, folder):
        self.folder = folder
        self._base = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: that of a socket has its limit
        self._data = self._base / "data"
        self._as = {}
        if os.geteuid() == 0:
            shutil.chown(self._base, "nobody")
            self._as = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
        self._numbers = count(1)
        self.port = free_port()

    def __enter__(self):
        initdb = [self.folder / "initdb", "-D", self._data, "-U", USER, "--auth=trust", "--no-sync", *ORDER]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self._as)
        (self._data / "postgresql.conf").write_text(CONFIGURATION.format(base=self._base, port=self.port))
        (self._data / "pg_hba.conf").write_text(ACCESS)
        self.start()
        return self

    def start(self):
        """Start, or start again with the data that is there."""
        with (self._base / "log").open("ab") as log:
            command = [self.folder / "postgres", "-D", self._data]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._as)
        until = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                said = (self._base / "log").read_text(errors="replace")
                self.__exit__()
                raise RuntimeError(f"PostgreSQL did not start: {said}")
            time.sleep(0.02)

    def stop(self):
        """Stop at once; whoever is connected is cut off."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast": SIGTERM would wait for every client to leave
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._base, ignore_errors=True)

    def _answers(self):
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database):
        """Return a database's address, as the office writes it into its settings."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def connect(self, database):
        """Return a line to a database on which each statement is a transaction of its own."""
        return psycopg.connect(self.url(database), autocommit=True)

    def new_database(self):
        """Make an empty database and return its address."""
        name = f"ledger_{next(self._numbers)}"
        with self.connect("postgres") as line:
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def run(self, program, *arguments):
        """Run one of PostgreSQL's own programs, as the office would."""
        return subprocess.run([self.folder / program, *arguments], check=True, capture_output=True, text=True)
