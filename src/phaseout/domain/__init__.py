"""The rules of a campaign as pure functions over frozen values: no clock, no I/O, no library."""
