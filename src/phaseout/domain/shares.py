"""How a share is written (百分比)."""


def share_words(value: float | None) -> str:
    """Write a share as a percentage with one decimal; a dash when there is none."""
    if value is None:
        return "—"
    # Rounding must not say that all is done while something is left.
    percent = min(round(value * 100, 1), 99.9) if value < 1 else value * 100
    return f"{percent:.1f}%"
