"""The words for troubles (运行问题): Chinese for the office, English beside them for the administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from phaseout.domain.calendar import CHINA
from phaseout.domain.health import Check, Fact, Trouble

_HOUR, _DAY = 3600, 86_400


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a trouble in one language: its name, what is wrong, what to do."""

    title: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class HealthWords:
    """Every trouble's wording, and the names of checks, passes and places; Chinese first, English second."""

    troubles: Mapping[str, tuple[Wording, Wording]]
    checks: Mapping[Check, tuple[str, str]]
    names: Mapping[str, tuple[str, str]]

    def chinese(self, trouble: Trouble) -> Wording:
        """Return what the office reads."""
        return self._wording(trouble, 0)

    def english(self, trouble: Trouble) -> Wording:
        """Return what the administrator reads."""
        return self._wording(trouble, 1)

    def _wording(self, trouble: Trouble, language: int) -> Wording:
        wording = self.troubles[trouble.code][language]
        facts = {name: self._fact(value, language) for name, value in trouble.facts.items()}
        return Wording(wording.title.format_map(facts), wording.what.format_map(facts), wording.do.format_map(facts))

    def _fact(self, value: Fact, language: int) -> str:
        if isinstance(value, str) and value in self.names:
            return self.names[value][language]
        return (_in_english if language else _in_chinese)(value)


def _in_chinese(value: Fact) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(CHINA)
        return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return _span(value, "天", "小时", "分钟") if isinstance(value, timedelta) else str(value)


def _in_english(value: Fact) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return _span(value, " d", " h", " min") if isinstance(value, timedelta) else str(value)


def _span(value: timedelta, days: str, hours: str, minutes: str) -> str:
    seconds = int(value.total_seconds())
    if seconds >= 2 * _DAY:
        return f"{seconds // _DAY}{days}"
    return f"{seconds // _HOUR}{hours}" if seconds >= _HOUR else f"{seconds // 60}{minutes}"
