"""A campaign's milestones (时间节点) as its folder writes them: due rules, windows, and who owes what to whom."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from phaseout.adapters.definitions.yaml_data import Definition
from phaseout.domain.calendar import clipped, month_of, next_month
from phaseout.domain.campaign import (
    CalendarPolicy,
    Condition,
    Hardness,
    Milestone,
    MilestoneKind,
    OwedPer,
    StockStep,
    Term,
    Validity,
    Wording,
)
from phaseout.domain.due_rule import (
    DueDay,
    DueRule,
    FixedDate,
    LastWorkingDay,
    MonthEnd,
    Monthly,
    TenDayPeriod,
    WithinTenDays,
    YearEnd,
    Yearly,
)

# Where a notice says nothing about a window, it is open from 30 days before the due date to 30 days after it.
WINDOW = timedelta(days=30)

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Period = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]  # a month, or a whole year


class DueEntry(Definition):
    """A due rule; one whose years the notice does not write comes again as long as the notice is in force."""

    def value(self, validity: Validity | None) -> DueRule:
        raise NotImplementedError


class FixedDateEntry(DueEntry):
    rule: Literal["fixed"]
    date: date

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return FixedDate(self.date)


class MonthlyEntry(DueEntry):
    rule: Literal["monthly"]
    day: int = Field(ge=1, le=31)
    first: Month
    last: Month

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return Monthly(self.day, self.first, self.last)


class LastWorkingDayEntry(DueEntry):
    rule: Literal["last_working_day"]
    first: Month
    last: Month

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return LastWorkingDay(self.first, self.last)


class MonthEndEntry(DueEntry):
    rule: Literal["month_end"]
    month: Month

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return MonthEnd(self.month)


class YearEndEntry(DueEntry):
    rule: Literal["year_end"]
    year: int

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return YearEnd(self.year)


class TenDaysEntry(DueEntry):
    rule: Literal["ten_days"]
    month: Month
    third: Literal["first", "middle", "last"]

    def value(self, validity: Validity | None) -> DueRule:  # noqa: ARG002 - not asked
        return WithinTenDays(self.month, TenDayPeriod[self.third.upper()])


class YearlyEntry(DueEntry):
    rule: Literal["yearly"]
    month: int = Field(ge=1, le=12)
    day: int = Field(default=31, ge=1, le=31)  # 31: the month's end
    first: int | None = None  # years; the campaign's validity if not given
    last: int | None = None

    def value(self, validity: Validity | None) -> DueRule:
        if self.first is not None and self.last is not None:
            return Yearly(self.month, self.day, date(self.first, 1, 1), date(self.last, 12, 31))
        if validity is None or (self.first, self.last) != (None, None):
            raise ValueError("a yearly rule needs its first and last year, or the campaign a validity")
        return Yearly(self.month, self.day, validity.first, validity.last)


class WindowEntry(Definition):
    opens: date | None = None
    closes: date | Mapping[Period, date] | None = None
    opens_day: int | None = Field(default=None, ge=1, le=31)
    closes_day: int | None = Field(default=None, ge=1, le=31)

    def opens_on(self, period: str | None, due: date, *, earliest: date) -> date:
        if self.opens_day is not None and period is not None:
            return clipped(*month_of(period), self.opens_day)
        return self.opens or max(due - WINDOW, earliest)

    def closes_on(self, period: str | None, due: date) -> date:
        if isinstance(self.closes, Mapping) and period is not None and period in self.closes:
            return self.closes[period]
        if self.closes_day is not None and period is not None:
            return clipped(*month_of(next_month(period)), self.closes_day)
        return self.closes if isinstance(self.closes, date) else due + WINDOW


class ConditionalEntry(Definition):
    period: Period
    condition: Condition
    opens: date
    due: date
    closes: date


class PolicyEntry(Definition):
    """What a nominal due date on a day off becomes, by why it is one."""

    statutory_holiday: CalendarPolicy
    weekend: CalendarPolicy


class MilestoneEntry(Definition):
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    kind: MilestoneKind = MilestoneKind.MILESTONE
    title: str
    short_title: str = Field(max_length=6)  # for narrow tables
    basis: str
    forms: tuple[str, ...] = ()
    owed_per: OwedPer = OwedPer.UNIT
    owed_by: tuple[str, ...] = ()
    hardness: Hardness
    calendar_policy: CalendarPolicy | PolicyEntry = CalendarPolicy.KEEP
    due: (
        Annotated[
            FixedDateEntry
            | MonthlyEntry
            | LastWorkingDayEntry
            | MonthEndEntry
            | YearEndEntry
            | TenDaysEntry
            | YearlyEntry,
            Field(discriminator="rule"),
        ]
        | None
    ) = None
    window: WindowEntry = WindowEntry()
    conditional: tuple[ConditionalEntry, ...] = ()
    grace: int = Field(default=0, ge=0)
    stock: tuple[StockStep, ...] = ()
    paper_copies: int = Field(default=0, ge=0)
    within: str | None = None
    after: str | None = None
    actors: tuple[str, ...] = ()
    addressee: str = ""
    copies_to: tuple[str, ...] = ()
    approval: str = ""
    evidence: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _goal_has_no_form(self) -> "MilestoneEntry":
        if self.hardness is Hardness.GOAL and self.forms:
            raise ValueError("a goal has no form")
        if self.hardness in {Hardness.HARD, Hardness.SOFT} and not self.forms:
            raise ValueError("only a goal, an open act and history have no form")
        return self

    @model_validator(mode="after")
    def _open_act_has_no_day(self) -> "MilestoneEntry":
        if (self.hardness is Hardness.OPEN) is (self.due is not None):
            raise ValueError("an open act has no due date, and every other milestone has one")
        if self.due is None and (self.conditional or self.stock or self.grace):
            raise ValueError("an open act has no conditional term, no stock and no grace")
        return self

    @model_validator(mode="after")
    def _window_fits_the_rule(self) -> "MilestoneEntry":
        is_by_day = self.window.opens_day is not None or self.window.closes_day is not None
        if is_by_day and not isinstance(self.due, MonthlyEntry | LastWorkingDayEntry):
            raise ValueError("opens_day and closes_day are for rules that come again each month")
        if isinstance(self.due, LastWorkingDayEntry) and "calendar_policy" in self.model_fields_set:
            raise ValueError("the last working day leaves nothing to a calendar policy")
        return self

    def value(self, *, earliest: date, validity: Validity | None) -> Milestone:
        return Milestone(
            id=self.id,
            kind=self.kind,
            title=self.title,
            short_title=self.short_title,
            basis=self.basis,
            forms=self.forms,
            owed_per=self.owed_per,
            hardness=self.hardness,
            calendar_policy=self._holiday_policy,
            terms=tuple(self._terms(earliest=earliest, validity=validity)),
            stock_steps=self.stock,
            paper_copies=self.paper_copies,
            weekend_policy=self.calendar_policy.weekend if isinstance(self.calendar_policy, PolicyEntry) else None,
            grace=self.grace,
            owed_by=self.owed_by,
            within=self.within,
            after=self.after,
            wording=Wording(self.actors, self.addressee, self.copies_to, self.approval, self.evidence),
        )

    @property
    def _holiday_policy(self) -> CalendarPolicy:
        if isinstance(self.due, LastWorkingDayEntry):
            return CalendarPolicy.ADVANCE
        policy = self.calendar_policy
        return policy.statutory_holiday if isinstance(policy, PolicyEntry) else policy

    def _terms(self, *, earliest: date, validity: Validity | None) -> Iterator[Term]:
        for due_day in self.due.value(validity).due_days() if self.due else ():
            yield self._term(due_day, earliest=earliest)
        for entry in self.conditional:
            yield Term(entry.period, entry.opens, entry.due, entry.closes, entry.condition)

    def _term(self, due_day: DueDay, *, earliest: date) -> Term:
        return Term(
            period=due_day.period,
            opens=self.window.opens_on(due_day.period, due_day.day, earliest=earliest),
            nominal_due=due_day.day,
            closes=self.window.closes_on(due_day.period, due_day.day),
            warns_from=due_day.warns_from if self.hardness is not Hardness.INFO else None,  # of what is over
        )
