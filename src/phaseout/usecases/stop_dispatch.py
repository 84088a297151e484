"""Stop dispatch (停发) and let it go on: a named person decides that nothing leaves for now."""

from datetime import datetime

from phaseout.domain.dispatch_stop import DispatchStop, doubt_after_restore
from phaseout.errors import OperatorError, UsageError
from phaseout.ports import DispatchStops, Ledger


class NobodyStops(UsageError):
    """Stopping dispatch, or letting it go on, needs a name and a reason."""

    def __init__(self) -> None:
        super().__init__("say who decides, and why: --by NAME --reason WHY")


class NotStopped(UsageError):
    """Dispatch is to go on, and nobody stopped it."""

    def __init__(self) -> None:
        super().__init__("dispatch is not stopped")


class NotTakenIn(OperatorError):
    """After a restore dispatch goes on only when all that arrived before was taken in."""

    def __init__(self) -> None:
        super().__init__(
            "what the mailbox or the inbox folders hold was not taken in yet, and may have been answered before the "
            "restore; run `phaseout collect` first"
        )


def stop_dispatch(
    *,
    by: str,
    reason: str,
    as_of: datetime,
    stops: DispatchStops,
    ledger: Ledger,
    restored_from: datetime | None = None,
) -> int:
    """Let nothing leave from now on; return how many letters were left in doubt because the ledger is an older one.

    Raises:
        NobodyStops: name or reason is missing.
    """
    stops.stop(DispatchStop(as_of, *_signed(by, reason), restored_from))
    if restored_from is None:
        return 0
    return ledger.leave_in_doubt(doubt_after_restore(restored_from), as_of=as_of)


def resume_dispatch(
    *, by: str, reason: str, as_of: datetime, stops: DispatchStops, ledger: Ledger, is_anything_waiting: bool
) -> int:
    """Let dispatch go on; return how many letters were left to a person because they may have left before.

    After a restore that is all that was written since, except answers to what arrived later than it, and what a
    person has decided on.

    Raises:
        NobodyStops: name or reason is missing.
        NotStopped: dispatch goes on already.
        NotTakenIn: something that arrived is not taken in yet, and its answer would not be seen as doubtful.
    """
    who, why = _signed(by, reason)
    stop = stops.stopped()
    if stop is None:
        raise NotStopped
    doubtful = 0
    if stop.restored_from is not None:
        if is_anything_waiting:
            raise NotTakenIn
        note = doubt_after_restore(stop.restored_from)
        doubtful = ledger.leave_in_doubt(note, as_of=as_of, decided_since=stop.at)
    stops.resume(DispatchStop(as_of, who, why))
    return doubtful


def _signed(by: str, reason: str) -> tuple[str, str]:
    if not by.strip() or not reason.strip():
        raise NobodyStops
    return by.strip(), reason.strip()
