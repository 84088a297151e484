"""A campaign (年度淘汰工作): one place's round of work under one notice, as plain values.

A campaign is data. Its folder `data/campaigns/<id>/` is read into these values once, at the edge;
nothing below knows a place, a year or a form by name. What differs between campaigns is a value here,
never a branch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phaseout.domain.evidence import EvidencePhase
from phaseout.errors import UsageError


class UnknownUnit(UsageError):
    """A unit is asked for that the campaign does not have."""

    def __init__(self, *, campaign: str, unit: str) -> None:
        self.campaign = campaign
        self.unit = unit
        super().__init__(f"{campaign} has no reporting unit {unit}")


class UnknownMilestone(UsageError):
    """A milestone is asked for that the campaign does not have."""

    def __init__(self, *, campaign: str, milestone: str) -> None:
        self.campaign = campaign
        self.milestone = milestone
        super().__init__(f"{campaign} has no milestone {milestone}")


class MilestoneKind(StrEnum):
    """What a milestone is about; the flow of that name takes stock of it."""

    CONTACT_LIST = "contact_list"
    INVENTORY = "inventory"
    SUMMARY = "summary"
    MONTHLY_PROGRESS = "monthly_progress"
    CLOSURE = "closure"
    FINAL_LIST = "final_list"


class OwedPer(StrEnum):
    """How often one unit owes the form of a milestone."""

    UNIT = "unit"
    INDUSTRY = "industry"
    PERIOD = "period"


class Hardness(StrEnum):
    """Whether lateness counts (刚性, 原则上) and whether a form or a result is awaited."""

    HARD = "hard"
    SOFT = "soft"  # 原则上: lateness only warns
    GOAL = "goal"  # a result in the enterprises, not a filing


class Condition(StrEnum):
    """When a conditional obligation is owed at all."""

    ALWAYS = "always"
    OPEN_ITEMS = "open_items"  # only by units with equipment still to close


class StockStep(StrEnum):
    """One thing done when stock is taken (到期清点)."""

    CONSOLIDATE = "consolidate"
    BULLETIN = "bulletin"
    RECONCILE = "reconcile"
    OMISSIONS = "omissions"
    UNCLOSED = "unclosed"
    FINAL_LIST = "final_list"


class CalendarPolicy(StrEnum):
    """What a nominal due date on a day off becomes (顺延规则)."""

    KEEP = "keep"
    ADVANCE = "advance"
    DEFER = "defer"


class Audience(StrEnum):
    """Who at or above a unit a letter addresses."""

    CONTACT = "contact"
    UNIT_MAILBOX = "unit_mailbox"
    LEADER = "leader"
    ALL_UNITS = "all_units"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry in the campaign's own division (行业), with its GB/T 4754-2017 codes."""

    key: str
    name: str
    gbt4754_codes: tuple[str, ...]
    industry_office: str | None  # 业务处室 that gets the consolidated tables


@dataclass(frozen=True, slots=True)
class County:
    """A county-level place within a unit (县（市、区）)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit (填报单位)."""

    code: str  # division code, GB/T 2260
    name: str
    short_name: str
    body: str  # the bureau that signs, such as 南京市工业和信息化局
    mailbox: str
    leader_mailbox: str
    industries: tuple[str, ...]  # keys of the industries it must report on
    counties: tuple[County, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One dated turn of a milestone: its window and its days.

    *nominal_due* is the day that the notice writes. *due* is that day after the calendar policy.
    """

    period: str | None
    opens: date
    nominal_due: date
    closes: date
    condition: Condition = Condition.ALWAYS


@dataclass(frozen=True, slots=True)
class Milestone:
    """A named day, or a run of named days, of the campaign (时间节点)."""

    id: str
    kind: MilestoneKind
    title: str
    short_title: str  # for narrow tables
    basis: str  # clause of the notice
    forms: tuple[str, ...]  # none for a goal
    owed_per: OwedPer
    hardness: Hardness
    calendar_policy: CalendarPolicy
    terms: tuple[Term, ...]
    stock_steps: tuple[StockStep, ...]
    paper_copies: int = 0  # 纸质件: sealed copies of each form that follow the file


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder (梯级): from when it applies, whom it addresses, with which letter."""

    order: int
    days_late: int  # working days past the due date; negative is before it
    letter: str
    audience: tuple[Audience, ...]
    release: bool  # a named person must release it (签发)


@dataclass(frozen=True, slots=True)
class Office:
    """The desk that runs the campaign (主办处室)."""

    body: str
    desk: str
    mailbox: str
    phone: str


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the campaign's enterprises can lie, in degrees; each the least and the most."""

    longitude: tuple[float, float]
    latitude: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything the office decided about one campaign."""

    id: str
    title: str
    notice: str
    year: int
    opens: date
    closures_due: date  # the last day for closures
    correction_working_days: int
    office: Office
    units: tuple[Unit, ...]
    industries: tuple[Industry, ...]
    milestones: tuple[Milestone, ...]
    ladder: tuple[Rung, ...]
    source_hash: str  # SHA-256 over the folder's files: which data this was
    kept_forms: tuple[str, ...] = ()  # handed down, and kept below: units never send them up (基层收存)
    extent: Extent | None = None
    evidence_phases: tuple[
        EvidencePhase, ...
    ] = ()  # of which each inspection needs a picture; none: counts are declared

    @property
    def closes(self) -> date:
        """The last close date of all; the campaign can be frozen from the day after."""
        return max(term.closes for milestone in self.milestones for term in milestone.terms)

    def before(self, campaigns: Iterable[str]) -> str | None:
        """Return the same place's last campaign of an earlier year, such as jiangsu-2021 before jiangsu-2022."""
        place = self.id.removesuffix(str(self.year))
        earlier = [name for name in campaigns if name.startswith(place) and name.removeprefix(place).isdecimal()]
        return max((name for name in earlier if name < self.id), default=None)

    def unit(self, code: str) -> Unit:
        """Return the unit with a division code.

        Raises:
            UnknownUnit: the campaign has none.
        """
        for unit in self.units:
            if unit.code == code:
                return unit
        raise UnknownUnit(campaign=self.id, unit=code)

    def industry(self, key: str) -> Industry:
        """Return the industry with a key that the campaign's own data names."""
        return next(industry for industry in self.industries if industry.key == key)

    def milestone(self, milestone_id: str) -> Milestone:
        """Return a milestone by its id.

        Raises:
            UnknownMilestone: the campaign has none.
        """
        for milestone in self.milestones:
            if milestone.id == milestone_id:
                return milestone
        raise UnknownMilestone(campaign=self.id, milestone=milestone_id)
