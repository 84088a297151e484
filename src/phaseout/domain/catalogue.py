"""The catalogue (产业结构调整目录) as plain values: its items, their conditions, and what is judged by them.

A judgement (目录判定) is the machine's first reading. A person confirms it against the official text.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from phaseout.domain.measures import Measure, Vocabulary
from phaseout.errors import UsageError


class UnknownCatalogueItem(UsageError):
    """An item is asked for that the catalogue does not have."""

    def __init__(self, *, item: str) -> None:
        self.item = item
        super().__init__(f"the catalogue has no item {item}; see `phaseout catalogue list`")


class Judgement(StrEnum):
    """What our rules say of an equipment item (目录判定)."""

    ELIMINATE = "eliminate"
    REVIEW = "review"
    RESTRICTED = "restricted"
    NOT_IN_CATALOGUE = "not_in_catalogue"


class Category(StrEnum):
    """The catalogue's classes, and two kinds of list that are shown and decide nothing."""

    ELIMINATED = "eliminated"  # 淘汰类
    RESTRICTED = "restricted"  # 限制类
    ENTRY_CONDITION = "entry_condition"  # 行业规范
    LOCAL = "local"  # 地方


class Confidence(StrEnum):
    """How sure we are of an item and its figure."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Operator(StrEnum):
    """How a condition compares."""

    AT_MOST = "at_most"
    BELOW = "below"
    AT_LEAST = "at_least"
    ABOVE = "above"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an item: a parameter against a threshold, or against words."""

    parameter: str
    label: str  # what a list calls the parameter
    operator: Operator
    words: tuple[str, ...] = ()
    value: Decimal | None = None  # as the catalogue writes it
    unit: str = ""
    threshold: Decimal | None = None  # the same in *base_unit*
    base_unit: str = ""
    doubtful_to: Decimal | None = None  # up to here the figure itself is in doubt; in *base_unit*

    @property
    def is_upper(self) -> bool:
        """Whether the condition holds for what is small."""
        return self.operator in {Operator.AT_MOST, Operator.BELOW}


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which equipment is written: every term must occur, none of *absent* may. A term may have variants."""

    terms: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueException:
    """What an item leaves out: it may apply when one of *words* occurs, none of *unless*, and *conditions* may hold."""

    text: str
    words: tuple[str, ...] = ()  # none: the wording never tells
    unless: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One entry of the catalogue (目录条目), with how lists write the equipment that it means."""

    id: str
    industry: str
    name: str
    category: Category
    kind: str
    section: str
    confidence: Confidence
    evidence: tuple[str, ...]
    note: str | None = None
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()
    exceptions: tuple[CatalogueException, ...] = ()
    disputed: tuple[CatalogueException, ...] = ()  # even where a condition fails, a person looks
    deadline: date | None = None
    wordings: tuple[Wording, ...] = ()  # sure within its industries
    anywhere: tuple[Wording, ...] = ()  # sure whatever the industry
    loose: tuple[Wording, ...] = ()  # might mean this
    also_in: tuple[str, ...] = ()  # further industries to which it belongs
    same_as: str | None = None
    together_with: str | None = None  # between the two, every loose wording is covered
    is_per_line: bool = False  # speaks of one line or furnace, not of the whole enterprise
    is_project: bool = False  # speaks of the whole enterprise, whatever the equipment
    needs_finding: bool = False  # only another department can say so

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition, all-of before any-of."""
        return self.all_of + self.any_of


@dataclass(frozen=True, slots=True)
class CatalogueIndustry:
    """An industry of the catalogue with the names under which lists know it."""

    key: str
    name: str
    names: tuple[str, ...]
    near: tuple[str, ...] = ()  # names of neighbours among whose equipment its own is found
    only_review: bool = False  # 化工: never judged by this catalogue alone


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One edition of the catalogue, with the words that it takes to read a list."""

    title: str
    issued_as: str
    source: str
    in_force: date
    repealed: date | None
    items: tuple[CatalogueItem, ...]
    industries: tuple[CatalogueIndustry, ...]
    vague: tuple[str, ...]  # names that say too little
    vocabulary: Vocabulary

    def item(self, item_id: str) -> CatalogueItem:
        """Return an item.

        Raises:
            UnknownCatalogueItem: there is none of that id.
        """
        for item in self.items:
            if item.id == item_id.strip().upper():
                return item
        raise UnknownCatalogueItem(item=item_id)


@dataclass(frozen=True, slots=True)
class Equipment:
    """An equipment item (工艺装备) as a list writes it; whatever it leaves out is empty."""

    industry: str = ""
    enterprise: str = ""
    name: str = ""
    model: str = ""
    params: str = ""
    capacity: str = ""
    capacity_unit: str = ""
    context: str = ""  # product and process, where a list has them
    commissioned: str = ""  # 2008-06
    is_capacity_of_enterprise: bool = False  # the whole firm's, not this line's


class Outcome(StrEnum):
    """Whether a condition, or an item, holds."""

    MET = "met"
    NOT_MET = "not_met"
    UNSURE = "unsure"


class Doubt(StrEnum):
    """Why a person must look."""

    NOTHING_NAMED = "nothing_named"
    VAGUE_NAME = "vague_name"
    ON_THRESHOLD = "on_threshold"
    MISSING = "missing"
    NO_UNIT = "no_unit"
    SEVERAL = "several"
    RANGE = "range"
    DOUBTFUL_FIGURE = "doubtful_figure"
    WHOLE_ENTERPRISE = "whole_enterprise"
    EXCEPTION = "exception"
    DISPUTED = "disputed"
    LOW_CONFIDENCE = "low_confidence"
    LOOSE_WORDING = "loose_wording"
    OTHER_INDUSTRY = "other_industry"
    NOT_DUE = "not_due"
    NEEDS_FINDING = "needs_finding"
    NOT_NATIONAL = "not_national"
    ONLY_REVIEW = "only_review"
    SEVERAL_FIRMS = "several_firms"
    SEVERAL_MACHINES = "several_machines"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition held against what a list says."""

    item: str
    condition: Condition
    outcome: Outcome
    found: tuple[Measure, ...] = ()
    found_words: tuple[str, ...] = ()
    doubt: Doubt | None = None
    beyond: Decimal | None = None  # by which share of the threshold a single value misses it


@dataclass(frozen=True, slots=True)
class Match:
    """One item held against an equipment item."""

    item: CatalogueItem
    outcome: Outcome
    comparisons: tuple[Comparison, ...]
    doubts: tuple[Doubt, ...] = ()
    exceptions: tuple[CatalogueException, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement (目录判定) with the items that decided it, the comparison and the reason, for officials to read."""

    judgement: Judgement
    items: tuple[str, ...]
    comparison: str
    reason: str
    doubts: tuple[Doubt, ...] = ()
    matches: tuple[Match, ...] = field(default=(), repr=False)
