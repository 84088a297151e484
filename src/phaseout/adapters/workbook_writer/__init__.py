"""Writes a form (报表) as an .xlsx workbook that an official can fill in, print and seal."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from xlsxwriter import Workbook

from phaseout.adapters.workbook_writer.looks import Looks
from phaseout.adapters.workbook_writer.sheet import SheetWriter
from phaseout.adapters.workbook_writer.side_sheets import write_instructions, write_stamp
from phaseout.domain.form import Form
from phaseout.ports import FormSheet, FormStamp, WorkbookWriter

STAMP_SHEET = "_phaseout"
INSTRUCTIONS_SHEET = "填表说明"
_CREATED = datetime(2022, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed: same input, same bytes
_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class XlsxWriterWorkbooks(WorkbookWriter):
    """Workbooks made anew with XlsxWriter; every cell is a string or a number, never a formula."""

    def write(
        self, form: Form, sheets: Sequence[FormSheet], *, stamp: FormStamp, choices: Mapping[str, Sequence[str]]
    ) -> bytes:
        """Return the .xlsx; same input, same bytes."""
        target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(target, options)
        workbook.set_properties({"title": form.title, "created": _CREATED})
        looks = Looks(workbook)
        names = _sheet_names([sheet.name for sheet in sheets])
        worksheets = [workbook.add_worksheet(name) for name in names]
        instructions, stamped = workbook.add_worksheet(INSTRUCTIONS_SHEET), workbook.add_worksheet(STAMP_SHEET)
        lists = write_stamp(stamped, form, stamp, choices)
        for worksheet, sheet in zip(worksheets, sheets, strict=True):
            SheetWriter(worksheet, form, looks, lists).write(sheet)
        write_instructions(instructions, form, looks)
        workbook.close()
        return target.getvalue()


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return names that a spreadsheet takes: short, without its own signs, each once."""
    taken = {STAMP_SHEET, INSTRUCTIONS_SHEET}
    names = []
    for name in wanted:
        plain = " ".join(name.translate(_FORBIDDEN_IN_NAME).split())[:_LONGEST_NAME].strip() or "报表"
        free, number = plain, 1
        while free.casefold() in taken:
            number += 1
            free = f"{plain[: _LONGEST_NAME - len(str(number)) - 2]}({number})"
        taken.add(free.casefold())
        names.append(free)
    return names
