"""A campaign's reporting units (填报单位), their industries and the places within them, as its folder writes them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model, require_distinct
from phaseout.domain.campaign import County, Industry, Unit, UnitKind

# The group of industries (一) that single units add to those of the notice; no unit has it as a whole.
ADDED = "added"


class IndustryEntry(Definition):
    key: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str
    group: str
    gbt4754: tuple[str, ...]
    industry_office: str | None


class IndustriesFile(Definition):
    industries: tuple[IndustryEntry, ...] = Field(min_length=1)


class UnitEntry(Definition):
    # GB/T 2260; where a body or a place has no code of its own, that of its place and a word.
    code: str = Field(pattern=r"^\d{6}(\d{3})?(-[a-z]+)?$")
    name: str
    short_name: str
    body: str
    aliases: tuple[str, ...] = ()
    mailbox: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    leader_mailbox: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    industries: str | tuple[str, ...]
    added_industries: tuple[str, ...] = ()
    kind: UnitKind = UnitKind.CITY
    chased: bool = True


class UnitsFile(Definition):
    units: tuple[UnitEntry, ...] = Field(min_length=1)


def load_industries(path: Path, *, offices: Sequence[str]) -> tuple[IndustryEntry, ...]:
    """Return the industries of a file; their *offices* must be known, or their tables would reach nobody.

    Raises:
        BadDefinition: the file is wrong, or names an office that the campaign does not.
    """
    entries = read_model(path, IndustriesFile).industries
    require_distinct(path, "industries", [entry.key for entry in entries])
    for number, entry in enumerate(entries):
        if entry.industry_office is not None and entry.industry_office not in offices:
            line = line_of(path, ["industries", number, "industry_office"])
            wrong = f"the campaign has no industry office {entry.industry_office}"
            raise BadDefinition(path, line, f"industries.{number}.industry_office: {wrong}")
    return entries


def industry_of(entry: IndustryEntry) -> Industry:
    """Return an industry as the domain has it."""
    return Industry(entry.key, entry.name, entry.gbt4754, entry.industry_office)


def load_units(folder: Path, industries: Sequence[IndustryEntry]) -> tuple[Unit, ...]:
    """Return the units of a campaign's folder.

    Raises:
        BadDefinition: a file is wrong, or names an industry or a unit that there is not.
    """
    path = folder / "units.yaml"
    entries = read_model(path, UnitsFile).units
    require_distinct(path, "units", [entry.code for entry in entries])
    counties = _counties(folder / "counties.csv", frozenset(entry.code for entry in entries))
    return tuple(
        Unit(
            code=entry.code,
            name=entry.name,
            short_name=entry.short_name,
            body=entry.body,
            mailbox=entry.mailbox,
            leader_mailbox=entry.leader_mailbox,
            industries=_industries_of(path, number, entry, industries) + _added(path, number, entry, industries),
            counties=counties.get(entry.code, ()),
            aliases=entry.aliases,
            kind=entry.kind,
            is_chased=entry.chased,
        )
        for number, entry in enumerate(entries)
    )


def _industries_of(path: Path, number: int, entry: UnitEntry, industries: Sequence[IndustryEntry]) -> tuple[str, ...]:
    """Resolve a unit's industries: keys one by one, or a group, which holds the groups before it as well."""
    if isinstance(entry.industries, tuple):
        wanted, known = entry.industries, {industry.key for industry in industries}
        missing = [key for key in wanted if key not in known]
        if not missing:
            return wanted
    else:
        groups = list(dict.fromkeys(industry.group for industry in industries if industry.group != ADDED))
        if entry.industries in groups:
            held = groups[: groups.index(entry.industries) + 1]
            return tuple(industry.key for industry in industries if industry.group in held)
        missing = [entry.industries]
    line = line_of(path, ["units", number, "industries"])
    raise BadDefinition(path, line, f"units.{number}.industries: there is no {missing[0]} in industries.yaml")


def _added(path: Path, number: int, entry: UnitEntry, industries: Sequence[IndustryEntry]) -> tuple[str, ...]:
    """Return the industries that a unit added itself, which must stand in the group for that."""
    known = {industry.key for industry in industries if industry.group == ADDED}
    for position, key in enumerate(entry.added_industries):
        if key not in known or key in entry.added_industries[:position]:
            wrong = f"{key} stands twice" if key in known else f"industries.yaml has no {key} in its group {ADDED}"
            line = line_of(path, ["units", number, "added_industries", position])
            raise BadDefinition(path, line, f"units.{number}.added_industries.{position}: {wrong}")
    return entry.added_industries


def _counties(path: Path, units: frozenset[str]) -> dict[str, tuple[County, ...]]:
    counties: dict[str, list[County]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                if row.get("unit_code") not in units:
                    raise BadDefinition(path, line, f"unit_code: there is no unit {row.get('unit_code')}")
                counties.setdefault(row["unit_code"], []).append(County(row["code"], row["name"]))
    except OSError as error:
        raise BadDefinition(path, 1, f"cannot be read: {error}") from error
    return {code: tuple(places) for code, places in counties.items()}
