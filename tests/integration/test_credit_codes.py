"""Credit codes by the column: the same answer as one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaseout.adapters.gx_checker.credit_codes import doubtful_codes, invalid_codes
from phaseout.domain.credit_code import (
    ALPHABET,
    check_character,
    has_valid_organisation_code,
    is_valid,
    organisation_check_character,
)

LETTERS = st.sampled_from(ALPHABET)


@st.composite
def well_made(draw: st.DrawFn) -> str:
    """Return a code that passes GB 32100-2015; half of them hold an organisation code that passes GB 11714."""
    place = draw(st.text("0123456789", min_size=6, max_size=6))
    organisation = draw(st.text(LETTERS, min_size=8, max_size=8))
    inner = organisation_check_character(organisation)
    body = draw(st.text(LETTERS, min_size=2, max_size=2)) + place + organisation
    body += inner if draw(st.booleans()) else draw(LETTERS)
    return body + check_character(body)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a code with one character changed, lost or added, within the alphabet or outside it."""
    code, place = draw(well_made()), draw(st.integers(0, 17))
    return code[:place] + draw(st.sampled_from([*ALPHABET, "", "I", "中", "AB", "a", "\x00"])) + code[place + 1 :]


CODES = st.lists(well_made() | damaged() | st.text(max_size=20), unique=True)


@settings(max_examples=300, deadline=None)
@given(CODES)
def test_the_column_refuses_what_each_code_refuses(codes):
    assert invalid_codes(codes) == [code for code in codes if not is_valid(code)]


@settings(max_examples=300, deadline=None)
@given(CODES)
def test_the_column_doubts_what_each_code_doubts(codes):
    doubted = [code for code in codes if is_valid(code) and not has_valid_organisation_code(code)]
    assert doubtful_codes(codes) == doubted


@pytest.mark.parametrize("say", [invalid_codes, doubtful_codes])
def test_of_no_codes_nothing_is_said(say):
    assert say([]) == []
