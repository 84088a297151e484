"""The check character of a credit code (统一社会信用代码校验位), GB 32100-2015."""

import numpy as np
import pandas as pd

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # I, O, S, V and Z are not used
_MODULUS = len(ALPHABET)
_WEIGHTS = np.array([pow(3, place, _MODULUS) for place in range(LENGTH - 1)])
_VALUES = np.full(128, -1, np.int16)
_VALUES[[ord(character) for character in ALPHABET]] = np.arange(_MODULUS)


def are_valid(codes: pd.Series) -> pd.Series:
    """Say of each code whether its characters are allowed and the last one checks the others."""
    listed = codes.astype(object).to_numpy()
    valid = np.zeros(len(listed), bool)
    readable = np.fromiter((isinstance(c, str) and len(c) == LENGTH and c.isascii() for c in listed), bool, len(listed))
    if readable.any():
        characters = np.frombuffer("".join(listed[readable]).encode(), np.uint8).reshape(-1, LENGTH)
        values = _VALUES[characters]
        expected = -(values[:, :-1] * _WEIGHTS).sum(axis=1) % _MODULUS
        valid[readable] = (values >= 0).all(axis=1) & (expected == values[:, -1])
    return pd.Series(valid, index=codes.index)
