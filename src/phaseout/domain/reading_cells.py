"""Makes a typed value of one cell, or says which rule of reading does not hold; no value changes silently."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from phaseout.domain.form import Field, FieldType
from phaseout.domain.submission import Cell, Value

ERROR_CELL = "READ-002"
UNCACHED_FORMULA = "READ-003"
DIGITS_LOST = "READ-004"
NOT_AN_INTEGER = "READ-005"
NOT_A_NUMBER = "READ-006"
NOT_A_DATE = "READ-007"
NOT_A_MONTH = "READ-008"
NOT_A_CHOICE = "READ-009"
NOT_A_FLAG = "READ-010"
PERCENT_SCALED = "READ-018"
UNIT_IN_NUMBER = "READ-019"
ROUNDED = "READ-020"
TEXT_MADE_DATE = "READ-021"
SERIAL_OF_OTHER_EPOCH = "READ-030"
YEAR_ALONE = "READ-031"

_SHORT = 64  # characters of a text that is worth remembering
_EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number
_LARGEST = 10**14  # what a warehouse decimal of 18 digits with 4 decimals holds
_DECIMALS = 4  # that a warehouse keeps
_FRACTION = Decimal(1).scaleb(-_DECIMALS)
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEARS = range(1949, 2100)
BEGINNINGS = "无空"  # of words for nothing that are letters
_NOTHING = re.compile(r"[-–—―─_/\\~]+|无|空|")
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(\D*)")
_PARTED = re.compile(r"[\d.,，．]\s+[\d.,，．]")  # two numbers in one cell, or one that nobody can be sure of
_TO_CALL = re.compile(r"[+(]?\d[\d()+-]{5,}\d")  # a telephone number
_CREDIT_CODE = 18  # characters
_DATE = re.compile(r"(\d{4})[年./。-](\d{1,2})[月./。-](\d{1,2})日?")
_TIME_OF_DAY = re.compile(r"(?:\s+|T|(?<=日))\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[年./。-](\d{1,2})月?")
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?")
_FLAGS = {
    "是": True, "√": True, "✓": True, "✔": True, "y": True, "yes": True, "true": True, "1": True,
    "否": False, "×": False, "✗": False, "✘": False, "x": False, "n": False, "no": False, "false": False, "0": False,
}  # fmt: skip


class CellRead(NamedTuple):
    """What a cell gave: a value, or the rule that does not hold, or both where a value needs a note."""

    value: Value = None
    rule: str | None = None
    facts: Mapping[str, object] = MappingProxyType({})


_NONE = CellRead()


def key(text: str) -> str:
    """Return *text* without width, space and punctuation, for comparing headers and choices."""
    return _known_key(text) if len(text) <= _SHORT else _key(text)


def _key(text: str) -> str:
    half_width = unicodedata.normalize("NFKC", text)
    return (half_width if half_width.isalnum() else "".join(filter(str.isalnum, half_width))).casefold()


_known_key = lru_cache(maxsize=16_384)(_key)


@lru_cache(maxsize=4096)
def bare_key(text: str) -> str:
    """Return the key of *text* without what stands in brackets, such as a unit of measure."""
    return key(re.sub(r"\([^()]*\)", "", unicodedata.normalize("NFKC", text)))


def plain(text: str) -> str:
    """Return *text* in half width without any space."""
    return "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())


def is_blank(cell: Cell) -> bool:
    """Say whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def says_nothing(cell: Cell) -> bool:
    """Say whether a cell is blank or holds a word for nothing, such as 无 or a dash."""
    if not isinstance(cell, str):
        return cell is None
    if not cell or (cell[0].isalnum() and cell[0] not in BEGINNINGS):  # most cells; the rest costs more
        return not cell
    return _is_word_for_nothing(cell) if len(cell) <= _SHORT else _NOTHING.fullmatch(plain(cell)) is not None


@lru_cache(maxsize=16_384)
def _is_word_for_nothing(text: str) -> bool:
    return _NOTHING.fullmatch(plain(text)) is not None


def read_cell(cell: Cell, field: Field) -> CellRead:
    """Return what a cell holds for a field."""
    return _NONE if says_nothing(cell) else _READERS[field.type](cell, field)


def plain_value(cell: Cell, field: Field) -> Value:
    """Return the value of a cell that needs no second look; None of all others, which `read_cell` reads."""
    plainly = _PLAINLY.get(field.type)
    return None if plainly is None else plainly(cell, field)


def _plain_text(cell: Cell, _field: Field) -> str | None:
    return cell if isinstance(cell, str) and cell.isalnum() and cell[0] not in BEGINNINGS else None


def _plain_code(cell: Cell, _field: Field) -> str | None:
    return cell if isinstance(cell, str) and cell.isalnum() and cell.isascii() else None


