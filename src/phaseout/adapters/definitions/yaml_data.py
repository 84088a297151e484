"""Reads a YAML file that the office may change into a checked model, and says at which line it is wrong."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml.constructor import ConstructorError

from phaseout.errors import UsageError

Locus = Sequence[str | int]
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Values(yaml.SafeLoader):
    """Takes a day that the calendar does not have for a word: the model then says at which key it stands."""

    def day(self, node: yaml.ScalarNode) -> object:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Values.add_constructor("tag:yaml.org,2002:timestamp", _Values.day)


class BadDefinition(UsageError):
    """A data file does not say what it should."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {message}")


class Definition(BaseModel):
    """A part of a data file: nothing but its own keys, and no value of another type taken for its own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)


def read_model(path: Path, model: type[M]) -> M:
    """Return the file as *model*.

    Raises:
        BadDefinition: the file is missing, is no YAML, or does not fit the model.
    """
    node = _compose(path)
    data = _construct(path, node)
    try:
        # As JSON, strict checking still takes a list for a tuple, a word for an enum and a day for a date.
        return model.model_validate_json(json.dumps(data, default=_iso), strict=True)
    except ValidationError as wrong:
        raise _bad(path, node, wrong) from wrong


def line_of(path: Path, locus: Locus) -> int:
    """Return the line of the file at which a path of keys and positions stands, or as far of it as exists."""
    return _line(_compose(path), locus)


def require_distinct(path: Path, key: str, values: Sequence[str]) -> None:
    """Stop at a value of a list that stands there twice.

    Raises:
        BadDefinition: with the line of the second.
    """
    for number, value in enumerate(values):
        if value in values[:number]:
            raise BadDefinition(path, line_of(path, [key, number]), f"{key}.{number}: {value} stands twice")


def _compose(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDefinition(path, 1, f"cannot be read: {error}") from error
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _not_yaml(path, error) from error
    if node is None:
        raise BadDefinition(path, 1, "the file is empty")
    return node


def _construct(path: Path, node: yaml.Node) -> object:
    try:
        _refuse_double_keys(node)
        return _Values("").construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a number such as 0x_
        raise _not_yaml(path, error) from error


def _refuse_double_keys(node: yaml.Node) -> None:
    """Stop at a key that stands twice: YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
            _refuse_double_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_double_keys(item)


def _not_yaml(path: Path, error: Exception) -> BadDefinition:
    mark = getattr(error, "problem_mark", None)
    return BadDefinition(path, mark.line + 1 if mark else 1, str(getattr(error, "problem", None) or error))


def _bad(path: Path, node: yaml.Node, wrong: ValidationError) -> BadDefinition:
    errors = wrong.errors(include_url=False, include_context=False, include_input=False)
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    place = ".".join(str(step) for step in first["loc"])
    return BadDefinition(path, _line(node, first["loc"]), f"{place}: {first['msg']}{more}".removeprefix(": "))


def _line(node: yaml.Node, locus: Locus) -> int:
    line = node.start_mark.line + 1
    for step in locus:
        found = _step(node, step)
        if found is not None:
            node, line = found
    return line


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    """Go down one step; None for a step of the model's own, such as the tag of a union."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not used in data files")
