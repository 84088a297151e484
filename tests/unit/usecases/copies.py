"""Marked copies (批注件) in the hands of a city: what it writes on them before it sends them back."""

import io

import openpyxl

LIST = "问题清单"


def marked_copy(office, letter, at=0):
    """Return an attached copy as a spreadsheet program opens it."""
    part = list(office.message(letter).iter_attachments())[at]
    return openpyxl.load_workbook(io.BytesIO(part.get_content()))


def lines(book):
    """Return the lines of a copy's list by their rules, each by its headers."""
    rows = list(book[LIST].iter_rows())
    top = next(number for number, row in enumerate(rows) if row[0].value == "序号")
    names = [cell.value for cell in rows[top]]
    listed = [dict(zip(names, row, strict=True)) for row in rows[top + 1 :]]
    return {line["规则号"].value: line for line in listed}


def sent_back(book, *, explained=None, cells=None):
    """Return a copy as it comes back: *explained* by rule, other *cells* of the form by name."""
    for rule, text in (explained or {}).items():
        lines(book)[rule]["情况说明"].value = text
    for name, value in (cells or {}).items():
        book["Sheet1"][name].value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
