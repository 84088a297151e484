"""Keeps the logs of a year small: each has one predecessor, and neither grows beyond a bound."""

import os
import shutil
from pathlib import Path

LARGEST = 5 << 20


def bound_log(log: Path, *, largest: int = LARGEST) -> bool:
    """Move what a log holds into `….1` when it has grown too large; say whether it had."""
    try:
        if log.stat().st_size <= largest:
            return False
    except FileNotFoundError:
        return False
    # The program that writes it holds it open: what it says goes on at the beginning of the same file.
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True


def last_words(log: Path, *, most: int = 300) -> str:
    """Return the end of a log in one line: what a program said before it ended."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return ""
    said = [line.strip() for line in lines[-40:] if line.strip(" \t─│╭╮╰╯")]
    return said[-1][-most:] if said else ""
