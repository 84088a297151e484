"""What `phaseout serve` is made of: the parts of the office's machine, kept up and looked after."""

from enum import StrEnum


class PartName(StrEnum):
    """What can be served, and alone."""

    SERVER = "server"
    WORKER = "worker"
    BOARD = "board"
