"""Chance that is the same on every machine and does not depend on the order of asking."""

from random import Random


def dice(seed: int, *about: str) -> Random:
    """Return the chance that belongs to one thing: same seed and same thing, same throws."""
    return Random("/".join((str(seed), *about)))  # noqa: S311 - it invents enterprises and keeps no secret
