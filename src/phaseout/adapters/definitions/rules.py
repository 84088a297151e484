"""Reads the rules (校验规则) and the refusals (拒收) that the office wrote down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue, RootModel

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.domain.finding import Rule, Severity


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule with how it is checked, by an expectation or by SQL, and with examples that keep and break it."""

    rule: Rule
    expectation: Mapping[str, object] | None = None
    sql: str | None = None
    passing: Mapping[str, object] = field(default_factory=dict)
    failing: Mapping[str, object] = field(default_factory=dict)


class _Expectation(Definition):
    type: str
    kwargs: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies the default


class _Rule(Definition):
    id: str
    severity: Severity
    title: str
    message: str
    expected: str
    remedy: str
    basis: str
    field: str | None = None
    expectation: _Expectation | None = None
    sql: str | None = None
    passing: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies the default
    failing: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies the default

    def entry(self) -> RuleEntry:
        words = dict(self)
        checks = {key: words.pop(key) for key in ("expectation", "sql", "passing", "failing")}
        if self.expectation is not None:
            checks["expectation"] = self.expectation.model_dump()
        return RuleEntry(rule=Rule(**words), **checks)


class _Suite(Definition):
    form: str | None = None  # the rules of reading speak of every form
    title: str
    rules: tuple[_Rule, ...]


class _Refusal(Definition):
    title: str
    remedy: str


class _Refusals(RootModel[dict[str, _Refusal]]):
    pass


def load_suite(path: Path) -> tuple[RuleEntry, ...]:
    """Return the rules of a file with how each is checked.

    Raises:
        BadDefinition: the file is wrong, with its line; or a rule id stands twice.
    """
    suite = read_model(path, _Suite)
    ids: set[str] = set()
    for position, rule in enumerate(suite.rules):
        if rule.id in ids:
            raise BadDefinition(path, line_of(path, ("rules", position)), f"the rule {rule.id} stands twice")
        ids.add(rule.id)
    return tuple(rule.entry() for rule in suite.rules)


def load_rules(path: Path) -> dict[str, Rule]:
    """Return the rules of a file by id.

    Raises:
        BadDefinition: the file is wrong, with its line.
    """
    return {entry.rule.id: entry.rule for entry in load_suite(path)}


def load_refusals(path: Path) -> dict[str, tuple[str, str]]:
    """Return title and remedy of each refusal by its code.

    Raises:
        BadDefinition: the file is wrong, with its line.
    """
    return {code: (refusal.title, refusal.remedy) for code, refusal in read_model(path, _Refusals).root.items()}
