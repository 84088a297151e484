"""Says a breach as a finding (问题): where it is, what was found, and nothing about a person."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from phaseout.domain.finding import Finding, Rule
from phaseout.domain.form import Field, Form
from phaseout.domain.submission import Breach, Reading

_LONGEST = 60
_HOLE = re.compile(r"\{(\w+)\}")
_KEPT_AHEAD, _KEPT_BEHIND = 3, 4


def describe(
    breach: Breach, rule: Rule, form: Form, reading: Reading, file: str, *, item: str | None = None
) -> Finding:
    """Return the finding that a unit reads; *item* is what the row speaks of."""
    personal = {field.name for field in form.fields if field.personal}
    field = _field(form, breach.field or rule.field)
    facts = {name: say(fact, is_personal=name in personal) for name, fact in breach.facts.items()}
    if "found" in facts and field is not None and field.personal:
        facts["found"] = say(breach.facts["found"], is_personal=True)
    expected = _filled(rule.expected, facts)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        title=rule.title,
        message=_filled(rule.message, {"expected": expected, **facts}),
        remedy=_filled(rule.remedy, {"expected": expected, **facts}),
        file=file,
        sheet=breach.sheet,
        row=breach.row,
        cell=_cell(breach, field, reading),
        field=field.name if field else None,
        field_label=field.full_label if field else None,
        found=facts.get("found"),
        expected=expected,
        item=item,
    )


def say(fact: object, *, is_personal: bool = False) -> str:
    """Return a fact as an official writes it."""
    words = mask(_words(fact)) if is_personal else _words(fact)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def mask(text: str) -> str:
    """Return *text* with only as much left as its writer needs to find it, such as 138****0001."""
    digits = [char for char in text if char.isdigit()]
    if "@" in text:
        name, _, domain = text.partition("@")
        return f"{name[:1]}***@{domain}"
    if len(digits) > _KEPT_AHEAD + _KEPT_BEHIND:
        return f"{''.join(digits[:_KEPT_AHEAD])}****{''.join(digits[-_KEPT_BEHIND:])}"
    return f"{text[:1]}{'*' * min(max(len(text) - 1, 1), _KEPT_BEHIND)}" if text else ""


def _words(fact: object) -> str:
    if fact is None or isinstance(fact, bool):
        return {None: "空", True: "是", False: "否"}[fact]
    if isinstance(fact, date):  # an instant as well: the day is what counts in a form
        day = fact.date() if isinstance(fact, datetime) else fact
        return f"{day.year}年{day.month}月{day.day}日"
    if isinstance(fact, timedelta):
        return f"{fact.total_seconds():.15g}秒"
    if isinstance(fact, Decimal):
        return f"{fact.normalize():f}"
    if isinstance(fact, float):
        return format(fact, ".15g")
    return " ".join(str(fact).split())


def _filled(template: str, facts: Mapping[str, str]) -> str:
    """Fill what a text quotes; what a rule does not tell is said to be empty, never left as a hole."""
    return _HOLE.sub(lambda hole: facts.get(hole[1], "空"), template)


def _field(form: Form, name: str | None) -> Field | None:
    return next((field for field in form.fields if field.name == name), None)


def _cell(breach: Breach, field: Field | None, reading: Reading) -> str | None:
    if field is None:
        return None
    sheet = breach.sheet if breach.sheet is not None else _only_sheet(field, reading)
    letter = reading.columns.get((sheet or "", field.name))
    if letter is not None:
        return f"{letter}{breach.row}" if breach.row is not None else None
    return reading.head_cells.get((sheet or "", field.name))


def _only_sheet(field: Field, reading: Reading) -> str | None:
    """Return the sheet that a head field must stand on when a rule does not name one."""
    sheets = [sheet for sheet, name in reading.head_cells if name == field.name]
    return sheets[0] if len(sheets) == 1 else None
