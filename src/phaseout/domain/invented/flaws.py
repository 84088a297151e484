"""What is wrong, on purpose, with the first version of a workbook."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from phaseout.domain.credit_code import ALPHABET
from phaseout.domain.invented.values import InventedSheet, InventedWorkbook
from phaseout.domain.submission import Value

_DAYS_AFTER_DEADLINE = timedelta(days=20)


def with_wrong_figures(workbook: InventedWorkbook, *, closures_due: date) -> InventedWorkbook:
    """Return a survey summary with a wrong credit code, a wrong total and a planned date after the last day."""
    (sheet,) = workbook.sheets
    return replace(
        workbook,
        sheets=(_with_wrong_total(_with_late_plan(_with_wrong_code(sheet), closures_due)),),
        note="a credit code does not check, the total does not add up, a planned date lies after the last day",
    )


def with_blank(workbook: InventedWorkbook, field: str) -> InventedWorkbook:
    """Return a workbook that leaves a required flag blank in one row, where it is 否 if there is such a row."""
    (sheet,) = workbook.sheets
    place = next((place for place, row in enumerate(sheet.rows) if row[field] is False), 0)
    return replace(workbook, sheets=(_with_value(sheet, place, field, None),), note=f"{field} is blank")


def _with_wrong_code(sheet: InventedSheet) -> InventedSheet:
    """Spoil the code of the enterprise with the fewest rows, on all of them: the cell may be merged."""
    counts = Counter(str(row["uscc"]) for row in sheet.rows)
    code = min(counts, key=lambda code: counts[code])
    spoiled = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    rows = tuple({**row, "uscc": spoiled} if row["uscc"] == code else row for row in sheet.rows)
    return replace(sheet, rows=rows)


def _with_late_plan(sheet: InventedSheet, closures_due: date) -> InventedSheet:
    outdated = next(place for place, row in enumerate(sheet.rows) if row["is_outdated"])
    return _with_value(sheet, outdated, "plan_date", closures_due + _DAYS_AFTER_DEADLINE)


def _with_wrong_total(sheet: InventedSheet) -> InventedSheet:
    total = sum(count for row in sheet.rows if isinstance(count := row["equip_count"], int))
    return replace(sheet, stated_totals={"equip_count": total + 1})


def _with_value(sheet: InventedSheet, place: int, field: str, value: Value) -> InventedSheet:
    changed = {**sheet.rows[place], field: value}
    return replace(sheet, rows=(*sheet.rows[:place], changed, *sheet.rows[place + 1 :]))
