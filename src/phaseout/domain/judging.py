"""Judges equipment by the catalogue (目录判定): eliminate, restricted, not in catalogue, or review by a person."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from phaseout.domain.catalogue import (
    Catalogue,
    CatalogueException,
    CatalogueItem,
    Category,
    Comparison,
    Confidence,
    Doubt,
    Equipment,
    Judged,
    Judgement,
    Match,
    Outcome,
    Wording,
)
from phaseout.domain.comparing import Facts, compare, facts_of
from phaseout.domain.judgement_words import comparison_text, reason_text
from phaseout.domain.measures import packed
from phaseout.domain.several import named_apart, speaks_of_firms

_DIGITS = re.compile(r"\d+")
_SPLIT = "、,，;；/（）()和及与 "
_OF_ONE_MACHINE = frozenset({Judgement.ELIMINATE, Judgement.RESTRICTED})
_SHOWN_ONLY = frozenset({Category.ENTRY_CONDITION, Category.LOCAL})


@dataclass(frozen=True, slots=True)
class _Place:
    """The industries that a list's word for one stands for."""

    own: frozenset[str]
    near: frozenset[str]
    is_stated: bool
    only_review: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """An item that a wording names, and why that is not sure."""

    item: CatalogueItem
    doubt: Doubt | None = None

    @property
    def is_loose(self) -> bool:
        return self.doubt is Doubt.LOOSE_WORDING


