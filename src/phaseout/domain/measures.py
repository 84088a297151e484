"""Reads parameters (主要技术参数) as people write them: 6300kVA, 幅宽1760mm 车速100m/min, 4吨反射炉, Φ2.4×13m."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

# Look-alikes that Unicode does not fold into one another.
_ALIKE = str.maketrans(
    {"ф": "φ", "ø": "φ", "⌀": "φ", "*": "×", "✕": "×", "∶": ":", "〜": "~", "–": "-", "—": "-", "·": None}
)
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_MULTIPLIERS = {"": 1, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_CHINESE = r"[一二两三四五六七八九十][零一二两三四五六七八九十百千万]*"
# What may not follow a unit: it would be another one (t against t/h, kVA against kVAh).
_UNIT_ENDS = r"(?![a-z])(?!/[a-z天日小时分秒班次个])"
# What may not stand behind some units: 15年 is an age, 15年产 is not; the m of 60m3/h is no metre.
_NOT_BEHIND = {"年": "(?![产月度前后内底初末来])", "m": r"(?![23](?!\d))"}
_BEFORE = (
    r"(?P<before>约为?|大约|近|接近|不足|不到|小于等于|大于等于|小于|大于|低于|高于|超过"
    r"|不大于|不超过|不小于|不低于|至少|[<>]=?|[≤≥])?"
)
_AFTER = r"(?P<after>及以下|以下|及以上|以上|以内|左右|上下)?(?P<open>\(?不含)?"
_ABOUT = frozenset({"约", "约为", "大约", "近", "接近", "左右", "上下"})
_UP_TO = frozenset({"不足", "不到", "小于", "低于", "<"})
_AT_MOST = frozenset({"小于等于", "不大于", "不超过", "<=", "≤", "及以下", "以下", "以内"})
_FROM = frozenset({"大于", "高于", "超过", ">"})
_AT_LEAST = frozenset({"大于等于", "不小于", "不低于", "至少", ">=", "≥", "及以上", "以上"})
_TOLERANCE = Decimal("0.05")  # of a value that is written 约

_YEAR = re.compile(
    r"(?:(?:投产|投运|购置|购进|安装|建成|制造|出厂)(?:时间|年份|年月|日期)?[:为]?\s*(?P<year>(?:19|20)\d\d)(?:[-./年](?P<month>\d{1,2}))?"
    r"|(?P<early>(?:19|20)\d\d)(?:[-./年](?P<early_month>\d{1,2}))?[年月日]*\s*(?:投产|投运|投入|购|安装|建成|制造|出厂|启用))"
)
_CALENDAR_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d年")
_TYPE_NUMBER = re.compile(
    r"(?<![a-z0-9.\-/])(?P<number>\d{3,4})(?:mm|毫米)?\s*(?:型(?!号)|(?=(?:造纸机|纸机|长网|圆网|多缸|双缸|单缸)))"
)
_RATIO = re.compile(rf"(?<!\d)1\s*:\s*(?P<number>{_NUMBER})")
_BARE = re.compile(rf"(?<![a-z0-9.\-/]){_NUMBER}(?![a-z0-9.%型#号台套条座只组口个])")
_BREAK = re.compile(r"[;,。、|]")
_LABEL_SPAN = 16


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with its unit, as a text has it: an interval in the base unit, a point when the text is plain."""

    low: Decimal | None
    high: Decimal | None
    unit: str | None  # the base unit; None: none was written
    text: str
    parameters: frozenset[str] = frozenset()  # what the text calls it; empty: it does not say
    is_low_open: bool = False
    is_high_open: bool = False
    is_type_number: bool = False  # 1760型: a name that is also a width
    is_capacity: bool = False  # from a capacity column
    is_upper_bound: bool = False  # of the whole enterprise; one line has at most this

    @property
    def value(self) -> Decimal | None:
        """The value, where the text gives one."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class UnitSpelling:
    """A way to write a unit, with its base unit and the factor that leads there."""

    written: str
    base: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the catalogue measures, or names by words such as 直接燃煤."""

    key: str
    name: str
    unit: str = ""  # base unit; empty for words
    labels: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # value to the ways of writing it
    takes_type_number: bool = False
    takes_age: bool = False  # may be reckoned from the day of commissioning


