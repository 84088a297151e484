"""The campaign as Prefect flows."""