class Judge:
    """Judges by one catalogue as of a day; what is worded alike is judged once."""

    def __init__(self, catalogue: Catalogue, *, as_of: date) -> None:
        self._catalogue = catalogue
        self._as_of = as_of
        self._known: dict[Equipment, Judged] = {}
        self._places: dict[str, _Place] = {}
        self._patterns = [(item, _Patterns(item)) for item in catalogue.items]
        self._terms = _Terms(self._patterns)
        self._named_by: dict[tuple[_Place, frozenset[str], frozenset[str]], list[_Named]] = {}
        self._vague = frozenset(packed(name) for name in catalogue.vague)

    def __call__(self, equipment: Equipment) -> Judged:
        """Return the judgement of an equipment item."""
        judged = self._known.get(equipment)
        if judged is None:
            judged = self._known[equipment] = self._judge(equipment)
        return judged

    def _judge(self, equipment: Equipment) -> Judged:
        place = self._place(equipment.industry)
        facts = facts_of(equipment, self._catalogue.vocabulary, as_of=self._as_of)
        matches = [match for match in self._matches(facts, place) if _counts(match)]
        general = self._general_doubts(equipment, facts, place, matches)
        judgement, deciding = _decide(matches, general)
        together = tuple(self._together_doubts(equipment, place, deciding)) if judgement in _OF_ONE_MACHINE else ()
        general = (*general, *together)
        if place.only_review or together:
            judgement = Judgement.REVIEW
        doubts = (*general, *(doubt for match in deciding for doubt in match.doubts))
        return Judged(
            judgement=judgement,
            items=tuple(match.item.id for match in deciding),
            comparison=comparison_text(deciding or matches),
            reason=reason_text(judgement, deciding or matches, general),
            doubts=tuple(dict.fromkeys(doubts)),
            matches=tuple(matches),
        )

    def _together_doubts(self, equipment: Equipment, place: _Place, deciding: Sequence[Match]) -> Iterator[Doubt]:
        """Yield why what holds for a part of the text need not hold for the whole of it."""
        if speaks_of_firms(equipment.name, equipment.model, equipment.params):
            yield Doubt.SEVERAL_FIRMS
        parts = named_apart(equipment.name)
        items = {match.item.id for match in deciding if not match.item.is_project}
        if len(parts) > 1 and items and not all(items & self._items_of(part, place) for part in parts):
            yield Doubt.SEVERAL_MACHINES

    def _items_of(self, name: str, place: _Place) -> set[str]:
        facts = facts_of(Equipment(name=name), self._catalogue.vocabulary, as_of=self._as_of)
        return {named.item.id for named in self._named(facts, place)}

    def _place(self, industry: str) -> _Place:
        if industry not in self._places:
            self._places[industry] = self._find_place(industry)
        return self._places[industry]

    def _find_place(self, industry: str) -> _Place:
        text = packed(industry)
        own = {
            one.key: {packed(name) for name in (one.key, one.name, *one.names)} for one in self._catalogue.industries
        }
        near = {one.key: {packed(name) for name in one.near} for one in self._catalogue.industries}
        parts = _parts(industry)
        found = _holding(own, lambda names: bool(names & parts))
        if not found and text:  # 江苏省铁合金行业: no part of it is a name, but it holds one
            found = _holding(own, lambda names: any(name in text for name in names if not name.isascii()))
        close = _holding(near, lambda names: bool(names & parts)) - found
        limited = {one.key for one in self._catalogue.industries if one.only_review}
        return _Place(found, close, is_stated=bool(text), only_review=bool(found & limited))

    def _matches(self, facts: Facts, place: _Place) -> list[Match]:
        """Return the items that the wording names; those it might mean, only where none of the sure ones fits."""
        named = self._named(facts, place)
        sure = [self._match(one, facts) for one in named if not one.is_loose]
        if any(match.outcome is not Outcome.NOT_MET for match in sure if not match.item.is_project):
            return sure
        return _together([*sure, *(self._match(one, facts) for one in named if one.is_loose)])

    def _named(self, facts: Facts, place: _Place) -> list[_Named]:
        """Return the items that the wording names, or might mean; the figures in it do not matter here."""
        present = self._terms.within(facts.text)
        of_project = self._terms.of_projects(facts.whole) if place.own else frozenset()
        key = (place, present, of_project)
        if key not in self._named_by:
            found = [self._name(item, patterns, present, of_project, place) for item, patterns in self._patterns]
            self._named_by[key] = _without_twins([named for named in found if named is not None], place)
        return self._named_by[key]

    def _name(
        self,
        item: CatalogueItem,
        patterns: "_Patterns",
        present: frozenset[str],
        of_project: frozenset[str],
        place: _Place,
    ) -> _Named | None:
        is_own = bool(place.own & {item.industry, *item.also_in})
        if is_own and (patterns.words(of_project if item.is_project else present) or patterns.anywhere(present)):
            return _Named(item)
        if not is_own and patterns.anywhere(present):
            is_foreign = place.is_stated and item.industry not in place.near and not place.only_review
            return _Named(item, Doubt.OTHER_INDUSTRY if is_foreign else None)
        if patterns.loose(present) and is_own:
            return _Named(item, Doubt.LOOSE_WORDING)
        if not place.is_stated and patterns.words(present) and not item.is_project:
            return _Named(item, Doubt.LOOSE_WORDING)
        if is_own and item.is_project and not item.wordings:
            return _Named(item)
        return None

    def _match(self, named: _Named, facts: Facts) -> Match:
        """Hold one item against the facts."""
        item = named.item
        compared = tuple(compare(condition, facts, item=item) for condition in item.conditions)
        outcome = _outcome(item, compared)
        match = Match(item, outcome, compared, tuple(_doubts_of(compared, outcome)))
        disputed = tuple(one for one in item.disputed if _may_apply(one, facts, item))
        if disputed:
            return replace(match, outcome=Outcome.UNSURE, doubts=(*match.doubts, Doubt.DISPUTED), exceptions=disputed)
        if outcome is Outcome.NOT_MET:
            return match
        exceptions = tuple(one for one in item.exceptions if _may_apply(one, facts, item))
        doubts = [*match.doubts, *([Doubt.EXCEPTION] if exceptions else []), *self._item_doubts(named)]
        unsure = Outcome.UNSURE if doubts else outcome
        return replace(match, outcome=unsure, doubts=tuple(dict.fromkeys(doubts)), exceptions=exceptions)

    def _item_doubts(self, named: _Named) -> Iterator[Doubt]:
        item = named.item
        if item.confidence is Confidence.LOW:
            yield Doubt.LOW_CONFIDENCE
        if named.doubt is not None:
            yield named.doubt
        if item.deadline is not None and self._as_of <= item.deadline:
            yield Doubt.NOT_DUE
        if item.needs_finding:
            yield Doubt.NEEDS_FINDING
        if item.category in _SHOWN_ONLY:
            yield Doubt.NOT_NATIONAL
        if self._is_only_review(item.industry):
            yield Doubt.ONLY_REVIEW

    def _is_only_review(self, industry: str) -> bool:
        return any(one.only_review for one in self._catalogue.industries if one.key == industry)

    def _general_doubts(
        self, equipment: Equipment, facts: Facts, place: _Place, matches: Sequence[Match]
    ) -> tuple[Doubt, ...]:
        """Return what is in doubt about the row itself, whichever item it may fall under."""
        if place.only_review:
            return (Doubt.ONLY_REVIEW,)
        if any(match.outcome is Outcome.MET for match in matches):
            return ()
        if not facts.text or (not packed(equipment.name) and not any(not m.item.is_project for m in matches)):
            return (Doubt.NOTHING_NAMED,)
        if not matches and packed(equipment.name) in self._vague:
            return (Doubt.VAGUE_NAME,)
        return ()


