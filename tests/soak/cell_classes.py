"""What a cell of each type may hold, hostile but legal, and what it means: class by class, with the known truth.

A meaning is a value that must arrive, or the rule that must name the cell; a note may come with a value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from phaseout.domain.form import Field, FieldType
from phaseout.domain.submission import Value

_EPOCH = date(1899, 12, 30)
_FULL_WIDTH = str.maketrans("0123456789.,-:ABCDEFGHXYZ", "０１２３４５６７８９．，－：ＡＢＣＤＥＦＧＨＸＹＺ")
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TRUE = (True,)
_WORDS = ("矿热炉", "铁合金", "造纸机", "示范线", "虚构", "南京", "电炉", "1760mm", "100m/min", "甲", "二（五）")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the result that a spreadsheet stored beside it."""

    result: str | float | bool


@dataclass(frozen=True, slots=True)
class Runs:
    """A text in several fonts."""

    parts: tuple[str, ...]


Typed = str | int | float | bool | date | datetime | time | timedelta | Formula | Runs | None


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed into a cell, what it means, and the rule that names it where it cannot be taken as it stands."""

    typed: Typed
    value: Value = None
    rule: str | None = None


Maker = Callable[[Random, Field], Meant]


def _text(chance: Random) -> str:
    return "".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 4))) + str(chance.randint(0, 999))


def _same(make: Callable[[Random], str]) -> Maker:
    def made(chance: Random, _field: Field) -> Meant:
        text = make(chance)
        return Meant(text, text)

    return made


def _drawn(shape: Callable[..., Meant], *draws: Callable[[Random], object]) -> Maker:
    """Return a maker that draws values and shapes a cell of them."""
    return lambda chance, field: shape(chance, field, *(draw(chance) for draw in draws))


def _fixed(*pairs: tuple[Typed, Value]) -> Maker:
    return lambda chance, _field: Meant(*chance.choice(pairs))


def _refused(rule: str, *typed: Typed) -> Maker:
    return lambda chance, _field: Meant(chance.choice(typed), None, rule)


_NOTHING = _fixed(*((word, None) for word in ("无", "—", "/", "空", "－", "——", " 无 ", "   ", "", None, "\n")))

TEXTS: Mapping[str, Maker] = {
    "plain": _same(_text),
    "nothing": _NOTHING,
    "outer blanks": _drawn(
        lambda c, _f, t: Meant(c.choice((" {} ", "\u3000{}\n", "\t{}\r\n", "\xa0{}")).format(t), t), _text
    ),
    "full width": _same(lambda c: _text(c).translate(_FULL_WIDTH)),
    "like a formula": _same(
        lambda c: (
            c.choice(("=1+1", "=SUM(A1:A9)", "+86", "@x", '=HYPERLINK("a")', "-甲", "{=1}")) + str(c.randint(0, 99))
        )
    ),
    "like a date": _same(
        lambda c: c.choice(("1-2", "3/4", "2022.7.15", "5月3日", "12-11", "2022-07", "44757", "1:30"))
    ),
    "like a number": _same(
        lambda c: c.choice(("1E5", "007", "1.50", "１２", "1,234", "0x1F", "+5", "1e-3", "00", "3.0"))
    ),
    "like a word of spreadsheets": _same(
        lambda c: c.choice(("TRUE", "FALSE", "#REF!", "#N/A", "NULL", "nan", "None", "Inf"))
    ),
    "line feeds": _drawn(
        lambda c, _f, a, b: Meant(f"{a}{c.choice((chr(10), chr(13) + chr(10)))}{b}", f"{a}\n{b}"), _text, _text
    ),
    "emoji and rare characters": _same(
        lambda c: _text(c) + c.choice(("😀", "𠮷", "𡃁", "㐂", "👩", "é", "Ω", "①", "㎡"))
    ),
    "marks of markup": _same(
        lambda c: (
            c.choice(("<b>", "&amp;", "a<b>c", "\"'", "]]>", "_x0041_", "_x000D_", "\\n", "%s", "{x}", "<r>a</r>"))
            + _text(c)
        )
    ),
    "very long": _same(lambda c: (_text(c) + "，") * 40 + "终"),
    "longest": _same(lambda c: ("长" * 32_000) + str(c.randint(100, 999))),
    "invisible characters": _drawn(
        lambda c, _f, t: Meant(f"{t[:2]}{c.choice(chr(0x200B) + chr(0xFEFF) + chr(0x200E))}{t[2:]}", t), _text
    ),
    "several fonts": _drawn(lambda _c, _f, a, b: Meant(Runs((a, b)), a + b), _text, _text),
    "a number": _drawn(lambda _c, _f, n: Meant(float(n), str(n)), lambda c: c.randint(0, 10**12)),
    "a decimal number": _fixed((0.1 + 0.2, "0.3"), (1.1 * 3, "3.3"), (1.5, "1.5"), (63.25, "63.25")),
    "15 digits": _drawn(lambda _c, _f, n: Meant(float(n), str(n)), lambda c: c.randint(10**14, 10**15 - 1)),
    "16 digits and more": lambda c, _f: Meant(float(c.randint(10**15, 10**18)), None, "READ-004"),
    "true or false": _fixed((True, "TRUE"), (False, "FALSE")),
    "made a date": lambda c, _f: Meant(_a_day(c), None, "READ-021"),
    "a formula's text": _drawn(lambda _c, _f, t: Meant(Formula(t), t), _text),
    "an error": _refused("READ-002", Formula("#DIV/0!"), Formula("#REF!"), Formula("#N/A")),
}


def _a_code(chance: Random, length: int = 18) -> str:
    return "".join(chance.choice(_CODE_SIGNS) for _ in range(length))


def _a_phone(chance: Random) -> str:
    return f"1{chance.randint(3 * 10**9, 10**10 - 1)}"


CODES: Mapping[str, Maker] = {
    "18 digits": _same(lambda c: str(c.randint(10**17, 10**18 - 1))),
    "18 signs": _same(_a_code),
    "ending in X": _same(lambda c: str(c.randint(10**16, 10**17 - 1)) + "X"),
    "leading zeros": _same(lambda c: "00" + str(c.randint(10**5, 10**9))),
    "like a power": _same(lambda c: f"{c.randint(1, 9)}{c.randint(0, 9)}E{c.randint(1, 300)}"),
    "telephone": _same(lambda c: f"0{c.randint(10, 999)}-{c.randint(10**7, 10**8 - 1)}"),
    "full width": _drawn(lambda _c, _f, t: Meant(t.translate(_FULL_WIDTH), t), _a_code),
    "blanks inside": _drawn(lambda _c, _f, t: Meant(f" {t[:8]} {t[8:]}\n", t), _a_code),
    "wrapped over two lines": _drawn(
        lambda _c, _f, t: Meant(f"{t[:8]}\n{t[8:]}", t), lambda c: "9132" + _a_code(c, 13) + "A"
    ),
    "two numbers on two lines": _drawn(lambda _c, _f, a, b: Meant(f"{a}\n{b}", f"{a}；{b}"), _a_phone, _a_phone),
    "a number": _drawn(lambda _c, _f, n: Meant(float(n), str(n)), lambda c: c.randint(0, 10**15 - 1)),
    "16 digits and more": lambda c, _f: Meant(float(c.randint(10**15, 10**18)), None, "READ-004"),
    "made a date": lambda c, _f: Meant(_a_day(c), None, "READ-021"),
    "invisible characters": _drawn(lambda _c, _f, t: Meant(f"\u200b{t}\ufeff", t), _a_code),
    "nothing": _NOTHING,
}


def _integer(chance: Random) -> int:
    return chance.choice((0, 1, chance.randint(2, 99), chance.randint(10**3, 10**6), chance.randint(10**9, 10**14 - 1)))


def _typed_integer(shape: Callable[[int], Typed]) -> Maker:
    def made(chance: Random, _field: Field) -> Meant:
        number = _integer(chance)
        return Meant(shape(number), number)

    return made


INTEGERS: Mapping[str, Maker] = {
    "a number": _typed_integer(float),
    "text": _typed_integer(str),
    "full width": _typed_integer(lambda n: str(n).translate(_FULL_WIDTH)),
    "thousands": _typed_integer(lambda n: f"{n:,}"),
    "thousands in full width": _typed_integer(lambda n: f"{n:,}".translate(_FULL_WIDTH)),
    "with blanks": _typed_integer(lambda n: f" {n}\n"),
    "with .0": _typed_integer(lambda n: f"{n}.0"),
    "a formula's number": _typed_integer(lambda n: Formula(float(n))),
    "negative": _drawn(lambda _c, _f, n: Meant(float(-n), -n), lambda c: c.randint(1, 999)),
    "with its unit": _drawn(
        lambda _c, f, n: (
            Meant(f"{n}{f.unit}", n, "READ-019") if f.unit not in {None, "%"} else Meant(f"{n}箱", None, "READ-006")
        ),
        lambda c: c.randint(1, 99),
    ),
    "a fraction": _refused("READ-005", 2.5, "2.5", 0.1 + 0.2, "１.５"),
    "two numbers": _refused("READ-006", "2\n3", "2 3", "1 234", "2+3", "2、3", "2/3", "2-3", "2；3", "1，5"),
    "words": _refused("READ-006", "约5", "20余", "五", "1E5", "TRUE", "#5", "5±1", "待定", "=5"),
    "too large": _refused("READ-006", 1e14, 1e15, "100000000000000", 1e300),
    "no number": _refused("READ-006", *_TRUE, date(2022, 7, 15), time(1, 2)),
    "an error": _refused("READ-002", Formula("#DIV/0!"), Formula("#VALUE!")),
    "nothing": _NOTHING,
}


def _decimal(chance: Random) -> Decimal:
    whole = chance.choice((0, chance.randint(1, 99), chance.randint(10**4, 10**6), chance.randint(10**9, 10**10)))
    return Decimal(whole) + Decimal(chance.randint(0, 9999)).scaleb(-chance.choice((4, 4, 2)) if whole else -4)


def _typed_decimal(shape: Callable[[Decimal], Typed]) -> Maker:
    def made(chance: Random, field: Field) -> Meant:
        number = _decimal(chance)
        if field.unit == "%" and not isinstance(shape(number), str):
            number += 2  # a number up to one is read as a share, which has a class of its own
        if field.unit == "%" and abs(number) <= 1:
            return Meant(f"{number}%", number)
        return Meant(shape(number), number)

    return made


DECIMALS: Mapping[str, Maker] = {
    "a number": _typed_decimal(float),
    "text": _typed_decimal(lambda n: f"{n:f}"),
    "full width": _typed_decimal(lambda n: f"{n:f}".translate(_FULL_WIDTH)),
    "thousands": _typed_decimal(lambda n: f"{n:,f}"),
    "a formula's number": _typed_decimal(lambda n: Formula(float(n))),
    "binary dust": _drawn(
        lambda _c, _f, n: Meant(n + 2.1 + 2.2 - 2.0 - 2.0, Decimal(n) + Decimal("0.3")),
        lambda c: float(c.randint(2, 99)),
    ),
    "15 digits": _drawn(
        lambda _c, _f, n: Meant(float(n), n), lambda c: Decimal(c.randint(10**14, 10**15 - 1)).scaleb(-4)
    ),
    "16 digits in text": _drawn(
        lambda _c, _f, n: Meant(f"{n:f}", n), lambda c: Decimal(c.randint(10**15, 10**16 - 1)).scaleb(-4)
    ),
    "18 digits in text": _drawn(
        lambda _c, _f, n: Meant(f"{n:f}", n), lambda c: Decimal(c.randint(10**17, 10**18 - 1)).scaleb(-4)
    ),
    "five places": _drawn(
        lambda _c, _f, n: Meant(f"{n}5", n + Decimal("0.0001"), "READ-020"),
        lambda c: Decimal(c.randint(20000, 99999)).scaleb(-4),
    ),
    "a third": _drawn(
        lambda _c, _f, n: Meant(n + 1 / 3, Decimal(n) + Decimal("0.3333"), "READ-020"), lambda c: c.randint(2, 99)
    ),
    "two numbers": _refused("READ-006", "2.5\n3.5", "1.5 2.5", "2.5+3", "2.5、3", "2.5/3", "2.5-3"),
    "words": _refused("READ-006", "约5", "5000/年", "1E5", "1.2.3", "1,23", ".", "5t"),
    "too large": _refused("READ-006", 1e14, "100000000000000.5"),
    "no number": _refused("READ-006", *_TRUE, date(2022, 7, 15)),
    "an error": _refused("READ-002", Formula("#NUM!")),
    "nothing": _NOTHING,
}


def _a_day(chance: Random) -> date:
    if chance.random() < 0.1:
        return chance.choice((date(2020, 2, 29), date(2024, 2, 29), date(1996, 2, 29), date(2000, 2, 29)))
    return date(1990, 1, 1) + timedelta(days=chance.randint(0, 12_700))


def _typed_day(shape: Callable[[date, Random], Typed]) -> Maker:
    def made(chance: Random, _field: Field) -> Meant:
        day = _a_day(chance)
        return Meant(shape(day, chance), day)

    return made


DAYS: Mapping[str, Maker] = {
    "a day": _typed_day(lambda d, _c: d),
    "a day with its time": _typed_day(
        lambda d, c: datetime.combine(d, time(c.randint(0, 23), c.randint(0, 59), c.randint(0, 59)))
    ),
    "2022.7.15": _typed_day(lambda d, _c: f"{d.year}.{d.month}.{d.day}"),
    "2022-07-15": _typed_day(lambda d, _c: d.isoformat()),
    "2022/7/15": _typed_day(lambda d, _c: f"{d.year}/{d.month}/{d.day}"),
    "2022年7月15日": _typed_day(lambda d, _c: f"{d.year}年{d.month}月{d.day}日"),
    "blanks inside": _typed_day(lambda d, _c: f" {d.year} 年 {d.month} 月 {d.day} 日 "),
    "full width": _typed_day(lambda d, _c: f"{d.year}年{d.month}月{d.day}日".translate(_FULL_WIDTH)),
    "20220715": _typed_day(lambda d, _c: f"{d:%Y%m%d}"),
    "20220715 as a number": _typed_day(lambda d, _c: float(f"{d:%Y%m%d}")),
    "text with its time": _typed_day(
        lambda d, c: f"{d.year}-{d.month}-{d.day} {c.randint(0, 23)}:{c.randint(10, 59)}{c.choice(('', ':00'))}"
    ),
    "a formula's day": _refused("READ-007", Formula("2022年")),
    "no such day": _refused("READ-007", "2022.2.30", "2021年2月29日", "2022-13-01", "2023.2.29"),
    "two days": _refused(
        "READ-007", "2022.7.1\n5", "2022.7.1 2022.8.1", "2022.7.1-2022.8.1", "2022年7月1 5日", "2022.7.1、2"
    ),
    "not whole": _refused("READ-007", "2022年7月", "7月15日", "22.7.15", "2022", "7/15/2022", 2022.7, 44757.5),
    "words": _refused("READ-007", "待定", "2022年7月15日前", "7月底", "=TODAY()"),
    "no day": _refused("READ-007", *_TRUE, time(1, 2), 5.0, 999999.0),
    "an error": _refused("READ-002", Formula("#VALUE!")),
    "nothing": _NOTHING,
    "unfilled": _fixed(("  年  月  日", None), ("年月日", None)),
}
# A number without a date's format is a day of a workbook that counts from 1900; in one that counts from 1904 it may be
# a day of either count, and nobody knows.
SERIALS: Mapping[str, Maker] = {
    "serial number": _typed_day(lambda d, _c: float((d - _EPOCH).days)),
    "serial number in text": _typed_day(lambda d, _c: str((d - _EPOCH).days)),
}


def _typed_month(shape: Callable[[date], Typed]) -> Maker:
    def made(chance: Random, _field: Field) -> Meant:
        day = _a_day(chance)
        return Meant(shape(day), f"{day:%Y-%m}")

    return made


MONTHS: Mapping[str, Maker] = {
    "a day": _typed_month(lambda d: d),
    "2008年6月": _typed_month(lambda d: f"{d.year}年{d.month}月"),
    "2008.6": _typed_month(lambda d: f"{d.year}.{d.month}"),
    "2008-06": _typed_month(lambda d: f"{d:%Y-%m}"),
    "2008/6": _typed_month(lambda d: f"{d.year}/{d.month}"),
    "200806": _typed_month(lambda d: f"{d:%Y%m}"),
    "200806 as a number": _typed_month(lambda d: float(f"{d:%Y%m}")),
    "full width": _typed_month(lambda d: f"{d.year}年{d.month}月".translate(_FULL_WIDTH)),
    "a whole day in text": _typed_month(lambda d: f"{d.year}.{d.month}.{d.day}"),
    "a number with its month": _fixed(
        (2008.6, "2008-06"), (2008.12, "2008-12"), (2008.11, "2008-11"), (2015.01, "2015-01")
    ),
    "january or october": _refused("READ-008", 2008.1, 2020.1),
    "no month": _refused("READ-008", "2008.13", "90年代", *_TRUE, "2008年0月", "0888年", 888.0, time(1, 2)),
    "a year alone": lambda c, f: Meant(
        c.choice(("1982年", "1988", "２００８年", " 2008 年", 2008.0)), None, "READ-008" if f.required else "READ-031"
    ),
    "two months": _refused("READ-008", "2008.1\n2", "2008.6、7", "2008年6月-7月", "2008.1 1"),
    "nothing": _NOTHING,
}

MONTH_SERIALS: Mapping[str, Maker] = {
    "serial number": _typed_month(lambda d: float((d - _EPOCH).days)),
    "serial number in text": _typed_month(lambda d: str((d - _EPOCH).days)),
}


def _choice(chance: Random, field: Field) -> Meant:
    word = chance.choice(field.choices)
    return Meant(chance.choice(("{}", " {} ", "{}。", "{}\n", "　{}")).format(word), word)


CHOICES: Mapping[str, Maker] = {
    "one of them": _choice,
    "blanks inside": lambda c, f: Meant(" ".join(word := c.choice(f.choices)), word),
    "two of them": lambda c, f: Meant("、".join(c.sample(f.choices, 2)), None, "READ-009"),
    "none of them": _refused("READ-009", "其它办法", "拆", 1.0, "TRUE", "=1", date(2022, 7, 15)),
    "an error": _refused("READ-002", Formula("#N/A")),
    "nothing": _NOTHING,
}
FLAGS: Mapping[str, Maker] = {
    "words": _fixed(("是", True), ("否", False), (" 是 ", True), ("否\n", False)),
    "signs": _fixed(("√", True), ("×", False), ("✓", True), ("✗", False)),
    "letters": _fixed(("Y", True), ("n", False), ("Ｙ", True), ("yes", True), ("No", False)),
    "numbers": _fixed((1.0, True), (0.0, False), ("1", True), ("0", False)),
    "true or false": _fixed(
        (True, True), (False, False), ("TRUE", True), ("false", False), (Formula(result=True), True)
    ),
    "neither": _refused("READ-010", "待定", "是/否", "是（2台）", 2.0, "部分", "非", date(2022, 7, 15)),
    "an error": _refused("READ-002", Formula("#N/A")),
    "nothing": _NOTHING,
}

CLASSES: Mapping[FieldType, Mapping[str, Maker]] = {
    FieldType.TEXT: TEXTS,
    FieldType.CODE: CODES,
    FieldType.INTEGER: INTEGERS,
    FieldType.DECIMAL: DECIMALS,
    FieldType.DATE: DAYS,
    FieldType.MONTH: MONTHS,
    FieldType.CHOICE: CHOICES,
    FieldType.FLAG: FLAGS,
}
RARE = frozenset({"longest"})  # of each, a few are enough


def classes_of(field: Field, *, counts_from_1904: bool) -> Mapping[str, Maker]:
    """Return the classes that a cell of a field may be of."""
    kind = FieldType.TEXT if field.type is FieldType.CHOICE and not field.choices else field.type
    serials = {FieldType.DATE: SERIALS, FieldType.MONTH: MONTH_SERIALS}.get(kind, {})
    if counts_from_1904:
        serials = {f"{name} in a workbook from 1904": _doubtful(make) for name, make in serials.items()}
    return {**CLASSES[kind], **serials}


def _doubtful(make: Maker) -> Maker:
    return lambda chance, field: Meant(make(chance, field).typed, None, "READ-030")
