"""Re-planning (重新编排): what data or holidays that have changed make of obligations that were written before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import CalendarPolicy, Campaign, Condition, Hardness
from phaseout.domain.extension import Extension
from phaseout.domain.obligation import Obligation, obligations_of

# What the data may say anew of an obligation; the other fields make its id.
PLANNED = ("opens", "nominal_due", "due", "due_policy", "reminder_date", "closes", "hardness", "basis")


@dataclass(frozen=True, slots=True)
class Replanning:
    """The act: from its instant on the obligation is planned so, or is owed no longer."""

    obligation: str
    is_owed: bool
    opens: date
    nominal_due: date
    due: date
    due_policy: CalendarPolicy
    reminder_date: date
    closes: date
    hardness: Hardness
    basis: str
    by: str
    reason: str
    at: datetime

    def applied_to(self, obligation: Obligation) -> Obligation:
        """Return the obligation as it is planned from now on."""
        return replace(obligation, **{name: getattr(self, name) for name in PLANNED})

    def changes(self, planned: Obligation | None) -> bool:
        """Say whether an obligation that is planned so, or None if it is owed no longer, becomes another by it."""
        if planned is None or not self.is_owed:
            return self.is_owed == (planned is None)
        return self.applied_to(planned) != planned


@dataclass(frozen=True, slots=True)
class Moved:
    """An obligation of which the data says something else than the ledger."""

    was: Obligation
    becomes: Obligation

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs."""
        return tuple(name for name in PLANNED if getattr(self.was, name) != getattr(self.becomes, name))


@dataclass(frozen=True, slots=True)
class PlanChange:
    """In what a campaign's data differs from what the ledger has planned by it."""

    new: tuple[Obligation, ...] = ()
    gone: tuple[Obligation, ...] = ()
    moved: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.new or self.gone or self.moved)

    def __len__(self) -> int:
        """Return how many obligations are concerned."""
        return len(self.new) + len(self.gone) + len(self.moved)

    @property
    def touched(self) -> frozenset[str]:
        """What letters that are not out yet say something wrong of: what is gone, and what is due another day."""
        moved = (one.was.id for one in self.moved if one.was.due != one.becomes.due)
        return frozenset([*(one.id for one in self.gone), *moved])

    def acts(self, *, by: str, reason: str, at: datetime) -> tuple[Replanning, ...]:
        """Return what is to be recorded of obligations that the ledger has had before."""
        planned = [*((one.becomes, True) for one in self.moved), *((one, True) for one in self.new)]
        return tuple(
            Replanning(
                obligation=one.id,
                is_owed=is_owed,
                **{name: getattr(one, name) for name in PLANNED},
                by=by,
                reason=reason,
                at=at,
            )
            for one, is_owed in [*planned, *((one, False) for one in self.gone)]
        )


def plan_change(
    planned: Sequence[Obligation], *, wanted: Sequence[Obligation], conditional: Sequence[Obligation]
) -> PlanChange:
    """Return in what the data differs; *conditional* are owed by some, and not for the data to add or take away."""
    known = {one.id: one for one in planned}
    data = {one.id: one for one in (*wanted, *conditional)}
    both = [Moved(known[id_], one) for id_, one in data.items() if id_ in known]
    return PlanChange(
        new=tuple(one for one in wanted if one.id not in known),
        gone=tuple(one for one in planned if one.id not in data),
        moved=tuple(one for one in both if one.fields),
    )


def conditional_obligations(campaign: Campaign, *, calendar: WorkCalendar) -> list[Obligation]:
    """Return what units may come to owe, by how things stand, such as a December 表3 while items are open."""
    return [
        obligation
        for unit in campaign.units
        for milestone in campaign.milestones
        for term in milestone.terms
        if term.condition is not Condition.ALWAYS
        for obligation in obligations_of(campaign, unit, milestone, term, calendar=calendar)
    ]


def as_replanned(written: Obligation, replannings: Sequence[Replanning]) -> Obligation | None:
    """Return an obligation as the newest plan has it, persons' acts aside; None if it is owed no longer."""
    if not replannings:
        return written
    newest = replannings[-1]
    return newest.applied_to(written) if newest.is_owed else None


def as_moved(
    written: Obligation,
    *,
    replannings: Sequence[Replanning],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
) -> Obligation | None:
    """Return an obligation as plans and extensions leave it, both oldest first; None if it is owed no longer.

    Of a plan's day and the day that a person has granted the later one holds.
    """
    planned = as_replanned(written, replannings)
    if planned is None or not (replannings or extensions):
        return planned
    moves = _moves(written, replannings, extensions)
    granted = extensions[-1].due if extensions else planned.due
    if granted > planned.due:
        return planned.extended_to(granted, times=moves, calendar=calendar)
    return replace(planned, moves=moves)


def _moves(written: Obligation, replannings: Sequence[Replanning], extensions: Sequence[Extension]) -> int:
    """Return how often the due date was moved; an extension always moves it, a plan may leave it where it is."""
    acts: list[Replanning | Extension] = [*replannings, *extensions]
    acts.sort(key=lambda act: act.at)
    planned = due = written.due
    granted = date.min
    moves = 0
    for act in acts:
        if isinstance(act, Extension):
            granted = act.due
        else:
            planned = act.due
        moves += isinstance(act, Extension) or max(planned, granted) != due
        due = max(planned, granted)
    return moves
