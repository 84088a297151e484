"""Whatever a stranger wrote, a workbook can hold it."""

import io

import openpyxl
import pytest

from phaseout.adapters.pages.tables import workbook
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.cell_text import writable
from phaseout.ports import FormSheet
from tests.form_samples import CHOICES, STAMP, SURVEY, sample_head, sample_rows

HOSTILE = "<r>&broken</r>"


@pytest.mark.parametrize(
    ("written", "held"),
    [
        pytest.param("苏州示例一铁合金有限公司", "苏州示例一铁合金有限公司", id="a plain name"),
        pytest.param(HOSTILE, f"{HOSTILE} ", id="what XlsxWriter would take for markup"),
        pytest.param("a\x00b\x0bc", "abc", id="control characters"),
        pytest.param("one\r\ntwo\rthree", "one\ntwo\nthree", id="line ends"),
        pytest.param("\ud800x\uffff", "x", id="what no file can hold"),
    ],
)
def test_a_text_is_made_writable(written, held):
    assert writable(written) == held


def texts(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def test_a_consolidated_table_with_a_hostile_name_opens():
    assert f"{HOSTILE} " in texts(workbook("汇总表", [{"企业名称": HOSTILE}]))


def test_a_prefilled_form_with_a_hostile_name_opens():
    rows = [{**row, "enterprise_name": HOSTILE} for row in sample_rows(SURVEY, 2)]
    sheet = FormSheet("表2", sample_head(SURVEY), rows)

    assert f"{HOSTILE} " in texts(XlsxWriterWorkbooks().write(SURVEY, [sheet], stamp=STAMP, choices=CHOICES))
