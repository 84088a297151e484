"""The sheets beside the form: how to fill it in (填表说明), and what a workbook says of itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from phaseout.adapters.workbook_writer.looks import LINE_HEIGHT, Looks, lines_needed
from phaseout.domain.form import Field, FieldType, Form
from phaseout.ports import FormStamp

_LONGEST_INLINE_LIST = 255  # what a spreadsheet keeps of a list written into its drop-down
_FIRST_LIST_COLUMN = 3
_HEADINGS = ("填报项", "是否必填", "填写要求")
_WIDTHS = (30, 10, 80)
_KINDS: Mapping[FieldType, str] = {
    FieldType.TEXT: "文字",
    FieldType.CODE: "文字",
    FieldType.INTEGER: "整数",
    FieldType.DECIMAL: "数值，不超过4位小数",
    FieldType.DATE: "日期，如2022年8月12日",
    FieldType.MONTH: "年月，如2008年6月",
    FieldType.CHOICE: "从下拉选项中选择",
    FieldType.FLAG: "是或否",
}


def write_instructions(worksheet: Any, form: Form, looks: Looks) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
    """Write what the form asks, in words and item by item."""
    for column, width in enumerate(_WIDTHS):
        worksheet.set_column(column, column, width)
    worksheet.write_string(0, 0, "填表说明", looks.note_title)
    row = 1
    for number, line in enumerate(form.instructions, start=1):
        text = f"{number}. {line}"
        worksheet.merge_range(row, 0, row, len(_WIDTHS) - 1, text, looks.note)
        worksheet.set_row(row, LINE_HEIGHT * lines_needed(text, sum(_WIDTHS)) + 4)
        row += 1
    _write_items(worksheet, form, looks, row + 1)
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)


def _write_items(worksheet: Any, form: Form, looks: Looks, row: int) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
    worksheet.write_row(row, 0, _HEADINGS, looks.header)
    text, centred = looks.value(FieldType.TEXT, border=True), looks.value(FieldType.FLAG, border=True)
    for at, field in enumerate(form.fields, start=row + 1):
        worksheet.write_string(at, 0, field.full_label, text)
        worksheet.write_string(at, 1, "是" if field.required else "", centred)
        worksheet.write_string(at, 2, _asked(field), text)


def _asked(field: Field) -> str:
    kind = f"从下拉选项中选择：{'、'.join(field.choices)}" if field.choices else _KINDS[field.type]
    told = field.help if field.help and field.help not in kind else ""
    return "；".join(part for part in (kind, f"单位：{field.unit}" if field.unit else "", told) if part)


def write_stamp(
    worksheet: Any,  # noqa: ANN401 - XlsxWriter is untyped here
    form: Form,
    stamp: FormStamp,
    choices: Mapping[str, Sequence[str]],
) -> Mapping[str, Sequence[str] | str]:
    """Write what the workbook is and its long lists; return each drop-down's list or the range that holds it."""
    said = {
        "form": form.id,
        "layout_version": form.layout_version,
        "campaign": stamp.campaign,
        "unit": stamp.unit,
        "industry": stamp.industry or "",
        "period": stamp.period or "",
    }
    for row, (name, value) in enumerate(said.items()):
        worksheet.write_string(row, 0, name)
        worksheet.write_string(row, 1, value)
    worksheet.hide()
    return {name: _list(worksheet, column, words) for column, (name, words) in enumerate(_lists(form, choices).items())}


def _lists(form: Form, choices: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    lists: dict[str, Sequence[str]] = {
        field.name: ("是", "否") if field.type is FieldType.FLAG else choices.get(field.name) or field.choices
        for field in form.fields
    }
    return {name: words for name, words in lists.items() if words}


def _list(worksheet: Any, position: int, words: Sequence[str]) -> Sequence[str] | str:  # noqa: ANN401 - XlsxWriter is untyped here
    if len(",".join(words)) <= _LONGEST_INLINE_LIST and not any("," in word for word in words):
        return list(words)
    column = _FIRST_LIST_COLUMN + position
    worksheet.write_column(0, column, words)
    letters = _letters(column)
    return f"=_phaseout!${letters}$1:${letters}${len(words)}"


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)  # noqa: PLR2004 - the alphabet
