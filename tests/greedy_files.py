"""Workbooks that are meant to cost too much (过耗文件): time of the guard, or memory of the process that parses."""

import io
import random
import zipfile

import openpyxl

from tests.soak.twisted_files import opendocument


def workbook(*rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells.items():
        book.active[place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


PLAIN = workbook(A1="甲")


def rewritten(content, *, more=(), method=zipfile.ZIP_DEFLATED, body=None, **parts):
    """Return an archive with parts changed as *parts* say, by the word in their name, and more parts behind them."""
    parts |= {"content.xml": body} if body else {}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", method, compresslevel=1) as new:
        for name in old.namelist():
            change = next((change for word, change in parts.items() if word in name), None)
            new.writestr(name, change(old.read(name)) if change else old.read(name))
        for name, part in more:
            new.writestr(name, part)
    return target.getvalue()


def said(old, new):
    return lambda part: part.replace(old, new)


def in_sheet(xml):
    """Return a workbook whose only sheet holds more XML, before its end."""
    return rewritten(PLAIN, sheet1=said(b"</sheetData>", xml + b"</sheetData>"))


def numbers(count, pattern):
    """Return a pattern filled in *count* times with different numbers, so that it does not pack too well."""
    dice = random.Random(5)  # noqa: S311  the same file each time
    return b"".join(pattern % (number, dice.randrange(10**9)) for number in range(count))


# With patterns that look at a place more than once, each takes minutes.
SLOW = {
    "cells that never end": b'<c r="XFD1" ' + b"<c " * 90_000 + b"><",
    "places in one tag": b"<c " + b'r="XFD1" x ' * 25_000 + b"/>",
    "formulas in cells": b"<c <f " * 50_000 + b">",
    "formulas in a text": b'<c r="A1"><is><t>' + b":f " * 100_000 + b"</t></is></c>",
    "blanks behind a formula": b'<c r="A1"><f>1</f>' + b" " * 300_000 + b"<x/></c>",
    "rows that never end": b'<row hidden="1' * 20_000 + b">",
    "errors that never end": b'<c t="e" ' * 4000 + b"<c " * 80_000 + b">",
    "a prefix without end": b"<" + b"a" * 300_000 + b":c >",
}


NAME = b'<definedName name="n%d">A%d</definedName>'
GREEDY = {
    "styles": rewritten(
        PLAIN, styles=said(b"</cellXfs>", numbers(100_000, b'<xf numFmtId="%d" fontId="%d"/>') + b"</cellXfs>")
    ),
    "names": rewritten(
        PLAIN, workbook=said(b"</sheets>", b"</sheets><definedNames>" + numbers(60_000, NAME) + b"</definedNames>")
    ),
    "rows": workbook(*([row, row / 3, f"文字{row}"] for row in range(20_000))),
    "a lone cell in the corner": workbook(A1=1, GR20000=2),
    "shared strings": rewritten(
        PLAIN, sharedStrings=lambda _part: b"<sst>" + numbers(1_000_000, b"<si><t>%d %d</t></si>") + b"</sst>"
    ),
    "merged ranges in each other": rewritten(
        PLAIN,
        sheet1=said(
            b"</sheetData>",
            b"</sheetData><mergeCells>"
            + b"".join(b'<mergeCell ref="A1:GR%d"/>' % row for row in range(2, 20_000))
            + b"</mergeCells>",
        ),
    ),
    "rows without places": in_sheet(b"<row><c><v>1</v></c></row>" * 30_000),
    "a place that the guard does not see": in_sheet(b"<row r='1'><c r='XFD1048576'><v>1</v></c></row>"),
    "sheets": rewritten(
        PLAIN, workbook=said(b"</sheets>", numbers(3000, b'<sheet name="s%d" sheetId="%d"/>') + b"</sheets>")
    ),
    "a repeated value in an .ods": rewritten(
        opendocument(),
        body=said(b'office:value="0"', b'office:value="0" table:number-columns-repeated="16384"'),
    ),
    "repeated rows of values in an .ods": rewritten(
        opendocument(), body=said(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">')
    ),
}  # fmt: skip


def largest():
    """Return one of the largest workbooks that are read: a quarter of a million different texts."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("大")
    for row in range(10_000):
        sheet.append([f"文字{row}-{column}" for column in range(25)])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
