"""Our own expectations: each looks at whole columns and names the rows that break it.

A stock column expectation resolves some eight metrics and costs six milliseconds whatever the number of rows, as much
as the rest of a workbook's way. These share one metric, the staged frame itself, and cost a fraction of one.
Importing this module registers them; a suite names them by their snake-case type. A row whose columns are empty
breaks none of them but the ones that ask for a value.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value

from phaseout.adapters.gx_checker.credit_codes import doubtful_codes, invalid_codes

STAGED_ROWS = "staged_rows.frame"
FILLED = "filled"
EMPTY = "empty"
POSITIVE = "positive"


class StagedRows(MetricProvider):  # type: ignore[misc]  # Great Expectations has no types
    """The frame itself, resolved once for all rules of a suite."""

    metric_name = STAGED_ROWS
    domain_keys = ("batch_id", "table")

    @metric_value(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]  # Great Expectations has no types
    def _pandas(
        cls,  # noqa: N805 - made a class method by Great Expectations
        execution_engine: Any,  # noqa: ANN401
        metric_domain_kwargs: dict[str, Any],
        **_others: object,
    ) -> Any:  # noqa: ANN401 - a frame
        return execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)[0]


class RowExpectation(BatchExpectation):  # type: ignore[misc]  # Great Expectations has no types
    """Something that holds row by row. *when* limits it to rows: each column it names must have one of the values.

    A value may also be ``filled``, ``empty`` or ``positive``.
    """

    when: Mapping[str, Any] | None = None

    metric_dependencies = (STAGED_ROWS,)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "table")

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether it holds; what cannot be said counts as holding."""
        raise NotImplementedError

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 - Great Expectations passes it
        execution_engine: object = None,  # noqa: ARG002 - Great Expectations passes it
    ) -> dict[str, Any]:
        frame = metrics[STAGED_ROWS]
        broken = ~self.holds(frame).fillna(value=True).to_numpy(dtype=bool)
        for column, values in (self.when or {}).items():
            broken &= _matches(frame[column], values)
        rows = frame.index[broken].tolist()
        return {"success": not rows, "result": {"unexpected_index_list": rows}}


class ExpectColumnToBeFilled(RowExpectation):
    """The column has a value; with *once_per*, an earlier row of the submission with those values may have it."""

    column: str
    once_per: Sequence[str] | None = None

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the column has a value, or an earlier row that counts for it."""
        filled = frame[self.column].notna()
        if self.once_per is None or filled.all():
            return filled
        same = [frame[name] for name in ("submission_id", *self.once_per)]
        return filled | filled.groupby(same).cummax().eq(other=True)


class ExpectAnyColumnToBeFilled(RowExpectation):
    """At least one of the columns has a value."""

    columns: Sequence[str]

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether one of the columns has a value."""
        return frame[list(self.columns)].notna().any(axis=1)


class ExpectColumnsToBeTrue(RowExpectation):
    """Each of the columns says 是; an empty one does not."""

    columns: Sequence[str]

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether all columns say 是."""
        return frame[list(self.columns)].fillna(value=False).astype(bool).all(axis=1)


class ExpectColumnToBeOneOf(RowExpectation):
    """The column's value is one of those given."""

    column: str
    values: Sequence[Any]

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the value is one of those given."""
        return frame[self.column].isna() | frame[self.column].isin(list(self.values))


class ExpectColumnToBeWithin(RowExpectation):
    """The column's number or day lies between *least* and *most*, both included; above *more_than*."""

    column: str
    least: Any = None
    most: Any = None
    more_than: Any = None

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the value lies within the limits."""
        values = frame[self.column]
        inside = pd.Series(data=True, index=frame.index)
        if self.least is not None:
            inside &= _not_below(values, _limit(values, self.least))
        if self.most is not None:
            inside &= _not_below(_limit(values, self.most), values)
        if self.more_than is not None:
            inside &= values.isna() | (values > _limit(values, self.more_than))
        return inside


class ExpectColumnsToBeInOrder(RowExpectation):
    """The first column is at most *factor* times the second; with *equal*, both are the same."""

    first: str
    second: str
    factor: float | None = None
    equal: bool = False

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the two columns are in order."""
        first, second = frame[self.first], frame[self.second]
        if self.factor is not None:
            second = second * self.factor
        if self.equal:
            return first.isna() | second.isna() | (first == second)
        return _not_below(second, first)


class ExpectColumnToMatchPatterns(RowExpectation):
    """Every part of the column's text matches one of the patterns whole; *separators* divide the parts.

    The text as it stands has at most *longest* characters.
    """

    column: str
    patterns: Sequence[str]
    separators: str | None = None
    ignored: str | None = None
    longest: int | None = None

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the text matches; each text is looked at once."""
        column = frame[self.column].astype("string")
        texts = pd.Series(column.dropna().unique(), dtype="string")
        parts = texts.str.split(self.separators, regex=True).explode() if self.separators is not None else texts
        if self.ignored is not None:
            parts = parts.str.replace(self.ignored, "", regex=True)
        matched = parts.str.fullmatch("|".join(f"(?:{pattern})" for pattern in self.patterns))
        right = matched.groupby(level=0).all()
        if self.longest is not None:
            right &= texts.str.len() <= self.longest
        return ~column.isin(list(texts[~right]))


class ExpectColumnValuesToBeValidUscc(RowExpectation):
    """The column's credit codes pass GB 32100-2015."""

    column: str

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the credit code is valid."""
        codes = frame[self.column]
        return ~codes.isin(invalid_codes(_distinct(codes)))  # few: looking for the valid ones costs more than the rest


class ExpectColumnValuesToHaveValidOrganisationCode(RowExpectation):
    """The organisation codes inside valid credit codes pass GB 11714; of an invalid credit code nothing is said."""

    column: str

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Say of each row whether the organisation code inside a valid credit code is valid."""
        codes = frame[self.column]
        return ~codes.isin(doubtful_codes(_distinct(codes)))


def _distinct(texts: pd.Series) -> list[str]:
    found: list[str] = texts.dropna().unique().tolist()  # `list` would take them one by one
    return found


def _matches(values: pd.Series, wanted: object) -> np.ndarray:
    if wanted == FILLED:
        return values.notna().to_numpy()
    if wanted == EMPTY:
        return values.isna().to_numpy()
    if wanted == POSITIVE:
        return (values > 0).fillna(value=False).to_numpy(dtype=bool)
    return values.isin(list(wanted) if isinstance(wanted, list | tuple) else [wanted]).to_numpy(dtype=bool)


def _limit(values: pd.Series, limit: object) -> object:
    return pd.Timestamp(limit) if isinstance(limit, str) and pd.api.types.is_datetime64_any_dtype(values) else limit


def _not_below(upper: Any, lower: Any) -> pd.Series:  # noqa: ANN401 - a column or a limit on either side
    held: pd.Series = pd.isna(upper) | pd.isna(lower) | (upper >= lower)
    return held
