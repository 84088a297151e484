"""What a benchmark is doing, told on standard error while it does it."""

import sys


def tell(words: str) -> None:
    """Tell whoever waits what is being done."""
    sys.stderr.write(f"    {words}\n")
    sys.stderr.flush()
