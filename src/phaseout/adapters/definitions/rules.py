"""Reads the rules (校验规则) and the refusals (拒收) that the office wrote down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import JsonValue, RootModel

from phaseout.adapters.definitions.yaml_data import BadDefinition, Definition, line_of, read_model
from phaseout.adapters.definitions.years import Dated
from phaseout.domain.finding import Rule, Severity
from phaseout.domain.form import Form
from phaseout.domain.phase import Phase, phase_of
from phaseout.domain.years import Years


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


class _Rule(Dated):
    id: str
    severity: Severity
    title: str
    message: str
    expected: str
    remedy: str
    basis: str
    field: str | None = None
    phase: Phase | None = None  # where it is not the one that follows from how the rule is checked
    expectation: _Expectation | None = None
    sql: str | None = None
    passing: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies the default
    failing: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies the default

    def entry(self, suite: Years, *, is_of_reading: bool, sql_folder: Path) -> RuleEntry:
        """Return the rule; where it does not say its years, they are those of the suite."""
        words: dict[str, Any] = self.words()
        kind = self.expectation.type if self.expectation else None
        words["phase"] = self.phase or phase_of(kind, is_of_reading=is_of_reading)
        words["statement"] = self._statement(sql_folder)
        words["years"] = Years(self.since or suite.since, self.until or suite.until)
        checks = {key: words.pop(key) for key in ("expectation", "sql", "passing", "failing")}
        if self.expectation is not None:
            checks["expectation"] = self.expectation.model_dump()
        return RuleEntry(rule=Rule(**words), **checks)

    def _statement(self, sql_folder: Path) -> str:
        if self.expectation is not None:
            return json.dumps(self.expectation.model_dump(), ensure_ascii=False, sort_keys=True)
        path = sql_folder / self.sql if self.sql else None
        return path.read_text("utf-8") if path and path.is_file() else ""  # the warehouse complains of a missing file


class _Suite(Dated):
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
        if (since := rule.since or suite.since) and (until := rule.until or suite.until) and until < since:
            wrong = f"the rule {rule.id} holds in no year: since {since} is after until {until}"
            raise BadDefinition(path, line_of(path, ("rules", position)), wrong)
        ids.add(rule.id)
    years, folder = Years(suite.since, suite.until), path.parent / "rules"
    return tuple(rule.entry(years, is_of_reading=suite.form is None, sql_folder=folder) for rule in suite.rules)


def load_suite_of(path: Path, form: Form) -> tuple[RuleEntry, ...]:
    """Return the rules of a form's file.

    Raises:
        BadDefinition: as `load_suite`; or a rule holds in a year in which the form does not have the rule's field.
    """
    entries = load_suite(path)
    layouts = [(of_years.layouts[0], {field.name for field in of_years.fields}) for of_years in form.by_layout]
    for position, entry in enumerate(entries):
        rule = entry.rule
        for layout, fields in layouts:
            if rule.field is not None and rule.field not in fields and layout.years.overlaps(rule.years):
                wrong = f"the rule {rule.id} holds in years whose layout {layout.version} has no field {rule.field}"
                raise BadDefinition(path, line_of(path, ("rules", position)), wrong)
    return entries


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