class _Terms:
    """Every term of the catalogue's wordings, and which of them a text has."""

    def __init__(self, patterns: Sequence[tuple[CatalogueItem, "_Patterns"]]) -> None:
        terms = {term for _, own in patterns for term in own.terms}
        self._words = tuple(term for term in terms if not _DIGITS.search(term))
        self._with_digits = tuple(terms - set(self._words))
        self._of_projects = tuple({term for item, own in patterns if item.is_project for term in own.terms})
        self._found: dict[str, frozenset[str]] = {}

    def within(self, text: str) -> frozenset[str]:
        """Return the terms of a text. Texts that differ in figures alone have the same words."""
        skeleton = _DIGITS.sub("0", text)
        if skeleton not in self._found:
            self._found[skeleton] = frozenset(term for term in self._words if term in skeleton)
        return self._found[skeleton] | {term for term in self._with_digits if term in text}

    def of_projects(self, text: str) -> frozenset[str]:
        """Return the terms that name a whole enterprise."""
        return frozenset(term for term in self._of_projects if term in text)


class _Patterns:
    """The wordings of one item, ready to be held against the terms that a text has."""

    def __init__(self, item: CatalogueItem) -> None:
        self._words = _ready(item.wordings)
        self._anywhere = _ready(item.anywhere)
        self._loose = _ready(item.loose)

    @property
    def terms(self) -> Iterator[str]:
        for terms, absent in (*self._words, *self._anywhere, *self._loose):
            yield from absent
            for variants in terms:
                yield from variants

    def words(self, present: frozenset[str]) -> bool:
        return _fits(self._words, present)

    def anywhere(self, present: frozenset[str]) -> bool:
        return _fits(self._anywhere, present)

    def loose(self, present: frozenset[str]) -> bool:
        return _fits(self._loose, present)


_Ready = tuple[tuple[tuple[frozenset[str], ...], frozenset[str]], ...]


def _ready(wordings: Iterable[Wording]) -> _Ready:
    return tuple(
        (
            tuple(frozenset(packed(variant) for variant in variants) for variants in wording.terms),
            frozenset(packed(word) for word in wording.absent),
        )
        for wording in wordings
    )


def _fits(wordings: _Ready, present: frozenset[str]) -> bool:
    return any(
        absent.isdisjoint(present) and all(not variants.isdisjoint(present) for variants in terms)
        for terms, absent in wordings
    )


def _parts(industry: str) -> frozenset[str]:
    text = industry
    for sign in _SPLIT:
        text = text.replace(sign, " ")
    parts = {packed(industry), *(packed(part) for part in text.split())}
    shortened = {part.removesuffix(end) for part in parts for end in ("行业", "产业", "制造业", "工业", "业")}
    return frozenset((parts | shortened) - {""})


