"""Tells which form (报表) a sender's workbook holds, by what its sheets show."""

from collections.abc import Mapping
from functools import lru_cache

from phaseout.domain.explanation import is_finding_list
from phaseout.domain.form import Form
from phaseout.domain.reading_layout import (
    Grid,
    Header,
    HeaderWords,
    grid_of,
    header_words,
    headers,
    is_instructions,
    titled,
)
from phaseout.domain.reading_rows import REPORT, is_zero_mark
from phaseout.domain.reading_words import FormWords, words_of
from phaseout.domain.submission import Unreadable, Workbook

_TOP_ROWS = 16  # in which most sheets show title and header
TITLE_ROWS = 12  # a title further down belongs to no header above it
_SURE_COVERAGE = 0.8  # of a form's columns, for a sheet that lost its title


def recognise(workbook: Workbook, forms: Mapping[str, Form]) -> Form:
    """Return the form that a workbook holds, by titles and headers of any year; never by a file's or a sheet's name.

    Raises:
        Unreadable: it holds nothing (empty_workbook), no form (wrong_form), or several (several_forms).
    """
    words = _words_of_all(tuple(forms.values()))
    grids = [grid_of(sheet) for sheet in workbook.sheets if not sheet.is_hidden]
    found = [form for grid in grids if (form := _form_of(grid, words)) is not None]
    if len({form.id for form in found}) > 1:
        raise Unreadable("several_forms", facts={"found": "、".join(dict.fromkeys(form.title for form in found))})
    if found:
        return forms[found[0].id]
    is_empty = all(grid.is_blank for grid in grids)
    raise Unreadable("empty_workbook" if is_empty else "wrong_form")


@lru_cache(maxsize=16)
def _words_of_all(forms: tuple[Form, ...]) -> tuple[FormWords, ...]:
    return tuple(words_of(layout) for form in forms for layout in form.by_layout)


@lru_cache(maxsize=16)
def _header_words_of_all(forms: tuple[Form, ...]) -> HeaderWords:
    return header_words(frozenset[str]().union(*(words_of(form).header_words for form in forms)))


def _form_of(grid: Grid, forms: tuple[FormWords, ...]) -> Form | None:
    if is_ours_beside_the_form(grid):
        return None
    return _shown_at_the_top(grid, forms) or _shown_somewhere(grid, forms)


def _shown_at_the_top(grid: Grid, forms: tuple[FormWords, ...]) -> Form | None:
    """Return the form that the first rows show by title and header, as those of most sheets do."""
    words = titled(grid, forms, rows=range(min(TITLE_ROWS, grid.height)))
    found = headers(grid, words, range(min(_TOP_ROWS, grid.height))) if words is not None else []
    if words is None or not found:
        return None
    above = titled(grid, forms, rows=range(min(TITLE_ROWS, found[0].top)))
    return words.form if above is words else None


def _shown_somewhere(grid: Grid, forms: tuple[FormWords, ...]) -> Form | None:
    every_word = _header_words_of_all(tuple(words.form for words in forms))
    rows = [row for row in range(grid.height) if every_word.may_stand_in(grid.texts(row))]
    found = [(words, places[0]) for words in forms if (places := headers(grid, words, rows))]
    top = min([TITLE_ROWS, grid.height, *(header.top for _, header in found)])
    words = titled(grid, forms, rows=range(top))
    if words is not None and (may_be_zero(grid, words) or any(words.form.id == known.form.id for known, _ in found)):
        return words.form
    untitled = [(len(header.columns), words.form) for words, header in found if is_whole(header, words)]
    return max(untitled, key=lambda pair: pair[0], default=(0, None))[1]


def is_ours_beside_the_form(grid: Grid) -> bool:
    """Say whether we wrote a sheet beside the form: how to fill it in, or the findings of a marked copy."""
    return is_instructions(grid) or is_finding_list(grid)


def is_whole(header: Header, words: FormWords) -> bool:
    """Say whether a header is a form's own even without its title: nearly all columns, and few others."""
    columns = len(words.form.columns)
    return len(header.columns) >= _SURE_COVERAGE * columns and len(header.extras) <= columns / 2


def may_be_zero(grid: Grid, words: FormWords) -> bool:
    """Say whether a sheet states a zero report (零报告), if the form may be one."""
    texts = (text for row in range(grid.height) for text in grid.texts(row))
    return words.form.allows_zero and any(REPORT in text and is_zero_mark(text) for text in texts)
