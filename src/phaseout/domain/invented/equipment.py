"""The invented enterprises (企业) of a unit with their equipment items (工艺装备)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, County, Industry, Unit
from phaseout.domain.credit_code import check_character, organisation_check_character
from phaseout.domain.invented.chance import dice
from phaseout.domain.invented.course import Agenda, Course, invent_course, invent_stubborn_course
from phaseout.domain.invented.habits import Part
from phaseout.domain.invented.places import counties_with, invented_phone
from phaseout.domain.invented.trades import Machine, Trade, trade_of

_NUMERALS = "一二三四五六"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_OUTDATED_SHARE = 0.35
_ZERO_INDUSTRIES = 2
_NO_DIVISION = "000000"


@dataclass(frozen=True, slots=True)
class Item:
    """Machines of one kind at an enterprise; outdated ones name the clause of the catalogue."""

    name: str
    model: str
    params: str
    count: int
    commissioned: str
    catalogue_ref: str | None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise that nobody will find in a register."""

    name: str
    uscc: str
    county: County
    address: str
    legal_rep: str
    phone: str
    industry: Industry
    product: str
    capacity: Decimal
    capacity_unit: str
    output: Decimal
    process: str
    checked_on: date
    items: tuple[Item, ...]
    course: Course | None = None  # with outdated equipment only

    @property
    def outdated(self) -> tuple[Item, ...]:
        """Return the items that are outdated equipment (落后生产工艺装备)."""
        return tuple(item for item in self.items if item.catalogue_ref)


def invented_people(chance: Random, count: int) -> tuple[str, ...]:
    """Return names of people who do not exist, such as 张示例."""
    return tuple(f"{surname}示例" for surname in chance.sample(_SURNAMES, count))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the invention of one unit's enterprises depends on."""

    campaign: Campaign
    unit: Unit
    part: Part
    agenda: Agenda
    seed: int
    calendar: WorkCalendar
    may_close_whole: bool  # whether the campaign's forms know 整体关停


def invent_enterprises(setting: Setting) -> tuple[Enterprise, ...]:
    """Return a unit's enterprises in the order of industries, those with outdated equipment on their way to closure."""
    empty = _empty_industries(setting)
    surveyed = [
        enterprise
        for place, key in enumerate(setting.unit.industries)
        if key not in empty
        for enterprise in _enterprises_of(setting, setting.campaign.industry(key), place=place)
    ]
    stubborn = _stubborn(setting, surveyed)
    return tuple(
        replace(enterprise, course=_course(setting, enterprise, is_stubborn=enterprise.uscc == stubborn))
        if enterprise.outdated
        else enterprise
        for enterprise in surveyed
    )


def _empty_industries(setting: Setting) -> frozenset[str]:
    if setting.part is not Part.ZERO:
        return frozenset()
    others = setting.unit.industries[1:]  # the first one always has outdated equipment
    return frozenset(dice(setting.seed, setting.unit.code, "zero").sample(others, min(_ZERO_INDUSTRIES, len(others))))


def _enterprises_of(setting: Setting, industry: Industry, *, place: int) -> Iterator[Enterprise]:
    chance = dice(setting.seed, setting.unit.code, industry.key)
    for number in range(chance.choices(range(1, 7), weights=(4, 4, 3, 2, 1, 1))[0]):
        is_first = place == 0 and number == 0
        has_outdated = setting.part is not Part.NOTHING_OUTDATED and (is_first or chance.random() < _OUTDATED_SHARE)
        yield _enterprise(setting, industry, chance, place=place, number=number, has_outdated=has_outdated)


