"""Check characters of the unified social credit code (统一社会信用代码, GB 32100-2015)."""

import re

from phaseout.errors import UsageError

# I, O, S, V and Z are left out: they are too easily read as digits.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_LAYOUT = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")

# The organisation code (GB 11714-1997) inside it has a check character of its own.
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS = "0123456789X"


class NotACodeBody(UsageError):
    """A check character is asked for what cannot be the body of a code."""

    def __init__(self, *, body: str, length: int) -> None:
        self.body = body
        self.length = length
        super().__init__(f"{body!r} is not {length} characters of a credit code")


def check_character(first17: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen.

    Raises:
        NotACodeBody: there are not seventeen, or one is outside the alphabet.
    """
    _require(first17, length=17, alphabet=ALPHABET)
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Say whether *code* has the layout of a credit code and the right check character."""
    return _LAYOUT.fullmatch(code) is not None and check_character(code[:17]) == code[17]


def organisation_check_character(first8: str) -> str:
    """Return the check character of an organisation code (characters 9 to 16 of a credit code).

    Raises:
        NotACodeBody: there are not eight, or one is neither digit nor capital letter.
    """
    _require(first8, length=8, alphabet=ORGANISATION_ALPHABET)
    pairs = zip(first8, ORGANISATION_WEIGHTS, strict=True)
    total = sum(ORGANISATION_ALPHABET.index(character) * weight for character, weight in pairs)
    return ORGANISATION_CHECKS[-total % 11]


def has_valid_organisation_code(code: str) -> bool:
    """Say whether the organisation code inside *code* checks; many older codes do not, so this only warns."""
    return _LAYOUT.fullmatch(code) is not None and organisation_check_character(code[8:16]) == code[16]


def _require(body: str, *, length: int, alphabet: str) -> None:
    if len(body) != length or not set(body) <= set(alphabet):
        raise NotACodeBody(body=body, length=length)
