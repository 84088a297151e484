"""Credit codes by the column: what `domain.credit_code` says of one code, said of many at once."""

from collections.abc import Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt

from phaseout.domain.credit_code import (
    ALPHABET,
    ORGANISATION_ALPHABET,
    ORGANISATION_CHECKS,
    ORGANISATION_WEIGHTS,
    WEIGHTS,
)

_LENGTH = 18
_NONE = 99  # a character outside the alphabet


def _values(alphabet: str) -> npt.NDArray[np.int64]:
    table = np.full(128, _NONE, dtype=np.int64)
    table[[ord(character) for character in alphabet]] = range(len(alphabet))
    return table


_CODE_VALUES, _ORGANISATION_VALUES = _values(ALPHABET), _values(ORGANISATION_ALPHABET)
_CODE_WEIGHTS, _ORGANISATION_WEIGHTS = np.array(WEIGHTS), np.array(ORGANISATION_WEIGHTS)
_CHECKS = np.frombuffer(ORGANISATION_CHECKS.encode(), dtype=np.uint8)


def invalid_codes(codes: Sequence[str]) -> list[str]:
    """Return those of *codes* that do not pass GB 32100-2015."""
    candidates, letters = _letters(codes)
    valid = set(compress(candidates, _is_valid(letters).tolist()))
    return [code for code in codes if code not in valid]


def doubtful_codes(codes: Sequence[str]) -> list[str]:
    """Return those of *codes* that pass GB 32100-2015, but hold an organisation code that does not pass GB 11714."""
    candidates, letters = _letters(codes)
    totals = (_ORGANISATION_VALUES[letters[:, 8:16]] * _ORGANISATION_WEIGHTS).sum(axis=1)
    doubtful = _is_valid(letters) & (letters[:, 16] != _CHECKS[-totals % 11])
    return [candidates[at] for at in np.flatnonzero(doubtful)]


def _letters(codes: Sequence[str]) -> tuple[list[str], npt.NDArray[np.uint8]]:
    candidates = [code for code in codes if len(code) == _LENGTH and code.isascii()]
    return candidates, np.frombuffer("".join(candidates).encode(), dtype=np.uint8).reshape(-1, _LENGTH)


def _is_valid(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    values = _CODE_VALUES[letters]
    is_laid_out = (values != _NONE).all(axis=1) & (values[:, 2:8] < 10).all(axis=1)  # noqa: PLR2004 - a digit
    valid: npt.NDArray[np.bool_] = is_laid_out & (-(values[:, :17] * _CODE_WEIGHTS).sum(axis=1) % 31 == values[:, 17])
    return valid
