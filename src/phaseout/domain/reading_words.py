"""What the labels of a form may be called on a sender's sheet: headers, groups, head labels, titles."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from phaseout.domain.form import Field, FieldType, Form
from phaseout.domain.reading_cells import bare_key, key

BELOW_ITS_GROUP = 0  # how sure a header is, from the surest on
_NO_FIELD = 9
_BETWEEN = " ;,、。\n\t；，\u3000"  # what parts a value from the next label


@dataclass(frozen=True, slots=True)
class HeadLabel:
    """A head field that a text names, with what follows its label."""

    field: Field
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FormWords:
    """The words of one form, by key; each maps to a field's name, from the strict to the lenient."""

    form: Form
    titles: tuple[str, ...]
    full: Mapping[str, str]
    alias: Mapping[str, str]
    alone: Mapping[str, str]
    bare: Mapping[str, str]
    header_words: frozenset[str]
    head: Mapping[str, Field]
    head_groups: frozenset[str]
    head_pattern: "re.Pattern[str]"

    def meaning(self, upper: str, lower: str) -> tuple[int, str | None]:
        """Return how sure we are of a header, given the text above it, and the field that it means."""
        both, alone = key(upper + lower) if upper and lower else "", key(lower or upper)
        ladder = (
            self.full.get(both),
            self.full.get(alone),
            self.alias.get(both) or self.alias.get(alone),
            self.alone.get(alone),
            self.bare.get(bare_key(upper + lower)) or self.bare.get(bare_key(lower or upper)),
        )
        return next(((rank, name) for rank, name in enumerate(ladder) if name), (_NO_FIELD, None))

    def head_labels(self, text: str) -> list[HeadLabel]:
        """Return the head fields that a text names: one alone, or several each with its colon and value."""
        whole = self.head.get(key(text)) or self.head.get(bare_key(text))
        if whole is not None:
            return [HeadLabel(whole, " ".join(text.split()), "")]
        if not self.head_pattern.search(unicodedata.normalize("NFKC", text)):
            return []
        parts = [unicodedata.normalize("NFKC", char) for char in text]
        half_width = "".join(parts)
        places = [at for at, part in enumerate(parts) for _ in part] + [len(text)]  # of half_width in the text
        matches = [match for match in self.head_pattern.finditer(half_width) if self._counts(match)]
        ends = [match.start() for match in matches[1:]] + [len(half_width)]
        return [
            HeadLabel(self.head[key(match[1])], match[1], text[places[match.end()] : places[end]].strip(_BETWEEN))
            for match, end in zip(matches, ends, strict=True)
        ]

    def _counts(self, match: "re.Match[str]") -> bool:
        """Say whether a label counts: without its colon only before a date (截至2022年8月31日)."""
        return ":" in match[0] or self.head[key(match[1])].type is FieldType.DATE


@lru_cache(maxsize=64)
def words_of(form: Form) -> FormWords:
    """Return the words of a form."""
    columns = form.columns
    names = {
        "full": {key((field.group or "") + field.label): field.name for field in columns},
        "alias": {key(alias): field.name for field in columns for alias in field.aliases},
        "alone": _unique(columns, key),
        "bare": {bare_key((field.group or "") + field.label): field.name for field in columns}
        | _unique(columns, bare_key),
    }
    groups = {key(field.group) for field in columns if field.group}
    labels = {key(field.label) for field in columns}
    return FormWords(
        form=form,
        titles=tuple(key(title) for title in (form.title, *form.title_aliases)),
        header_words=frozenset({*names["full"], *names["alias"], *groups, *labels}),
        head=_head(form),
        head_groups=frozenset(key(field.group) for field in form.head if field.group),
        head_pattern=_head_pattern(form),
        **names,
    )


def _unique(columns: tuple[Field, ...], made: Callable[[str], str]) -> dict[str, str]:
    keys = [made(field.label) for field in columns]
    return {made(field.label): field.name for field in columns if keys.count(made(field.label)) == 1}


def _head(form: Form) -> dict[str, Field]:
    labels: dict[str, Field] = {}
    for field in form.head:
        for label in (field.label, (field.group or "") + field.label, *field.aliases):
            labels.setdefault(key(label), field)
    return labels


def _head_pattern(form: Form) -> "re.Pattern[str]":
    """Match a label at the start of a text or behind a space, with its colon or before a year."""
    labels = {unicodedata.normalize("NFKC", name) for f in form.head for name in (f.label, *f.aliases)}
    spaced = (r"\s*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?:(?<=[\s;,、。])|^)({'|'.join(spaced)})(?:\s*(?:\([^()]*\)|%)?\s*:|(?=\s*\d{{4}}\s*[年./-]))"
    )
