"""Rectification windows (整改期限): months from the day of a written order, with at most one extension."""

from dataclasses import dataclass, replace
from datetime import date

from phaseout.domain.calendar import months_after
from phaseout.errors import UsageError


class NoExtension(UsageError):
    """An extension is asked for where the notice allows none, or no more."""

    def __init__(self, *, window: str) -> None:
        self.window = window
        super().__init__(f"the window {window} allows no extension, or was extended already")


class ClockNotRunning(UsageError):
    """An extension is asked for an order that has no end to extend."""

    def __init__(self, *, window: str) -> None:
        self.window = window
        super().__init__(f"the order under {window} says neither months nor a day: no clock runs")


class AskedTooLate(UsageError):
    """An extension was asked for after the window had ended."""

    def __init__(self, *, window: str, ended_on: date) -> None:
        self.window = window
        self.ended_on = ended_on
        super().__init__(f"the window {window} ended on {ended_on}; an extension is asked for before that")


@dataclass(frozen=True, slots=True)
class RectificationWindow:
    """How long one line of a notice (能耗, 质量 …) gives; no months where each order says it for itself."""

    id: str
    title: str
    basis: str
    months: int | None
    extension_months: int  # none: 0
    then: str  # what the notice says happens when it ends in vain


@dataclass(frozen=True, slots=True)
class RectificationOrder:
    """A rectification order (整改通知书) under a window; *months* or *until* if the notice leaves it to the order."""

    ordered_on: date
    months: int | None = None
    until: date | None = None
    extension_asked_on: date | None = None


def window_end(window: RectificationWindow, order: RectificationOrder) -> date | None:
    """Return the last day of an order's window; None while the order is incomplete and no clock runs.

    Months run from the day of the order to the same day, or to the end of a shorter month. An extension runs from the
    same start: from 31 August six months end on 29 February and nine on 31 May.
    """
    extension = window.extension_months if order.extension_asked_on else 0
    if order.until is not None:
        return months_after(order.until, extension)
    months = window.months if order.months is None else order.months
    return None if months is None else months_after(order.ordered_on, months + extension)


def extended(window: RectificationWindow, order: RectificationOrder, *, asked_on: date) -> RectificationOrder:
    """Return the order with its one extension.

    Raises:
        NoExtension: the window allows none, or the order has had it.
        ClockNotRunning: the order is incomplete.
        AskedTooLate: the window had ended.
    """
    if not window.extension_months or order.extension_asked_on is not None:
        raise NoExtension(window=window.id)
    end = window_end(window, order)
    if end is None:
        raise ClockNotRunning(window=window.id)
    if asked_on > end:
        raise AskedTooLate(window=window.id, ended_on=end)
    return replace(order, extension_asked_on=asked_on)
