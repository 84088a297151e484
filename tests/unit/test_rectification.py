"""When a rectification window (整改期限) ends: months from the order, one extension, no clock without a number."""

from datetime import date

import pytest

from phaseout.domain.rectification import (
    AskedTooLate,
    ClockNotRunning,
    NoExtension,
    RectificationOrder,
    RectificationWindow,
    extended,
    window_end,
)

ENERGY = RectificationWindow("energy", "能耗", "二（一）", months=6, extension_months=3, then="责令停业或者关闭")
QUALITY = RectificationWindow("quality", "质量", "二（三）", months=6, extension_months=0, then="予以关闭")
SAFETY = RectificationWindow("safety", "安全", "二（四）", months=None, extension_months=0, then="予以关闭")
BY_ORDER = RectificationWindow("by_order", "能耗", "二（一）", months=None, extension_months=3, then="关停退出")


@pytest.mark.parametrize(
    ("window", "order", "end"),
    [
        pytest.param(ENERGY, RectificationOrder(date(2023, 8, 1)), date(2024, 2, 1), id="six months"),
        pytest.param(ENERGY, RectificationOrder(date(2023, 8, 31)), date(2024, 2, 29), id="to 29 February"),
        pytest.param(ENERGY, RectificationOrder(date(2022, 8, 30)), date(2023, 2, 28), id="no 30 February"),
        pytest.param(SAFETY, RectificationOrder(date(2023, 8, 1)), None, id="incomplete order: no clock runs"),
        pytest.param(SAFETY, RectificationOrder(date(2023, 8, 31), months=1), date(2023, 9, 30), id="its own months"),
        pytest.param(
            SAFETY, RectificationOrder(date(2023, 8, 1), until=date(2023, 8, 15)), date(2023, 8, 15), id="its own day"
        ),
        pytest.param(ENERGY, RectificationOrder(date(2023, 8, 1), months=2), date(2023, 10, 1), id="a shorter order"),
    ],
)
def test_a_window_ends_months_after_the_day_of_the_order(window, order, end):
    assert window_end(window, order) == end


@pytest.mark.parametrize(
    ("asked_on", "end"),
    [
        pytest.param(date(2024, 1, 15), date(2024, 5, 31), id="well before"),
        pytest.param(date(2024, 2, 29), date(2024, 5, 31), id="on the last day"),
    ],
)
def test_an_extension_asked_for_before_the_end_runs_from_the_same_start(asked_on, end):
    order = extended(ENERGY, RectificationOrder(date(2023, 8, 31)), asked_on=asked_on)

    assert window_end(ENERGY, order) == end


def test_an_extension_of_a_day_that_an_order_set_runs_from_that_day():
    order = extended(
        BY_ORDER, RectificationOrder(date(2023, 8, 1), until=date(2023, 8, 31)), asked_on=date(2023, 8, 30)
    )

    assert window_end(BY_ORDER, order) == date(2023, 11, 30)


def test_an_extension_asked_for_after_the_end_is_refused():
    with pytest.raises(AskedTooLate, match="2024-02-29"):
        extended(ENERGY, RectificationOrder(date(2023, 8, 31)), asked_on=date(2024, 3, 1))


def test_there_is_one_extension_at_most():
    once = extended(ENERGY, RectificationOrder(date(2023, 8, 31)), asked_on=date(2024, 1, 15))

    with pytest.raises(NoExtension):
        extended(ENERGY, once, asked_on=date(2024, 3, 1))


def test_a_window_without_extension_is_not_extended():
    with pytest.raises(NoExtension, match="quality"):
        extended(QUALITY, RectificationOrder(date(2023, 8, 31)), asked_on=date(2023, 9, 1))


def test_an_order_without_months_or_day_has_nothing_to_extend():
    with pytest.raises(ClockNotRunning, match="by_order"):
        extended(BY_ORDER, RectificationOrder(date(2023, 8, 31)), asked_on=date(2023, 9, 1))
