"""Writes letters (函件) from the templates of `data/letters/<kind>/`: subject, plain text, HTML."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from phaseout.domain.calendar import CHINA, month_of
from phaseout.domain.letter import LetterFacts, LetterKind, LetterText
from phaseout.errors import OperatorError
from phaseout.ports import LetterWriter


class LetterNotWritten(OperatorError):
    """A template and the facts for it do not fit together."""

    def __init__(self, *, kind: LetterKind, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(f"the letter {kind} cannot be written: {reason}")


class JinjaLetters(LetterWriter):
    """Renders the trio of a letter's kind from a folder."""

    def __init__(self, folder: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(enabled_extensions=("html",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= _FILTERS

    def write(self, kind: LetterKind, facts: LetterFacts) -> LetterText:
        """Return the text.

        Raises:
            LetterNotWritten: a fact or a template is missing.
        """
        known = _seemly(facts)
        try:
            subject, text, html = (
                self._templates.get_template(f"{kind}/{name}").render(known)
                for name in ("subject.txt", "body.txt", "body.html")
            )
        except (TemplateError, AttributeError, TypeError, ValueError) as error:
            raise LetterNotWritten(kind=kind, reason=f"{type(error).__name__}: {error}") from error
        return LetterText(subject=re.sub(r"\s+", " ", subject).strip(), text=_tidy(text), html=_tidy(html))


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


# File names and cells are strangers' words: none of them may start a line of its own or turn the reading direction.
_UNSEEMLY = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


_BLANKS = re.compile(r" {2,}")


def _seemly(value: object) -> object:
    if isinstance(value, str):
        return _BLANKS.sub(" ", _UNSEEMLY.sub(" ", str(value)))
    if isinstance(value, Mapping):
        return {key: _seemly(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _seemly(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Sequence | frozenset | set):
        return [_seemly(each) for each in value]
    return value


def day(value: date) -> str:
    """Return a date as 2022年8月12日."""
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """Return the day of the week as 星期五."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


def moment(value: datetime) -> str:
    """Return an instant as China's clocks showed it, 2022年8月12日9时05分."""
    local = value.astimezone(CHINA)
    return f"{day(local)}{local.hour}时{local.minute:02d}分"


def month(period: str) -> str:
    """Return a period as 2022年8月."""
    year, number = month_of(period)
    return f"{year}年{number}月"


def listed(names: Sequence[str]) -> str:
    """Return names with the Chinese list comma between them."""
    return "、".join(names)


def chinese_number(number: int) -> str:
    """Return a number up to 99 as heads of official papers count: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones or not tens else ''}"


def book_title(title: str) -> str:
    """Return a paper's title in 书名号, unless it carries them."""
    return title if "《" in title else f"《{title}》"


def sentence(text: str) -> str:
    """Return text without the stop that a template adds."""
    return text.rstrip("。；;. ")


def joined(text: str) -> str:
    """Return the lines of a template as one line; between Chinese characters stands no blank."""
    return re.sub(r"\n[ \t]*|[ \t]{2,}", "", text)


def deadline(line: Mapping[str, object]) -> date:
    """Return the day by which a line of a letter is wanted: its correction date, or its due date."""
    wanted = line["correction_due"] if line["is_correction"] and line["correction_due"] else line["due"]
    if not isinstance(wanted, date):
        raise TypeError(f"a line has no due date: {line}")
    return wanted


def urgent_first(lines: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return the lines of a letter, the earliest deadline first."""
    return sorted(lines, key=deadline)


def distinct(lines: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return one line for each form and period, whoever owes it."""
    return list({(line["milestone_title"], line["period"], line["form_title"]): line for line in lines}.values())


def sections(lines: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the lines of a letter under its headings: the most urgent first, returned ones and paper apart."""
    urgency = ("overdue", "reminder", "request")

    def place(line: Mapping[str, object]) -> tuple[int, bool, bool]:
        return urgency.index(str(line["letter"])), bool(line["is_paper"]), not line["is_correction"]

    return [
        {
            "letter": urgency[rank],
            "is_correction": not is_fresh,
            "lines": [line for line in lines if place(line) == (rank, is_paper, is_fresh)],
        }
        for rank, is_paper, is_fresh in sorted({place(line) for line in lines})
    ]


def short_form(line: Mapping[str, object]) -> str:
    """Return the number of a line's form, as 表2; its title in 书名号 where it has none."""
    return str(line["form_number"] or book_title(str(line["form_title"])))


def brief(text: str, length: int = 200) -> str:
    """Return text cut to what a letter has room for."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def own_body(body: str) -> str:
    """Return how a body speaks of itself: 我厅, 我局, 我单位."""
    return f"我{_short_body(body)}"


def your_body(body: str) -> str:
    """Return how a body below is spoken to: 你局, 你委, 你单位."""
    return f"你{_short_body(body)}"


def _short_body(body: str) -> str:
    endings = {"厅": "厅", "局": "局", "委员会": "委", "委": "委"}
    # 管理委员会 governs an area and is no 委.
    if body.endswith("管理委员会"):
        return "单位"
    return next((short for ending, short in endings.items() if body.endswith(ending)), "单位")


_FILTERS = {
    function.__name__: function
    for function in (
        day, weekday, moment, month, listed, chinese_number, book_title, sentence, joined, brief,
        deadline, urgent_first, distinct, sections, short_form, own_body, your_body,
    )
}  # fmt: skip