def _enterprise(
    setting: Setting, industry: Industry, chance: Random, *, place: int, number: int, has_outdated: bool
) -> Enterprise:
    unit, agenda, trade = setting.unit, setting.agenda, trade_of(industry.name)
    serial = (setting.campaign.units.index(unit) + 1) * 1000 + place * 10 + number + 1
    county = chance.choice(counties_with(unit, industry.name) or (County(code=unit.code, name=unit.name),))
    capacity = _tenths(chance, (trade.outdated_capacity if has_outdated else None) or trade.capacity)
    return Enterprise(
        name=f"{unit.short_name}示例{_NUMERALS[number]}{trade.word}有限公司",
        uscc=invented_credit_code(county.code, serial),
        county=county,
        address=f"{unit.name}{county.name}示例路{serial % 1000}号",
        legal_rep=invented_people(chance, 1)[0],
        phone=invented_phone(unit.code, serial),
        industry=industry,
        product=chance.choice(trade.products),
        capacity=capacity,
        capacity_unit=trade.capacity_unit,
        output=(capacity * chance.randint(50, 95) / 100).quantize(Decimal("0.01")),
        process=trade.process,
        checked_on=_workday(chance, agenda.surveyed_from, agenda.surveyed_until, setting.calendar),
        items=_items(trade, capacity, chance, has_outdated=has_outdated),
    )


def invented_credit_code(county: str, serial: int) -> str:
    """Return a credit code that checks; its organisation code begins with four zeros as no real one does."""
    division = county[:6] if county[:6].isdecimal() and len(county) >= len(_NO_DIVISION) else _NO_DIVISION
    organisation = f"{serial:08d}"
    body = f"91{division}{organisation}{organisation_check_character(organisation)}"
    return body + check_character(body)


def _items(trade: Trade, capacity: Decimal, chance: Random, *, has_outdated: bool) -> tuple[Item, ...]:
    count = chance.choices((1, 2, 3), weights=(5, 3, 2))[0]
    outdated = chance.randint(1, count) if has_outdated else 0
    if outdated and trade.outdated_capacity:  # who is too small as a whole has nothing sound
        count = outdated
    return (
        *_drawn(trade.outdated, outdated, chance, years=(1996, 2008), capacity=capacity, ref=trade.catalogue_ref),
        *_drawn(trade.sound, count - outdated, chance, years=(2012, 2020), capacity=capacity, ref=None),
    )


def _drawn(
    machines: tuple[Machine, ...],
    count: int,
    chance: Random,
    *,
    years: tuple[int, int],
    capacity: Decimal,
    ref: str | None,
) -> Iterator[Item]:
    models = [(machine.name, *model) for machine in machines for model in machine.models]
    for name, model, params in chance.sample(models, min(count, len(models))):
        yield Item(
            name=name,
            model=model,
            params=params.format(capacity=capacity),
            count=chance.choices((1, 2, 3, 4, 6), weights=(4, 3, 2, 1, 1))[0],
            commissioned=f"{chance.randint(*years)}-{chance.randint(1, 12):02d}",
            catalogue_ref=ref,
        )


def _stubborn(setting: Setting, enterprises: list[Enterprise]) -> str | None:
    if setting.part not in {Part.CLOSES_IN_DECEMBER, Part.STAYS_OPEN}:
        return None
    outdated = [enterprise.uscc for enterprise in enterprises if enterprise.outdated]
    return dice(setting.seed, setting.unit.code, "stubborn").choice(outdated) if outdated else None


def _course(setting: Setting, enterprise: Enterprise, *, is_stubborn: bool) -> Course:
    chance = dice(setting.seed, setting.unit.code, enterprise.uscc, "course")
    if is_stubborn:
        ends = setting.part is Part.CLOSES_IN_DECEMBER
        return invent_stubborn_course(setting.agenda, chance, closes_in_december=ends)
    whole = setting.may_close_whole and len(enterprise.outdated) == len(enterprise.items)
    return invent_course(
        setting.agenda,
        chance,
        checked_on=enterprise.checked_on,
        may_close_whole=whole,
        calendar=setting.calendar,
    )


def _tenths(chance: Random, span: tuple[int, int]) -> Decimal:
    return Decimal(chance.randint(*span)) / 10


def _workday(chance: Random, first: date, last: date, calendar: WorkCalendar) -> date:
    return calendar.on_or_before(first + timedelta(days=chance.randint(0, (last - first).days)))
