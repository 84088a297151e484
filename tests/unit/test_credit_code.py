import pytest

from phaseout.domain.credit_code import (
    NotACodeBody,
    check_character,
    has_valid_organisation_code,
    is_valid,
    organisation_check_character,
)

# The first is the published example of GB 32100-2015; the others were computed from its weights.
VALID = [
    "91350100M000100Y43",
    "914403001922038216",
    "91320281MA1TE5T18Y",
    "913201000000000192",
    "92320500MA2DEM084G",
    "913213227ABCDEF2XR",
    "12320300466000002R",
]
INVALID = {
    "check character wrong": "91350100M000100Y4A",
    "17 characters": "91350100M000100Y4",
    "19 characters": "91350100M000100Y433",
    "letter O among the digits of the division": "9135010OM000100Y43",
    "letter I is not in the alphabet": "91320281MA1TE5T1I3",
    "two neighbours swapped": "91320281AM1TE5T18Y",
    "lower case": "91350100m000100y43",
    "full-width digits": "９１350100M000100Y43",
    "blank": "",
    "a line break behind it": "91350100M000100Y43\n",
}


@pytest.mark.parametrize("code", VALID)
def test_a_code_with_the_right_check_character_is_valid(code):
    assert is_valid(code)
    assert check_character(code[:17]) == code[17]


@pytest.mark.parametrize("code", INVALID.values(), ids=INVALID)
def test_a_damaged_code_is_not_valid(code):
    assert not is_valid(code)


@pytest.mark.parametrize("code", VALID)
def test_every_wrong_check_character_is_caught(code):
    wrong = [code[:17] + other for other in "0123456789ABCDEFGHJKLMNPQRTUWXY" if other != code[17]]
    assert not any(is_valid(other) for other in wrong)


@pytest.mark.parametrize("body", ["9135010", "91350100M000100YI", "9135010OM000100S4"])
def test_no_check_character_is_made_up_for_what_is_no_code(body):
    with pytest.raises(NotACodeBody):
        check_character(body)


@pytest.mark.parametrize("code", ["91320281MA1TE5T18Y", "913201000000000192", "12320300466000002R"])
def test_the_organisation_code_inside_has_its_own_check_character(code):
    assert organisation_check_character(code[8:16]) == code[16]
    assert has_valid_organisation_code(code)


def test_a_wrong_organisation_code_is_seen_although_the_code_itself_checks():
    body = "9132028100000012" + "0"
    assert is_valid(body + check_character(body))
    assert not has_valid_organisation_code(body + check_character(body))


@pytest.mark.parametrize(
    ("body", "character"),
    [("00000001", "9"), ("00000006", "X"), ("00000000", "0")],
    ids=["a digit", "ten is written X", "eleven is written 0"],
)
def test_the_check_character_of_an_organisation_code(body, character):
    assert organisation_check_character(body) == character
