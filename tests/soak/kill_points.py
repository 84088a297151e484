"""The points between fetch and receipt at which a process is killed (kill -9), each a patch of one adapter's method.

Nothing of this is reachable from the product: a point is set in a process that a test has forked, and nowhere else.
"""

import os
import signal
import smtplib
from collections.abc import Callable, Mapping
from functools import wraps

from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.intake.inbox_folder import InboxFolder
from phaseout.adapters.ledger import SqlLedger, outbox
from phaseout.adapters.post.sender import SmtpSender
from phaseout.adapters.workbook_reader import LimitedWorkbookReader


def die(*_: object, **__: object) -> None:
    """End this process as the kernel would: nothing is closed, nothing is written."""
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: object, name: str, *, call: int = 1) -> None:
    _patch(owner, name, call=call, dies_after=False)


def _after(owner: object, name: str, *, call: int = 1) -> None:
    _patch(owner, name, call=call, dies_after=True)


def _patch(owner: object, name: str, *, call: int, dies_after: bool) -> None:
    """Let a call of a method be the process's last, before it or after it."""
    right = getattr(owner, name)
    calls = 0

    @wraps(right)
    def deadly(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call and not dies_after:
            die()
        result = right(*args, **kwargs)
        if calls == call:
            die()
        return result

    setattr(owner, name, deadly)


def _in_the_text(share: float) -> None:
    """Kill when so much of a letter's text, 1 for all, has gone to the mail server and its answer is not read."""
    right = smtplib.SMTP.send

    def deadly(self: smtplib.SMTP, text: bytes | str) -> None:
        if getattr(self, "phase", "") != "text":
            right(self, text)
            return
        raw = text.encode() if isinstance(text, str) else text
        right(self, raw[: int(len(raw) * share)])
        die()

    smtplib.SMTP.send = deadly  # type: ignore[method-assign,assignment]


def _while_reading() -> None:
    """Kill when the second workbook has been read and the others wait in the parser's process."""
    right = LimitedWorkbookReader.read_ahead

    def deadly(self: LimitedWorkbookReader, contents: object) -> object:
        for number, workbook in enumerate(right(self, contents), start=1):  # type: ignore[arg-type]
            yield workbook
            if number == 2:
                die()

    LimitedWorkbookReader.read_ahead = deadly  # type: ignore[method-assign,assignment]


# In the order in which a pass comes to them.
POINTS: Mapping[str, Callable[[], None]] = {
    "bytes on the disk, not under their name": lambda: _after(os, "fsync"),
    "half the mails archived, none in the ledger": lambda: _after(FileArchive, "put", call=2),
    "in the ledger, nothing read": lambda: _after(SqlLedger, "record_deliveries"),
    "a folder's file in the ledger, not moved away": lambda: _before(InboxFolder, "archived"),
    "a folder's file under both its names": lambda: _after(os, "link"),
    "workbooks half read": _while_reading,
    "checked, nothing loaded": lambda: _after(GxChecker, "check"),
    "loaded in the warehouse's transaction, not decided": lambda: _before(SqlLedger, "record"),
    "within the ledger's transaction": lambda: _before(outbox, "add_letters"),
    "decided, the warehouse not committed": lambda: _after(SqlLedger, "record"),
    "the warehouse committed, no letter left": lambda: _after(DuckDbWarehouse, "commit"),
    "a letter claimed, not at the mail server": lambda: _after(SqlLedger, "claim"),
    "half of a letter with the mail server": lambda: _in_the_text(0.5),
    "a whole letter with the mail server, its yes unread": lambda: _in_the_text(1),
    "taken by the mail server, not settled": lambda: _after(SmtpSender, "send"),
    "some letters sent, the next one claimed": lambda: _after(SqlLedger, "settle_and_claim", call=2),
}
# Between the server's yes and our note of it nobody knows of a letter whether it left: it leaves once more.
MAY_REPEAT = frozenset({"a whole letter with the mail server, its yes unread", "taken by the mail server, not settled"})
# A process that dies with a letter in hand lets that one, and no other, be tried again with a remark on it.
IN_HAND = MAY_REPEAT | {
    "a letter claimed, not at the mail server",
    "half of a letter with the mail server",
    "some letters sent, the next one claimed",
}
