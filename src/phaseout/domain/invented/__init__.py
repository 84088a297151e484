"""Invented units (示例单位) for the replay: a campaign year as cities would live it, the same for the same seed."""

from phaseout.domain.invented.habits import Part
from phaseout.domain.invented.values import InventedMail, InventedSheet, InventedWorkbook
from phaseout.domain.invented.year import InventedYear, invent_year

__all__ = ["InventedMail", "InventedSheet", "InventedWorkbook", "InventedYear", "Part", "invent_year"]