def _plain_integer(cell: Cell, _field: Field) -> int | None:
    return int(cell) if isinstance(cell, float) and abs(cell) < _LARGEST and cell.is_integer() else None


def _plain_decimal(cell: Cell, field: Field) -> Decimal | None:
    if not (isinstance(cell, float) and abs(cell) < _LARGEST and field.unit != "%"):
        return None
    digits = format(cell, ".15g")
    is_short = "e" not in digits and len(digits.partition(".")[2]) <= _DECIMALS
    return Decimal(digits) if is_short else None


def _text(cell: Cell, _field: Field) -> CellRead:
    if isinstance(cell, str):
        return CellRead(_tidy(cell))
    if isinstance(cell, bool):
        return CellRead(str(cell).upper())
    if isinstance(cell, date | time | timedelta):
        return CellRead(rule=TEXT_MADE_DATE, facts={"found": cell})
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_DIGITS:
        return CellRead(rule=DIGITS_LOST, facts={"found": _digits(cell)})
    return CellRead(_digits(cell))


def _code(cell: Cell, field: Field) -> CellRead:
    if isinstance(cell, str):
        text = _in_one_line(cell)
        return CellRead(text if text.isprintable() else "".join(filter(str.isprintable, text)))
    return _text(cell, field)


def _in_one_line(text: str) -> str:
    """Return a code without blanks; two telephone numbers below each other stay two."""
    lines = [line for line in map(plain, text.splitlines()) if line]
    whole = "".join(lines)
    are_to_call = len(lines) > 1 and len(whole) != _CREDIT_CODE and all(map(_TO_CALL.fullmatch, lines))
    return "；".join(lines) if are_to_call else whole


def _integer(cell: Cell, field: Field) -> CellRead:
    read = _number(cell, field)
    if not isinstance(read.value, Decimal):
        return read
    if read.value != read.value.to_integral_value():
        return CellRead(rule=NOT_AN_INTEGER, facts={"found": cell})
    return CellRead(int(read.value), read.rule, read.facts)


def _decimal(cell: Cell, field: Field) -> CellRead:
    read = _number(cell, field)
    if not isinstance(read.value, Decimal):
        return read
    says_percent = isinstance(cell, str) and "%" in plain(cell)
    if field.unit == "%" and not says_percent and 0 < abs(read.value) <= 1:
        percent = read.value * 100
        return CellRead(_rounded(percent), PERCENT_SCALED, {"found": cell, "read": percent.normalize()})
    rounded = _rounded(read.value)
    if rounded != read.value and read.rule is None:
        return CellRead(rounded, ROUNDED, {"found": read.value, "read": rounded})
    return CellRead(rounded, read.rule, read.facts)


def _number(cell: Cell, field: Field) -> CellRead:
    """Return an unrounded Decimal; a number of a spreadsheet counts with the 15 digits that it shows."""
    if isinstance(cell, str):
        return _number_in_text(cell, field)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell) or abs(cell) >= _LARGEST:
        return CellRead(rule=NOT_A_NUMBER, facts={"found": cell})
    return CellRead(Decimal(format(cell, ".15g")))


def _number_in_text(cell: str, field: Field) -> CellRead:
    match = None if _PARTED.search(cell.strip()) else _NUMBER.fullmatch(plain(cell))
    if match is None:
        return CellRead(rule=NOT_A_NUMBER, facts={"found": cell})
    value, suffix = _without_zeros(Decimal(match[1].replace(",", ""))), match[2]
    if abs(value) >= _LARGEST or not _is_unit(suffix, field):
        return CellRead(rule=NOT_A_NUMBER, facts={"found": cell})
    needs_note = suffix not in {"", "%"}
    return CellRead(value, UNIT_IN_NUMBER, {"found": cell, "read": match[1]}) if needs_note else CellRead(value)


def _is_unit(suffix: str, field: Field) -> bool:
    """Say whether what follows a number is nothing, or the field's own unit in any of its spellings."""
    if not suffix:
        return True
    if field.unit is None:
        return False
    return suffix == field.unit or (key(suffix) != "" and set(key(suffix)) <= set(key(field.unit)))


def _rounded(value: Decimal) -> Decimal:
    """Return a value with the four decimals that the warehouse keeps, unless it has fewer."""
    rounded = value.quantize(_FRACTION, rounding=ROUND_HALF_UP)
    return value if rounded == value else rounded


def _without_zeros(value: Decimal) -> Decimal:
    """Return a value without the zeros that someone typed behind its fourth decimal."""
    rounded = value.quantize(_FRACTION) if abs(value) < _LARGEST else value
    has_more = value.as_tuple().exponent < _FRACTION.as_tuple().exponent  # type: ignore[operator]  # both finite
    return rounded if has_more and rounded == value else value