@dataclass(frozen=True)
class Vocabulary:
    """How units and parameters are written; what it compiles, it compiles once."""

    units: tuple[UnitSpelling, ...]
    parameters: tuple[Parameter, ...]
    yearly: Mapping[str, str]  # t to t/a: what a capacity's unit means
    rates: Mapping[str, str]  # 日产 to t/d
    other_labels: tuple[str, ...]  # 轧辊直径: measures nothing that the catalogue asks

    @cached_property
    def by_key(self) -> Mapping[str, Parameter]:
        """Parameters by key."""
        return {parameter.key: parameter for parameter in self.parameters}

    @cached_property
    def spellings(self) -> Mapping[str, UnitSpelling]:
        """Units by their normalised spelling."""
        return {normalised(unit.written): unit for unit in self.units}

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str]]:
        """Every label with the parameters that it may mean; none for other labels."""
        found: dict[str, set[str]] = {normalised(label): set() for label in self.other_labels}
        for parameter in self.parameters:
            for label in parameter.labels:
                found.setdefault(normalised(label), set()).add(parameter.key)
        return {label: frozenset(keys) for label, keys in found.items()}

    @cached_property
    def label_pattern(self) -> "re.Pattern[str]":
        """Any label, the longest that fits."""
        return re.compile("|".join(re.escape(label) for label in sorted(self.labels, key=len, reverse=True)))

    @cached_property
    def measure_pattern(self) -> "re.Pattern[str]":
        """A number with its unit, and what stands around it."""
        return re.compile(
            rf"{_BEFORE}\s*(?<![a-z0-9.])(?:(?P<from>{_NUMBER})\s*(?P<from_unit>{self._unit_choice})?\s*(?:-|~|至|到)\s*)?"
            rf"(?P<number>{_NUMBER}|(?<![零一二两三四五六七八九十百千第]){_CHINESE})\s*(?P<more>余|多|几)?\s*(?P<times>百万|千万|万|亿)?(?P<more_after>余|多)?\s*"
            rf"\(?(?P<unit>{self._unit_choice}){_UNIT_ENDS}\)?{_AFTER}"
        )

    @cached_property
    def size_pattern(self) -> "re.Pattern[str]":
        """A diameter with or without its length: φ2.4×13m."""
        length = r"mm|cm|m|毫米|厘米|米"
        return re.compile(
            rf"(?P<round>φ)?\s*(?<![a-z0-9.])(?P<first>{_NUMBER})\s*(?P<first_unit>{length})?\s*[×x]\s*(?P<second>{_NUMBER})\s*(?P<unit>{length})(?![a-z0-9/])"
            rf"|φ\s*(?P<only>{_NUMBER})\s*(?P<only_unit>{length})?(?![a-z0-9/])"
        )

    @cached_property
    def unit_first_pattern(self) -> "re.Pattern[str]":
        """A unit in brackets before its number: 变压器容量(kVA):6300."""
        return re.compile(
            rf"\(\s*(?P<times>万|亿)?(?P<unit>{self._unit_choice})\s*\)\s*[:=为是]?\s*(?P<number>{_NUMBER})(?!\s*(?:{self._unit_choice}))"
        )

    @cached_property
    def word_patterns(self) -> Sequence[tuple[str, "re.Pattern[str]", Mapping[str, str]]]:
        """For each parameter with words: the pattern of all of them, longest first, and what each means."""
        found = []
        for parameter in self.parameters:
            meanings = {packed(word): value for value, words in parameter.words.items() for word in words}
            if meanings:
                choice = "|".join(re.escape(word) for word in sorted(meanings, key=len, reverse=True))
                found.append((parameter.key, re.compile(choice), meanings))
        return found

    @cached_property
    def _unit_choice(self) -> str:
        units = sorted(self.spellings, key=len, reverse=True)
        return "|".join(re.escape(unit) + _NOT_BEHIND.get(unit, "") for unit in units)

    def base(self, value: Decimal, unit: str) -> tuple[Decimal, str]:
        """Return a value in its base unit.

        Raises:
            KeyError: the unit is not known.
        """
        spelling = self.spellings[normalised(unit)]
        return value * spelling.factor, spelling.base


