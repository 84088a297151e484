"""Phases of an answer (审核环节): what is checked before what."""

from enum import StrEnum


class Phase(StrEnum):
    """What a rule asks of a workbook, in the order in which it is asked."""

    READABLE = "readable"  # 可读性: the layout is known, cells can be read
    COMPLETE = "complete"  # 完整性: what is required is there
    VALID = "valid"  # 有效性: the values of one row may be so
    CONSISTENT = "consistent"  # 一致性: rows, forms and periods agree

    @property
    def later(self) -> tuple["Phase", ...]:
        """The phases that come after this one."""
        phases = tuple(Phase)
        return phases[phases.index(self) + 1 :]


def phase_of(expectation: str | None, *, is_of_reading: bool) -> Phase:
    """Return the phase of a rule by how it is checked; what is no expectation looks across rows, forms or periods."""
    if is_of_reading:
        return Phase.READABLE
    if expectation is None:
        return Phase.CONSISTENT
    return Phase.COMPLETE if expectation.endswith("_to_be_filled") else Phase.VALID
