"""Reads the catalogue (产业结构调整目录) with the units and words that it takes to read a list by it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.catalogue import (
    Catalogue,
    CatalogueException,
    CatalogueIndustry,
    CatalogueItem,
    Category,
    Condition,
    Confidence,
    Operator,
    Wording,
)
from phaseout.domain.measures import Parameter, UnitSpelling, Vocabulary, normalised


def _figure(written: object) -> object:
    """Take a figure as people write it: 1.76, not 1.76000000000000000888."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise ValueError("a figure is expected")  # noqa: TRY004  pydantic wants a ValueError
    try:
        return Decimal(str(written))
    except InvalidOperation as error:
        raise ValueError(f"{written!r} is no figure") from error


Figure = Annotated[Decimal, BeforeValidator(_figure)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ItemId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$")]


class _Unit(Definition):
    base: str
    factor: Figure
    written: tuple[str, ...]


class _Units(Definition):
    units: tuple[_Unit, ...]
    yearly: dict[str, str]
    rates: dict[str, str]


class _Parameter(Definition):
    name: str
    unit: str = ""
    labels: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - pydantic copies the default
    takes_type_number: bool = False
    takes_age: bool = False


class _Industry(Definition):
    key: Key
    name: str
    names: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    only_review: bool = False


class _Words(Definition):
    parameters: dict[Key, _Parameter]
    other_labels: tuple[str, ...]
    vague: tuple[str, ...]
    industries: tuple[_Industry, ...]


class _Condition(Definition):
    parameter: Key
    operator: Operator = Field(alias="is")
    words: tuple[str, ...] = ()
    value: Figure | None = None
    unit: str = ""
    doubtful_to: Figure | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "_Condition":
        if (self.operator is Operator.ONE_OF) != bool(self.words) or (self.value is None) != bool(self.words):
            raise ValueError("give words with one_of, and a value with every other operator")
        return self

    def condition(self, vocabulary: Vocabulary) -> Condition:
        parameter = vocabulary.by_key.get(self.parameter)
        if parameter is None:
            raise ValueError(f"words.yaml has no parameter {self.parameter}")
        threshold = doubtful_to = None
        if self.value is not None:
            threshold, base = _in_base(self.value, self.unit, vocabulary)
            doubtful_to = _in_base(self.doubtful_to, self.unit, vocabulary)[0] if self.doubtful_to else None
            if base != parameter.unit:
                raise ValueError(f"{self.parameter} is measured in {parameter.unit or 'words'}, not in {self.unit}")
        return Condition(
            parameter=self.parameter,
            label=parameter.name,
            operator=self.operator,
            words=self.words,
            value=self.value,
            unit=self.unit,
            threshold=threshold,
            base_unit=parameter.unit,
            doubtful_to=doubtful_to,
        )


class _Exception(Definition):
    text: str
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    all_of: tuple[_Condition, ...] = ()

    def exception(self, vocabulary: Vocabulary) -> CatalogueException:
        conditions = tuple(one.condition(vocabulary) for one in self.all_of)
        return CatalogueException(self.text, self.words, self.unless, conditions)


class ItemEntry(Definition):
    id: ItemId
    industry: Key
    name: str
    category: Category = Category.ELIMINATED
    kind: str = "equipment"
    section: str = ""
    confidence: Confidence = Confidence.HIGH
    evidence: tuple[str, ...] = ()
    note: str | None = None
    deadline: date | None = None
    words: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    also_in: tuple[Key, ...] = ()
    same_as: ItemId | None = None
    together_with: ItemId | None = None
    per_line: bool = False
    project: bool = False
    needs_finding: bool = False
    all_of: tuple[_Condition, ...] = ()
    any_of: tuple[_Condition, ...] = ()
    exceptions: tuple[_Exception, ...] = ()
    disputed: tuple[_Exception, ...] = ()

    def item(self, vocabulary: Vocabulary) -> CatalogueItem:
        return CatalogueItem(
            id=self.id,
            industry=self.industry,
            name=self.name,
            category=self.category,
            kind=self.kind,
            section=self.section,
            confidence=self.confidence,
            evidence=self.evidence,
            note=self.note,
            all_of=tuple(one.condition(vocabulary) for one in self.all_of),
            any_of=tuple(one.condition(vocabulary) for one in self.any_of),
            exceptions=tuple(one.exception(vocabulary) for one in self.exceptions),
            disputed=tuple(one.exception(vocabulary) for one in self.disputed),
            deadline=self.deadline,
            wordings=tuple(_wording(line) for line in self.words),
            anywhere=tuple(_wording(line) for line in self.anywhere),
            loose=tuple(_wording(line) for line in self.loose),
            also_in=self.also_in,
            same_as=self.same_as,
            together_with=self.together_with,
            is_per_line=self.per_line,
            is_project=self.project,
            needs_finding=self.needs_finding,
        )


class CatalogueFile(Definition):
    title: str
    issued_as: str = ""
    source: str
    in_force: date
    repealed: date | None = None
    evidence: dict[str, str] = {}  # noqa: RUF012 - pydantic copies the default
    local_items: tuple[ItemEntry, ...] = ()
    items: tuple[ItemEntry, ...]

    @property
    def all_items(self) -> tuple[ItemEntry, ...]:
        return self.items + self.local_items


def load_catalogue(path: Path, *, words: Path) -> Catalogue:
    """Return the catalogue of a file, read with `units.yaml` and `words.yaml` of the folder *words*.

    Raises:
        BadDefinition: a file is wrong, with its line.
    """
    return catalogue_of(read_model(path, CatalogueFile), path=path, words=words)


def catalogue_of(file: CatalogueFile, *, path: Path, words: Path) -> Catalogue:
    """Return the catalogue of a file that was read.

    Raises:
        BadDefinition: an item is wrong, with its line in *path*.
    """
    spoken = read_model(words / "words.yaml", _Words)
    vocabulary = _vocabulary(read_model(words / "units.yaml", _Units), spoken, path=words / "words.yaml")
    known = {industry.key for industry in spoken.industries}
    return Catalogue(
        title=file.title,
        issued_as=file.issued_as,
        source=file.source,
        in_force=file.in_force,
        repealed=file.repealed,
        items=tuple(_items(file, vocabulary, known, path=path)),
        industries=tuple(
            CatalogueIndustry(one.key, one.name, one.names, one.near, only_review=one.only_review)
            for one in spoken.industries
        ),
        vague=spoken.vague,
        vocabulary=vocabulary,
    )


def _items(file: CatalogueFile, vocabulary: Vocabulary, industries: set[str], *, path: Path) -> Iterator[CatalogueItem]:
    ids: set[str] = set()
    for key, entries in (("items", file.items), ("local_items", file.local_items)):
        for position, entry in enumerate(entries):
            try:
                yield _checked(entry, ids, industries).item(vocabulary)
            except ValueError as wrong:
                raise BadDefinition(path, _line(path, key, position), f"{entry.id}: {wrong}") from wrong
            ids.add(entry.id)


def _checked(entry: ItemEntry, ids: set[str], industries: set[str]) -> ItemEntry:
    if entry.id in ids:
        raise ValueError("the item stands twice")
    if unknown := {entry.industry, *entry.also_in} - industries:
        raise ValueError(f"words.yaml has no industry {', '.join(sorted(unknown))}")
    return entry


def _line(path: Path, key: str, position: int) -> int:
    return line_of(path, (key, position)) if path.suffix == ".yaml" else position + 2


def _vocabulary(units: _Units, words: _Words, *, path: Path) -> Vocabulary:
    spellings = tuple(UnitSpelling(written, unit.base, unit.factor) for unit in units.units for written in unit.written)
    bases = {spelling.base for spelling in spellings}
    for key, parameter in words.parameters.items():
        if parameter.unit and parameter.unit not in bases:
            raise BadDefinition(path, line_of(path, ("parameters", key)), f"units.yaml has no unit {parameter.unit}")
        if bool(parameter.unit) == bool(parameter.words):
            raise BadDefinition(path, line_of(path, ("parameters", key)), f"{key}: give either a unit or words")
    return Vocabulary(
        units=spellings,
        parameters=tuple(
            Parameter(
                key=key,
                name=one.name,
                unit=one.unit,
                labels=one.labels,
                words=one.words,
                takes_type_number=one.takes_type_number,
                takes_age=one.takes_age,
            )
            for key, one in words.parameters.items()
        ),
        yearly=units.yearly,
        rates=units.rates,
        other_labels=words.other_labels,
    )


def _in_base(value: Decimal, unit: str, vocabulary: Vocabulary) -> tuple[Decimal, str]:
    if normalised(unit) not in vocabulary.spellings:
        raise ValueError(f"units.yaml has no unit {unit!r}")
    return vocabulary.base(value, unit)


def _wording(line: str) -> Wording:
    """Read one line of words: terms that must occur, | between variants, - before what must not."""
    terms: list[tuple[str, ...]] = []
    absent: list[str] = []
    for term in line.split():
        variants: Sequence[str] = [variant for variant in term.removeprefix("-").split("|") if variant]
        if term.startswith("-"):
            absent += variants
        else:
            terms.append(tuple(variants))
    if not terms or not all(terms):
        raise ValueError(f"the line of words {line!r} names nothing")
    return Wording(tuple(terms), tuple(absent))
