"""Runs a form's row rules over a staged frame with Great Expectations, in one run."""

import os
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from phaseout.domain.finding import Rule, Severity
from phaseout.errors import UsageError
from phaseout.ports import Checker, RuleDidNotRun, holds

if TYPE_CHECKING:
    import pandas as pd

PARAMETER = "$PARAMETER"

# Great Expectations knows three severities, we know four; ours travels in `meta`.
_SEVERITIES = {
    Severity.BLOCKING: "critical",
    Severity.ERROR: "critical",
    Severity.WARNING: "warning",
    Severity.NOTE: "info",
}


class RuleEntry(Protocol):
    """A rule with the expectation that checks it, if it is one of a single row."""

    @property
    def rule(self) -> Rule:
        """The rule as the office wrote it down."""

    @property
    def expectation(self) -> Mapping[str, object] | None:
        """Type and arguments of its expectation."""


class BadExpectation(UsageError):
    """A rule names an expectation, or an argument of it, that does not exist."""

    def __init__(self, rule: str, *, reason: str) -> None:
        self.rule = rule
        super().__init__(f"the rule {rule} cannot be built: {reason}")


class GxChecker(Checker):
    """The row rules of all forms. Suites are built once for each set of parameters."""

    def __init__(self, entries: Mapping[str, Sequence[RuleEntry]]) -> None:
        self._entries = {form: [entry for entry in suite if entry.expectation] for form, suite in entries.items()}
        self._suites: dict[tuple[str, tuple[tuple[str, str], ...]], Any] = {}

    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's row rules."""
        return tuple(entry.rule for entry in self._entries.get(form, ()))

    def check(self, form: str, frame: object, *, parameters: Mapping[str, object]) -> Sequence[tuple[int, str]]:
        """Return (row id, rule id) of every breach, in order.

        Raises:
            RuleDidNotRun: a rule could not be evaluated, or a parameter it speaks of is missing.
        """
        rows: pd.DataFrame = frame  # type: ignore[assignment]  # the port does not know pandas
        if rows.empty or not self._entries.get(form):
            return []
        suite = self._suite(form, parameters)
        breaches: list[tuple[int, str]] = []
        results = _validate(rows, suite)
        for result in results:
            rule = result.expectation_config.meta["rule"]
            reason = _exception_of(result.exception_info)
            if reason is not None:
                raise RuleDidNotRun(rule, reason=reason)
            breaches += [(int(row), rule) for row in _rows_of(rule, result)]
        if len(results) != len(suite.expectations):
            raise RuleDidNotRun(form, reason="a rule of the suite gave no result")
        return sorted(breaches)

    def _suite(self, form: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - an ExpectationSuite
        key = (form, tuple(sorted((name, str(value)) for name, value in parameters.items())))
        if key not in self._suites:
            self._suites[key] = _build(form, self._entries[form], parameters)
        return self._suites[key]


def _build(form: str, entries: Sequence[RuleEntry], parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - a suite
    _quiet()
    from great_expectations.core import ExpectationSuite  # noqa: PLC0415 - takes two seconds

    # Only objects: a suite drops a type that it does not know without a word.
    built = [_expectation(entry, parameters) for entry in entries if holds(entry.rule, parameters=parameters)]
    return ExpectationSuite(name=form, expectations=[rule for rule in built if rule is not None])


def _expectation(entry: RuleEntry, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - an Expectation
    """Return the rule as an expectation; None when a day it speaks of is none in this campaign."""
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415 - takes two seconds
        ExpectationConfiguration,
    )

    import phaseout.adapters.gx_checker.expectations  # noqa: F401, PLC0415 - registers our own types

    rule, definition = entry.rule, dict(entry.expectation or {})
    arguments = _filled_in(rule.id, definition.pop("kwargs", {}), parameters)
    if arguments is None:
        return None
    try:
        return ExpectationConfiguration(
            type=str(definition["type"]),
            kwargs=arguments,
            meta={"rule": rule.id, "severity": rule.severity.value},
            severity=_SEVERITIES[rule.severity],
        ).to_domain_obj()
    except Exception as wrong:  # whatever Great Expectations raises, the rule's file is wrong
        raise BadExpectation(rule.id, reason=str(wrong)) from wrong


def _filled_in(rule: str, kwargs: Any, parameters: Mapping[str, object]) -> dict[str, Any] | None:  # noqa: ANN401 - from YAML
    filled = {}
    for name, value in dict(kwargs).items():
        if isinstance(value, Mapping) and PARAMETER in value:
            wanted = str(value[PARAMETER])
            if wanted not in parameters:
                raise RuleDidNotRun(rule, reason=f"no parameter {wanted}")
            given = parameters[wanted]
            if given is None:
                return None
            filled[name] = given.isoformat() if isinstance(given, date) else given
        else:
            filled[name] = value
    return filled


def _validate(rows: "pd.DataFrame", suite: Any) -> Sequence[Any]:  # noqa: ANN401 - a suite and its results
    _quiet()
    import great_expectations  # noqa: PLC0415 - takes two seconds

    # A batch is known by its asset's name, not by its content: a context of its own keeps frames apart.
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("stage").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": rows})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        results: Sequence[Any] = batch.validate(suite, result_format="COMPLETE").results
    return results


def _rows_of(rule: str, result: Any) -> Sequence[Any]:  # noqa: ANN401 - a result and its row ids
    if result.success:
        return ()
    rows: Sequence[Any] | None = result.result.get("unexpected_index_list")
    if rows is None:
        raise RuleDidNotRun(rule, reason="it names no rows; rules about a whole table are written in SQL")
    return rows


def _exception_of(info: Mapping[str, Any] | None) -> str | None:
    """Return what a rule raised: Great Expectations tells it flat, or by metric."""
    if not info:
        return None
    parts = [info] if "raised_exception" in info else list(info.values())
    return next((str(part.get("exception_message")) for part in parts if part.get("raised_exception")), None)


def _quiet() -> None:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
