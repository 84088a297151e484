"""Why this project stops, sorted by who must act."""


class PhaseoutError(Exception):
    """Something this project refuses to do, explained to a person."""


class ReporterError(PhaseoutError):
    """The reporting unit must act; it is told why, and nothing is retried."""


class OperatorError(PhaseoutError):
    """We must act; the reporting unit is never blamed for it."""


class UsageError(OperatorError):
    """The command or the data it was given cannot be used as it stands."""


class TransientError(OperatorError):
    """The outside world failed; the same call may succeed later."""