def _holding(names: Mapping[str, set[str]], holds: Callable[[set[str]], bool]) -> frozenset[str]:
    return frozenset(key for key, own in names.items() if holds(own))


def _without_twins(found: Sequence[_Named], place: _Place) -> list[_Named]:
    """Leave out an item where the same entry, by another number, is named as surely; the own industry's stays."""
    ids = {named.item.id: named for named in found}
    dropped = set()
    for named in found:
        twin = ids.get(named.item.same_as or "")
        if twin is not None and twin.is_loose == named.is_loose:
            keeps_own = named.item.industry in place.own and twin.item.industry not in place.own
            dropped.add(twin.item.id if keeps_own else named.item.id)
    return [named for named in found if named.item.id not in dropped]


def _outcome(item: CatalogueItem, compared: Sequence[Comparison]) -> Outcome:
    """Join the comparisons: all of the first, and one of the others if there are any."""
    whole, either = compared[: len(item.all_of)], compared[len(item.all_of) :]
    outcomes = [comparison.outcome for comparison in whole]
    if either:
        of_either = {comparison.outcome for comparison in either}
        outcomes.append(next((one for one in (Outcome.MET, Outcome.UNSURE) if one in of_either), Outcome.NOT_MET))
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNSURE if Outcome.UNSURE in outcomes else Outcome.MET


def _doubts_of(compared: Sequence[Comparison], outcome: Outcome) -> Iterator[Doubt]:
    if outcome is Outcome.UNSURE:
        yield from (comparison.doubt for comparison in compared if comparison.doubt is not None)


def _may_apply(exception: CatalogueException, facts: Facts, item: CatalogueItem) -> bool:
    if exception.words and not any(packed(word) in facts.whole for word in exception.words):
        return False
    if any(packed(word) in facts.whole for word in exception.unless):
        return False
    return all(compare(one, facts, item=item).outcome is not Outcome.NOT_MET for one in exception.conditions)


def _together(matches: Sequence[Match]) -> list[Match]:
    """Clear the doubt of loose wordings where two items cover between them all that the words can mean, and agree."""
    by_id = {match.item.id: match for match in matches}
    return [_cleared(match, by_id.get(match.item.together_with or "")) for match in matches]


def _cleared(match: Match, other: Match | None) -> Match:
    only_loose = (Doubt.LOOSE_WORDING,)
    if other is not None and match.doubts == only_loose and other.doubts == only_loose:
        return replace(match, outcome=Outcome.MET, doubts=())
    return match


def _counts(match: Match) -> bool:
    """Say whether a match says anything: what is only shown, or is of the whole enterprise, must hold to be heard."""
    only_if_held = match.item.category in _SHOWN_ONLY or match.item.is_project
    if not only_if_held or match.outcome is not Outcome.UNSURE:
        return True
    return not {Doubt.MISSING, Doubt.NO_UNIT, Doubt.SEVERAL}.intersection(match.doubts)


def _decide(matches: Sequence[Match], general: Sequence[Doubt]) -> tuple[Judgement, list[Match]]:
    """Return the judgement with the matches that decided it."""
    met = [match for match in matches if match.outcome is Outcome.MET]
    eliminated = [match for match in met if match.item.category is Category.ELIMINATED]
    if eliminated:
        return Judgement.ELIMINATE, eliminated
    unsure = [match for match in matches if match.outcome is Outcome.UNSURE]
    if unsure or general:
        return Judgement.REVIEW, unsure
    if met:
        return Judgement.RESTRICTED, met
    return Judgement.NOT_IN_CATALOGUE, []


def judge(equipment: Equipment, catalogue: Catalogue, *, as_of: date) -> Judged:
    """Return the judgement of one equipment item; for many, keep a `Judge`."""
    return Judge(catalogue, as_of=as_of)(equipment)
