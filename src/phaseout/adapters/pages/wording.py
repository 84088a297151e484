"""How dates and shares are written on pages (年月日、百分比)."""

from datetime import date, datetime

from phaseout.domain.calendar import CHINA, month_of

NOTHING = "—"


def day(value: date) -> str:
    """Write a day, such as 2022年8月12日."""
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date) -> str:
    """Write a day without its year, such as 8月12日."""
    return f"{value.month}月{value.day}日"


def instant(value: datetime) -> str:
    """Write an instant in China's time, such as 2022年8月12日 09:05."""
    local = value.astimezone(CHINA)
    return f"{day(local)} {local:%H:%M}"


def month(period: str) -> str:
    """Write a period, such as 2022年8月."""
    year, number = month_of(period)
    return f"{year}年{number}月"


def share(value: float | None) -> str:
    """Write a share as a percentage with one decimal; a dash when there is none."""
    if value is None:
        return NOTHING
    # Rounding must not say that all is done while something is left.
    percent = min(round(value * 100, 1), 99.9) if value < 1 else value * 100
    return f"{percent:.1f}%"


FILTERS = {"day": day, "short_day": short_day, "instant": instant, "month": month, "share": share}
