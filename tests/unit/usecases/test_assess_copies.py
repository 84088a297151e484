"""The marked copies (批注件) that go with an answer, and those that a person asks for beforehand."""

import io
from dataclasses import replace

import openpyxl
import pytest

from phaseout.domain.letter import LetterKind
from phaseout.ports import MarkedCopies
from phaseout.usecases.assess import assess
from phaseout.usecases.assess.copying import MOST_BYTES, MOST_COPIES, copy_name
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import SUZHOU, contact_form, survey

BROKEN = survey({"uscc": "91320281MA1TE5T1XX"})
DOUBTFUL = survey({"output": 50})  # far more than the capacity: a warning
FINE = survey({})


def copy_in(letter, office, at=0):
    """Return an attached copy as a spreadsheet program opens it."""
    part = list(office.message(letter).iter_attachments())[at]
    return openpyxl.load_workbook(io.BytesIO(part.get_content()))


def said(sheet):
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_a_return_carries_the_senders_workbook_with_the_bad_cell_marked(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("苏州表2.xlsx", BROKEN))

    (answer,) = office.answers()
    assert answer.kind is LetterKind.RETURN
    assert office.files(answer) == ["批注件-苏州表2.xlsx"]
    assert "附件：批注件-苏州表2.xlsx" in office.text(answer)
    copy = copy_in(answer, office)
    assert copy["Sheet1"]["E7"].value == "91320281MA1TE5T1XX"
    assert "请对照营业执照核对后更正（SUM-101）" in copy["Sheet1"]["E7"].comment.text
    assert "更正期限：2022年8月12日" in said(copy["问题清单"])


def test_a_receipt_with_a_warning_carries_a_copy_without_a_correction_date(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("苏州表2.xlsx", DOUBTFUL))

    (answer,) = office.answers()
    assert answer.kind is LetterKind.RECEIPT
    assert office.files(answer) == ["批注件-苏州表2.xlsx"]
    assert "更正期限" not in said(copy_in(answer, office)["问题清单"])
    assert "写明原因后一并报送" in office.text(answer)


def test_where_there_is_nothing_to_mend_there_is_no_copy(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("苏州表2.xlsx", FINE))

    (answer,) = office.answers()
    assert office.files(answer) == []
    assert "批注件" not in office.text(answer)


def test_only_the_workbooks_with_something_to_mend_have_copies(office):
    files = ("联系人.xlsx", contact_form()), ("表2.xlsx", BROKEN), ("扫描件.xlsx", b"no workbook")
    office.receive("2022-08-08 10:00", SUZHOU, *files)

    assert office.files(office.answers()[0]) == ["批注件-表2.xlsx"]


def test_a_corrected_copy_is_taken_as_the_next_version(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", BROKEN))
    copy = copy_in(office.answers()[0], office)
    copy["Sheet1"]["E7"].value = "91320281MA1TE5T18Y"
    mended = io.BytesIO()
    copy.save(mended)
    office.receive("2022-08-09 10:00", SUZHOU, ("批注件-表2.xlsx", mended.getvalue()))

    assert [decision.value for _, decision in office.submissions()] == ["returned", "accepted"]
    assert office.findings() == []


def test_the_same_delivery_is_answered_with_the_same_bytes(office, small_office):
    for one in (office, small_office):
        one.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", BROKEN))
    contents = [
        [part.get_content() for part in one.message(one.answers()[0]).iter_attachments()]
        for one in (office, small_office)
    ]

    assert contents[0] == contents[1]


def test_what_came_after_the_close_date_gets_no_copy(office):
    office.receive("2023-03-01 10:00", SUZHOU, ("表2.xlsx", BROKEN))

    assert office.files(office.answers()[0]) == []


def test_a_letter_holds_twenty_copies_and_names_the_other_files(office):
    files = [(f"表{number}.xlsx", survey({"uscc": f"X{number}"})) for number in range(1, MOST_COPIES + 3)]
    office.receive("2022-08-08 10:00", SUZHOU, *files)

    (answer,) = office.answers()
    assert len(office.files(answer)) == MOST_COPIES
    assert "以下文件未附批注件，请按本函所列问题核对：表21.xlsx、表22.xlsx。" in office.text(answer)


class LargeCopies(MarkedCopies):
    """Copies of which a letter holds two."""

    def mark(self, _workbook, _form, _findings, *, correction_due=None):  # noqa: ARG002 - the port's words
        return bytes(MOST_BYTES // 2)


def test_a_letter_holds_copies_of_a_few_megabytes_and_names_the_other_files(office):
    files = [(f"表{number}.xlsx", survey({"uscc": f"X{number}"})) for number in range(3)]
    office.mail("2022-08-08 10:00", SUZHOU, *files)
    office.collect("2022-08-08 10:00")
    assess(as_of=at("2022-08-08 10:00"), tools=replace(office.tools, copies=LargeCopies()))

    (answer,) = office.answers()
    assert office.files(answer) == ["批注件-表0.xlsx", "批注件-表1.xlsx"]
    assert "以下文件未附批注件，请按本函所列问题核对：表2.xlsx。" in office.text(answer)


def test_files_of_one_name_have_copies_of_their_own(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", BROKEN), ("表2.xlsx", DOUBTFUL))

    assert office.files(office.answers()[0]) == ["批注件-表2.xlsx", "批注件-表2(2).xlsx"]


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        pytest.param("甲市表2.xlsx", "批注件-甲市表2.xlsx", id="plain"),
        pytest.param("甲市表2.et", "批注件-甲市表2.xlsx", id="of another program"),
        pytest.param("甲市表2", "批注件-甲市表2.xlsx", id="without extension"),
        pytest.param("2022.8.12报送", "批注件-2022.8.12报送.xlsx", id="with a date"),
        pytest.param("批注件-甲市表2.xlsx", "批注件-甲市表2.xlsx", id="a copy that was mended"),
        pytest.param("a\r\nBcc: x@y.xlsx", "批注件-a  Bcc  x@y.xlsx", id="a header"),
        pytest.param("../../etc/x.xlsx", "批注件-etc x.xlsx", id="a path"),
        pytest.param("甲\u202excod.xlsx", "批注件-甲 xcod.xlsx", id="turned around"),
        pytest.param("长" * 200 + ".xlsx", "批注件-" + "长" * 60 + ".xlsx", id="long"),
        pytest.param("", "批注件-来件.xlsx", id="nameless"),
    ],
)
def test_a_copy_is_called_after_the_file(name, copy):
    assert copy_name(name) == copy


def test_copies_can_be_had_beforehand(office):
    kept = []
    office.check("2022-08-08 10:00", ("表2.xlsx", BROKEN), ("表2.xlsx", DOUBTFUL), ("好.xlsx", FINE), keep=kept.append)

    assert [file.name for file in kept] == ["批注件-表2.xlsx", "批注件-表2(2).xlsx"]
    assert office.submissions() == []