def normalised(text: str) -> str:
    """Return a text in one width, one case and one form of look-alike signs."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)


@lru_cache(maxsize=20_000)
def packed(text: str) -> str:
    """Return a text normalised, without blanks."""
    return "".join(normalised(text).split())


def parse_measures(text: str, vocabulary: Vocabulary, *, with_bare_numbers: bool = False) -> tuple[Measure, ...]:
    """Return every value with a unit that a text holds; with bare numbers, also those whose unit is missing."""
    plain = vocabulary.unit_first_pattern.sub(r":\g<number>\g<times>\g<unit> ", normalised(text))
    return tuple(_Reader(plain, vocabulary).measures(with_bare_numbers=with_bare_numbers))


def parse_capacity(value: str, unit: str, vocabulary: Vocabulary) -> Measure | None:
    """Return a capacity (产能) from its two columns, in a base unit a year; None when there is none."""
    number = normalised(value).strip()
    joined = number + normalised(unit).strip() if re.fullmatch(rf"{_NUMBER}\s*[万亿]?", number) else number
    measures = parse_measures(f"产能{joined}", vocabulary, with_bare_numbers=True)
    if not measures:
        return None
    (first, *_) = measures
    base = vocabulary.yearly.get(first.unit or "", first.unit)
    return Measure(
        first.low,
        first.high,
        base,
        first.text,
        is_low_open=first.is_low_open,
        is_high_open=first.is_high_open,
        is_capacity=True,
    )


def parse_words(text: str, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return what a text says in words of each parameter, such as fuel: 直接燃煤."""
    plain = packed(text)
    found = {}
    for key, pattern, meanings in vocabulary.word_patterns:
        values = tuple(dict.fromkeys(meanings[word] for word in pattern.findall(plain)))
        if values:
            found[key] = values
    return found


def parse_commissioned(text: str) -> str | None:
    """Return the month or year in which a machine was commissioned (2003-01, 1982); None when the text has none."""
    found = _YEAR.search(normalised(text))
    if found is None:
        return None
    year, month = found["year"] or found["early"], found["month"] or found["early_month"]
    return f"{year}-{int(month):02d}" if month and 1 <= int(month) <= 12 else year  # noqa: PLR2004  months


