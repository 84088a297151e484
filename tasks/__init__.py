"""Prefect tasks: a name, a policy, one call."""
