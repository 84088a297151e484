"""A campaign (年度淘汰工作): one place's round of work under one notice, as plain values.

A campaign is data. Its folder `data/campaigns/<id>/` is read into these values once, at the edge;
nothing below knows a place, a year or a form by name. What differs between campaigns is a value here,
never a branch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phaseout.domain.calendar import DayOff
from phaseout.domain.evidence import EvidencePhase
from phaseout.domain.rectification import RectificationWindow
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


class FormsToCome(UsageError):
    """A campaign cannot be opened whose forms are not all defined yet."""

    def __init__(self, *, campaign: str, forms: tuple[str, ...]) -> None:
        self.campaign = campaign
        self.forms = forms
        super().__init__(
            f"{campaign} cannot be opened yet: its forms {', '.join(forms)} are still to come (data/forms); "
            "calendar and planning work"
        )


class UnitKind(StrEnum):
    """What kind of body a reporting unit is."""

    CITY = "city"  # 设区市
    COUNTY = "county"  # 县（市、区）
    TOWNSHIP = "township"  # 乡镇（街道）, with the farms (场) that rank as one
    PARK = "park"  # 园区
    BUREAU = "bureau"  # 部门
    OFFICE = "office"  # 主办处室: what the office itself owes, to those above it


class MilestoneKind(StrEnum):
    """What a milestone is about; the flow of that name takes stock of it."""

    CONTACT_LIST = "contact_list"
    INVENTORY = "inventory"
    SUMMARY = "summary"
    MONTHLY_PROGRESS = "monthly_progress"
    CLOSURE = "closure"
    FINAL_LIST = "final_list"
    MILESTONE = "milestone"  # any other


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
    OPEN = "open"  # 及时, 适时: an act without any date; tracked, never late
    INFO = "info"  # past when the notice was issued: shown as history, owed by nobody


class Condition(StrEnum):
    """When a conditional obligation is owed at all."""

    ALWAYS = "always"
    OPEN_ITEMS = "open_items"  # only by units with equipment still to close
    REVIEW = "review"  # after the end of validity: only if a person says so


class StockStep(StrEnum):
    """One thing done when stock is taken (到期清点)."""

    CONSOLIDATE = "consolidate"
    SUMMARY = "summary"
    BULLETIN = "bulletin"
    RECONCILE = "reconcile"
    OMISSIONS = "omissions"
    UNCLOSED = "unclosed"
    FINAL_LIST = "final_list"
    CLOSING = "closing"


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
    COORDINATION_BODY = "coordination_body"


class CountedIn(StrEnum):
    """In which days a rung is counted from the due date."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


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
    industries: tuple[str, ...]  # keys of the industries it must report on, those it added itself last
    counties: tuple[County, ...]
    aliases: tuple[str, ...] = ()
    kind: UnitKind = UnitKind.CITY
    is_chased: bool = True  # else it may report and owes nothing


@dataclass(frozen=True, slots=True)
class Term:
    """One dated turn of a milestone: its window, and *nominal_due*, the day that the notice writes."""

    period: str | None
    opens: date
    nominal_due: date
    closes: date
    condition: Condition = Condition.ALWAYS
    warns_from: date | None = None  # where the notice's words are not sharp (中旬前)


@dataclass(frozen=True, slots=True)
class Wording:
    """What the notice says of a milestone that nothing is computed from; kept in its words, for people."""

    actors: tuple[str, ...] = ()  # 责任主体
    addressee: str = ""  # 报送对象
    copies_to: tuple[str, ...] = ()  # 抄送
    approval: str = ""  # 报送前须经
    evidence: tuple[str, ...] = ()  # 佐证材料


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
    terms: tuple[Term, ...]  # none for an open act
    stock_steps: tuple[StockStep, ...]
    paper_copies: int = 0  # 纸质件: sealed copies of each form that follow the file
    weekend_policy: CalendarPolicy | None = None  # where plain weekends go another way than statutory holidays
    grace: int = 0  # 宽限期: working days after the due date in which a unit is only reminded
    owed_by: tuple[str, ...] = ()  # kinds and codes of units; none: all that are chased, but for the office
    within: str | None = None  # the milestone in whose time this one is done
    after: str | None = None  # the milestone that comes first
    wording: Wording = Wording()

    @property
    def is_owed(self) -> bool:
        """Say whether the milestone makes obligations: an open act has no date, history is over."""
        return self.hardness not in {Hardness.OPEN, Hardness.INFO}

    def is_owed_by(self, unit: Unit) -> bool:
        """Say whether *unit* owes what the milestone asks for; a kind means those of it that are chased."""
        if not self.is_owed or unit.code in self.owed_by:
            return self.is_owed
        return unit.is_chased and (unit.kind in self.owed_by if self.owed_by else unit.kind is not UnitKind.OFFICE)

    def policy_for(self, cause: DayOff | None) -> CalendarPolicy:
        """Return what a nominal due date becomes that falls on a day off of some cause."""
        if cause is DayOff.WEEKEND and self.weekend_policy is not None:
            return self.weekend_policy
        return self.calendar_policy


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder (梯级): from when it applies, whom it addresses, with which letter."""

    order: int
    days_late: int  # past the due date, in the days of *counted_in*; negative is before it
    letter: str
    audience: tuple[Audience, ...]
    release: bool  # a named person must release it (签发)
    counted_in: CountedIn = CountedIn.WORKING_DAYS


@dataclass(frozen=True, slots=True)
class LadderInWords:
    """What the notice threatens in acts of persons, without days: shown to the office, never done by the machine."""

    against: str
    basis: str
    acts: tuple[str, ...]  # from the mildest on


@dataclass(frozen=True, slots=True)
class Office:
    """The desk that runs the campaign (主办处室)."""

    body: str
    desk: str
    mailbox: str
    phone: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """A body beside the units that letters go to: the coordination body (协调机构), an industry office (业务处室)."""

    name: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Validity:
    """From which day to which the notice is in force (有效期)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the campaign's enterprises can lie, in degrees; each the least and the most."""

    longitude: tuple[float, float]
    latitude: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SigningReminders:
    """At which ages of a draft, in working days, the office is reminded that it waits (提请签发提醒)."""

    working_days: tuple[int, ...] = (1, 3, 7)
    then_every: int = 5


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
    signing_reminders: SigningReminders = SigningReminders()
    validity: Validity | None = None
    forms_to_come: tuple[str, ...] = ()  # that milestones name and nobody has defined yet
    coordination_body: Addressee | None = None
    industry_offices: tuple[Addressee, ...] = ()
    enterprise_ladder: tuple[Rung, ...] = ()  # for items not closed in time, counted from the closures' due date
    ladders: tuple[LadderInWords, ...] = ()
    windows: tuple[RectificationWindow, ...] = ()

    @property
    def closes(self) -> date:
        """The last close date of all; the campaign can be frozen from the day after."""
        return max(term.closes for milestone in self.milestones for term in milestone.terms)

    @property
    def dated_milestones(self) -> tuple[Milestone, ...]:
        """The milestones that have days: all but open acts."""
        return tuple(milestone for milestone in self.milestones if milestone.terms)

    def require_forms(self) -> None:
        """Stop before anything is asked for that nobody could fill in.

        Raises:
            FormsToCome: milestones name forms that are not defined yet.
        """
        if self.forms_to_come:
            raise FormsToCome(campaign=self.id, forms=self.forms_to_come)

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
