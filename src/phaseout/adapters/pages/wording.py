"""How dates and shares are written on pages (年月日、百分比)."""

from datetime import date, datetime

from phaseout.domain.calendar import CHINA, month_of
from phaseout.domain.shares import share_words

share = share_words


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


def brief(value: date, year: int) -> str:
    """Write a day; its year only where it is not the campaign's."""
    return short_day(value) if value.year == year else day(value)


def moment(value: datetime, year: int) -> str:
    """Write an instant of the marts, which is China's wall clock, such as 8月12日 09:05."""
    return f"{brief(value, year)} {value:%H:%M}"


def waited(days: int) -> str:
    """Write for how many days something has waited."""
    return f"{days}天" if days else "今日"


def month(period: str) -> str:
    """Write a period, such as 2022年8月."""
    year, number = month_of(period)
    return f"{year}年{number}月"


def weekday(value: date) -> str:
    """Write the day of the week, such as 周五."""
    return f"周{'一二三四五六日'[value.weekday()]}"


FILTERS = {
    "day": day,
    "short_day": short_day,
    "brief": brief,
    "instant": instant,
    "moment": moment,
    "month": month,
    "share": share,
    "waited": waited,
    "weekday": weekday,
}