def _date(cell: Cell, field: Field) -> CellRead:
    day = _day(cell)
    if day is None:
        return _no_day(cell, NOT_A_DATE)
    return CellRead(day) if field.takes_serials or not _is_serial(cell) else _serial_refused(cell)


def _month(cell: Cell, field: Field) -> CellRead:
    day = _day(cell) or _first_of_month(cell)
    if day is None:
        is_year = not field.required and _is_year(cell)
        return _no_day(cell, YEAR_ALONE if is_year else NOT_A_MONTH)
    return CellRead(f"{day:%Y-%m}") if field.takes_serials or not _is_serial(cell) else _serial_refused(cell)


def _no_day(cell: Cell, rule: str) -> CellRead:
    """Name what is no day; a date that was left unfilled (  年  月  日) is nothing."""
    is_unfilled = isinstance(cell, str) and not set(plain(cell)) - set("年月日")
    return _NONE if is_unfilled else CellRead(rule=rule, facts={"found": cell})


def _serial_refused(cell: Cell) -> CellRead:
    return CellRead(rule=SERIAL_OF_OTHER_EPOCH, facts={"found": cell})


def _is_year(cell: Cell) -> bool:
    match = _YEAR.fullmatch(_said_of_time(cell))
    return match is not None and int(match[1]) in _YEARS


def _is_serial(cell: Cell) -> bool:
    return not isinstance(cell, date) and _serial(_said_of_time(cell)) is not None


def _said_of_time(cell: Cell) -> str:
    if isinstance(cell, str):
        return _without_time(cell)
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)
    return _digits(cell) if is_number else ""


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return _within(cell.date())
    if isinstance(cell, date):
        return _within(cell)
    if isinstance(cell, str):
        text = _without_time(cell)
        match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
        return _made_of(*match.groups()) if match else _serial(text)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and cell == int(cell):
        match = _COMPACT_DATE.fullmatch(str(int(cell)))
        return _made_of(*match.groups()) if match else _serial(str(int(cell)))
    return None


def _without_time(text: str) -> str:
    """Return a day without its time, in half width; nothing where blanks part its digits, for it may be two days."""
    day = _TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", text)).strip()
    return "" if _PARTED.search(day) else plain(day)


def _first_of_month(cell: Cell) -> date | None:
    """Read a month; a number such as 2008.1 may mean January or October and is not taken."""
    text = _without_time(cell) if isinstance(cell, str) else _digits(cell) if isinstance(cell, int | float) else ""
    if not isinstance(cell, str) and text.endswith(".1"):
        return None
    match = _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text)
    return _made_of(match[1], match[2], "1") if match else None


def _made_of(year: str, month: str, day: str) -> date | None:
    try:
        return _within(date(int(year), int(month), int(day)))
    except ValueError:  # a day that the calendar does not have
        return None


def _within(day: date) -> date | None:
    return day if day.year in _YEARS else None


def _serial(digits: str) -> date | None:
    is_serial = digits.isascii() and digits.isdigit() and len(digits) == 5 and int(digits) in _SERIALS  # noqa: PLR2004 - 44757
    return _EPOCH + timedelta(days=int(digits)) if is_serial else None


def _choice(cell: Cell, field: Field) -> CellRead:
    if not field.choices:
        return _text(cell, field)
    wanted = key(cell) if isinstance(cell, str) else None
    for word, choice in (*((choice, choice) for choice in field.choices), *field.synonyms):
        if key(word) == wanted:
            return CellRead(choice)
    return CellRead(rule=NOT_A_CHOICE, facts={"found": cell, "expected": "、".join(field.choices)})


def _flag(cell: Cell, _field: Field) -> CellRead:
    if isinstance(cell, bool):
        return CellRead(cell)
    word = plain(cell).lower() if isinstance(cell, str) else _digits(cell) if isinstance(cell, int | float) else ""
    if word in _FLAGS:
        return CellRead(_FLAGS[word])
    return CellRead(rule=NOT_A_FLAG, facts={"found": cell})


def _digits(number: Cell) -> str:
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return format(number, ".15g") if isinstance(number, float) else str(number)


def _tidy(text: str) -> str:
    """Return *text* without control characters, invisible ones and outer space."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf"}).strip()


_READERS: Mapping[FieldType, Callable[[Cell, Field], CellRead]] = {
    FieldType.TEXT: _text,
    FieldType.CODE: _code,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.MONTH: _month,
    FieldType.CHOICE: _choice,
    FieldType.FLAG: _flag,
}
_PLAINLY: Mapping[FieldType, Callable[[Cell, Field], Value]] = {
    FieldType.TEXT: _plain_text,
    FieldType.CODE: _plain_code,
    FieldType.INTEGER: _plain_integer,
    FieldType.DECIMAL: _plain_decimal,
}
