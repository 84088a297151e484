"""The rules that speak of one row alone, run by Great Expectations once per form and batch."""

from phaseout.adapters.gx_checker.checker import GxChecker

__all__ = ["GxChecker"]
