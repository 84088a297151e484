"""Divides a workbook of several industries (分行业) into the report of each, and holds its sheets to each other."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from phaseout.domain.calendar import period_of
from phaseout.domain.campaign import Unit
from phaseout.domain.form import Form, HeadRole
from phaseout.domain.intake import is_unit
from phaseout.domain.submission import Breach, Reading, Section, Value

ZERO_AND_ROWS = "READ-015"
BLANK_TABLE = "READ-025"
OTHER_UNIT = "READ-026"
OTHER_PERIOD = "READ-027"

_ENDINGS = ("行业", "业")  # 造纸, 造纸业 and 造纸行业 are one industry


def divide(reading: Reading, form: Form) -> tuple[Reading, ...]:
    """Return what a workbook reports of each industry, in its order; most workbooks report of one.

    A table that names no industry goes with the one before it. A blank table beside others is no report, and noted.
    """
    asked = _head_name(form, HeadRole.INDUSTRY)
    if asked is None or len(reading.sections) <= 1:
        return (reading,)
    shares = _shares(reading, asked)
    reported = [share for share in shares if share.is_report]
    if len(shares) == 1 or not reported:
        zeros = [breach for share in shares for breach in share.zeros]
        return (replace(reading, breaches=(*reading.breaches, *zeros)) if zeros else reading,)
    blank = [share.blank() for share in shares if not share.is_report]
    beside = [breach for breach in reading.breaches if _has_no_place(breach, reading.sections)]
    unit = _head_name(form, HeadRole.UNIT)
    first, *others = [share.reading(reading, asked, unit) for share in reported]
    return (replace(first, breaches=(*beside, *blank, *first.breaches)), *others)


@dataclass(slots=True)
class _Share:
    """The tables of one industry, with the places of their rows."""

    industry: str
    sections: list[Section]
    rows: list[int]  # positions in the reading
    totals: list[int]
    breaches: list[Breach]
    zeros: list[Breach]  # tables that state a zero report while others of the industry have rows

    @property
    def is_report(self) -> bool:
        return bool(self.rows) or any(section.zero_mark for section in self.sections)

    def blank(self) -> Breach:
        sheet = self.sections[0].sheet
        return Breach(BLANK_TABLE, sheet, None, None, {"found": self.industry, "sheet": sheet})

    def reading(self, whole: Reading, asked: str, unit: str | None) -> Reading:
        """Return the reading of these tables alone; who reports may be said once for the whole workbook."""
        head = dict(next((s.head for s in self.sections if s.head.get(asked)), self.sections[0].head))
        if unit is not None and head.get(unit) is None:
            head[unit] = whole.head.get(unit)
        return replace(
            whole,
            head=head,
            rows=tuple(whole.rows[at] for at in self.rows),
            totals=tuple(whole.totals[at] for at in self.totals),
            columns={(s.sheet, name): column for s in self.sections for name, column in s.columns.items()},
            head_cells={(s.sheet, name): cell for s in self.sections for name, cell in s.head_cells.items()},
            is_zero=not self.rows,
            breaches=(*self.breaches, *self.zeros),
            sections=tuple(self.sections),
        )


def _shares(reading: Reading, asked: str) -> list[_Share]:
    named = [_industry(section.head.get(asked)) for section in reading.sections]
    industry = next((name for name in named if name), "")
    shares: dict[str, _Share] = {}
    of_section: list[_Share] = []
    for section, name in zip(reading.sections, named, strict=True):
        industry = name or industry
        share = shares.setdefault(industry, _Share(industry, [], [], [], [], []))
        share.sections.append(section)
        of_section.append(share)
    places = _Places(reading.sections)
    filled = set()
    for at, row in enumerate(reading.rows):
        section_at = places.section_of(row.sheet, row.row)
        filled.add(section_at)
        of_section[section_at].rows.append(at)
    for at, (section, share) in enumerate(zip(reading.sections, of_section, strict=True)):
        if share.rows and section.zero_mark and at not in filled:
            share.zeros.append(Breach(ZERO_AND_ROWS, section.sheet, None, None, {"found": section.zero_mark}))
    for at, total in enumerate(reading.totals):
        of_section[places.section_of(total.sheet, total.row)].totals.append(at)
    for breach in reading.breaches:
        own = [of_section[at] for at in places.sections_of(breach)]
        for share in {id(share): share for share in own}.values():
            share.breaches.append(breach)
    return list(shares.values())


class _Places:
    """Finds the table to which a row belongs."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._starts: dict[str, tuple[list[int], list[int]]] = {}
        for at, section in enumerate(sections):
            starts, positions = self._starts.setdefault(section.sheet, ([], []))
            starts.append(section.first_row)
            positions.append(at)

    def section_of(self, sheet: str, row: int) -> int:
        starts, positions = self._starts[sheet]
        return positions[max(bisect_right(starts, row) - 1, 0)]

    def sections_of(self, breach: Breach) -> Iterable[int]:
        """Return the table in which something is wrong; all of a sheet for what is said of a sheet."""
        if breach.sheet not in self._starts:
            return ()
        if breach.row is None:
            return self._starts[breach.sheet][1]
        return (self.section_of(breach.sheet, breach.row),)


def _has_no_place(breach: Breach, sections: Sequence[Section]) -> bool:
    return breach.sheet not in {section.sheet for section in sections}


def _industry(said: Value) -> str:
    name = "".join(str(said or "").split())
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)


def held_to(reading: Reading, form: Form, unit: Unit) -> Reading:
    """Return a reading with a breach for each sheet that names another unit, or another month than the first."""
    breaches = [*_other_units(reading, form, unit), *_other_periods(reading, form)]
    return replace(reading, breaches=(*reading.breaches, *breaches)) if breaches else reading


def _other_units(reading: Reading, form: Form, unit: Unit) -> Iterable[Breach]:
    name = _head_name(form, HeadRole.UNIT)
    for sheet, said in _said(reading, name):
        if not is_unit(str(said), unit):
            yield Breach(OTHER_UNIT, sheet, None, name, {"found": said, "expected": unit.body})


def _other_periods(reading: Reading, form: Form) -> Iterable[Breach]:
    name = _head_name(form, HeadRole.PERIOD)
    first = reading.head.get(name) if name else None
    for sheet, said in _said(reading, name):
        if isinstance(first, date) and isinstance(said, date) and period_of(said) != period_of(first):
            yield Breach(OTHER_PERIOD, sheet, None, name, {"found": said, "first": first})


def _said(reading: Reading, name: str | None) -> Iterable[tuple[str, Value]]:
    """Return each sheet with what its head says, once."""
    said: Mapping[tuple[str, Value], None] = {
        (section.sheet, section.head[name]): None
        for section in reading.sections
        if name is not None and section.head.get(name) is not None
    }
    return said.keys()


def _head_name(form: Form, role: HeadRole) -> str | None:
    return next((field.name for field in form.head if field.role is role), None)