class _Reader:
    """One text on its way through the patterns; each takes away what it has read."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._read: list[tuple[int, int]] = []

    def measures(self, *, with_bare_numbers: bool) -> Iterator[Measure]:
        found: list[tuple[int, Measure]] = []
        for match in _CALENDAR_YEAR.finditer(self._text):
            self._take(match)
        for match in _RATIO.finditer(self._text):
            self._take(match)
            found.append((match.start(), self._point(match["number"], "1:x", match[0])))
        for match in _TYPE_NUMBER.finditer(self._text):
            self._take(match)
            found.append((match.start(), self._type_number(match)))
        for match in self._free(self._vocabulary.size_pattern.finditer(self._text)):
            found += [(match.start(), measure) for measure in self._sizes(match)]
        for match in self._free(self._vocabulary.measure_pattern.finditer(self._text)):
            found.append((match.start(), self._measure(match)))
        if with_bare_numbers:
            for match in self._free(_BARE.finditer(self._text)):
                found.append((match.start(), self._bare(match)))
        yield from (measure for _, measure in sorted(found, key=lambda one: one[0]))

    def _free(self, matches: Iterable["re.Match[str]"]) -> Iterator["re.Match[str]"]:
        for match in matches:
            if not any(start < match.end() and match.start() < end for start, end in self._read):
                yield match
                self._take(match)

    def _take(self, match: "re.Match[str]") -> None:
        self._read.append(match.span())

    def _point(self, number: str, unit: str | None, text: str, parameters: frozenset[str] = frozenset()) -> Measure:
        value = _number(number)
        return Measure(value, value, unit, text.strip(), parameters)

    def _type_number(self, match: "re.Match[str]") -> Measure:
        value = _number(match["number"]) / 1000  # millimetres
        widths = frozenset(parameter.key for parameter in self._vocabulary.parameters if parameter.takes_type_number)
        return Measure(value, value, "m", match[0].strip(), widths, is_type_number=True)

    def _sizes(self, match: "re.Match[str]") -> Iterator[Measure]:
        """A diameter, and behind × a length. Without a unit of its own the first takes that of the second."""
        if match["only"]:
            yield self._size(match["only"], match["only_unit"], match[0], "直径")
            return
        unit = match["first_unit"] or match["unit"]
        too_large = unit == "m" and _number(match["first"]) > 100  # noqa: PLR2004  no machine is that wide
        yield self._size(match["first"], "mm" if too_large else unit, match[0], "直径")
        yield self._size(match["second"], match["unit"], match[0], "长")

    def _size(self, number: str, unit: str | None, text: str, label: str) -> Measure:
        parameters = self._vocabulary.labels.get(label, frozenset())
        if unit is None:
            return self._point(number, None, text, parameters)
        value, base = self._vocabulary.base(_number(number), unit)
        return Measure(value, value, base, text.strip(), parameters)

    def _bare(self, match: "re.Match[str]") -> Measure:
        labelled = self._label_before(match.start())
        return self._point(match[0], None, match[0], labelled[1] if labelled else frozenset())

    def _measure(self, match: "re.Match[str]") -> Measure:
        times = Decimal(_MULTIPLIERS[match["times"] or ""])
        value, base = self._vocabulary.base(_number(match["number"]) * times, match["unit"])
        unit, parameters = self._meaning(match, base)
        text = match[0].strip()
        if match["from"]:
            own = match["from_unit"] or match["unit"]
            low, _ = self._vocabulary.base(_number(match["from"]) * times, own)
            return Measure(low, value, unit, text, parameters)
        return _bounded(match, value, unit, text, parameters)

    def _meaning(self, match: "re.Match[str]", base: str) -> tuple[str, frozenset[str]]:
        """Return the unit that is meant, a rate perhaps, and the parameters that the text names."""
        start = match.start("from") if match["from"] else match.start("number")
        before = self._segment(start)
        for word, rate in self._vocabulary.rates.items():
            if before.rstrip(" :为约达").endswith(normalised(word)) and rate.partition("/")[0] == base:
                return rate, frozenset()
        label = self._label_before(start, base=base) or self._label_after(match.end("unit"), base=base)
        yearly = self._vocabulary.yearly.get(base)
        if label is None:
            return (yearly, frozenset()) if yearly and match["times"] else (base, frozenset())
        name, parameters, unit = label[0], label[1], label[2]
        return unit, parameters or frozenset({name})

    def _segment(self, start: int) -> str:
        """Return what stands before a number, back to the value or the break before it."""
        ends = [end for _, end in self._read if end <= start]
        return _BREAK.split(self._text[max([start - _LABEL_SPAN, *ends, 0]) : start])[-1]

    def _label_before(self, start: int, *, base: str | None = None) -> tuple[str, frozenset[str], str] | None:
        """Return the label nearest before a number that fits its unit."""
        matches = list(self._vocabulary.label_pattern.finditer(self._segment(start)))
        for match in reversed(matches):
            fitting = self._fitting(self._vocabulary.labels[match[0]], base)
            if fitting is not None:
                return (match[0], *fitting)
        return None

    def _label_after(self, end: int, *, base: str) -> tuple[str, frozenset[str], str] | None:
        """Return the label that follows a unit directly and has no number of its own."""
        match = self._vocabulary.label_pattern.match(self._text, end)
        if match is None or re.match(rf"\s*[:为]?\s*{_NUMBER}", self._text[match.end() :]):
            return None
        fitting = self._fitting(self._vocabulary.labels[match[0]], base)
        return (match[0], *fitting) if fitting is not None else None

    def _fitting(self, parameters: frozenset[str], base: str | None) -> tuple[frozenset[str], str] | None:
        """Return the parameters that are measured in a unit or its rate a year, with the unit then meant."""
        if base is None or not parameters:
            return parameters, base or ""
        units = {key: self._vocabulary.by_key[key].unit for key in parameters}
        for unit in (self._vocabulary.yearly.get(base), base):
            fitting = frozenset(key for key, own in units.items() if own == unit)
            if unit and fitting:
                return fitting, unit
        return None


def _bounded(match: "re.Match[str]", value: Decimal, unit: str, text: str, parameters: frozenset[str]) -> Measure:
    """Return a value with what 约, 不足, 及以下 and 余 around it make of it."""
    around = {match["before"] or "", match["after"] or ""}
    is_open = match["open"] is not None
    if match["more"] or match["more_after"]:
        return Measure(value, value * Decimal("1.1"), unit, text, parameters, is_high_open=True)
    if around & _ABOUT:
        return Measure(value * (1 - _TOLERANCE), value * (1 + _TOLERANCE), unit, text, parameters)
    if around & (_UP_TO | _AT_MOST):
        return Measure(None, value, unit, text, parameters, is_high_open=is_open or bool(around & _UP_TO))
    if around & (_FROM | _AT_LEAST):
        return Measure(value, None, unit, text, parameters, is_low_open=is_open or bool(around & _FROM))
    return Measure(value, value, unit, text, parameters)


def _number(written: str) -> Decimal:
    if written[0].isdecimal():
        return Decimal(written.replace(",", ""))
    whole, part, digit = 0, 0, 0
    for word in written:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word == "万":
            whole, part, digit = (whole + part + digit) * _PLACES[word], 0, 0
        else:
            part, digit = part + (digit or 1) * _PLACES[word], 0
    return Decimal(whole + part + digit)
