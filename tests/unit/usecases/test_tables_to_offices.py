"""Tables to the industry offices (汇总表分送): each gets those of its industries when stock is taken of the summary."""

from datetime import date

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from tests.unit.usecases.papers import SUZHOU, survey

MATERIALS, CONSUMER = "cailiao@gxt-jiangsu.example", "xiaofeipin@gxt-jiangsu.example"


@pytest.fixture
def counted(small_office):
    """Return an office that has taken stock of the summary; of two cities and industries, Suzhou filed 铁合金."""
    small_office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    small_office.take_stock("summary", "2022-08-13 09:00")
    return small_office


def tables(office):
    return {letter.recipient: letter for letter in office.letters() if letter.kind is LetterKind.TABLES}


def test_each_industry_office_gets_the_workbooks_of_its_industries(counted):
    letters = tables(counted)

    assert counted.files(letters[MATERIALS]) == ["企业生产工艺装备情况调查汇总（铁合金）.xlsx"]
    assert counted.files(letters[CONSUMER]) == []
    (attached,) = counted.message(letters[MATERIALS]).iter_attachments()
    assert "苏州示例合金有限公司" in attached.get_content().decode()


def test_the_letter_says_who_has_filed_and_who_has_not(counted):
    text = counted.text(tables(counted)[MATERIALS])

    assert text.startswith("材料工业处：")
    assert "铁合金：应报单位2个，审核通过1个；尚未审核通过1个（无锡市）；汇总装备1项。" in text


def test_it_goes_to_no_unit_and_keeps_the_days_letter_to_a_unit_from_nobody(counted):
    letter = tables(counted)[MATERIALS]

    assert (letter.unit, letter.state, letter.copy_to) == ("材料工业处", LetterState.QUEUED, ())
    assert "截止日期2022年8月12日" in letter.subject
    counted.remind("2022-08-15 09:00")
    assert len(counted.unprompted()) == 1


def test_counted_on_a_saturday_it_is_dated_the_monday_on_which_it_leaves_and_says_when_it_was_counted(counted):
    letter = tables(counted)[MATERIALS]

    assert letter.day == date(2022, 8, 15)
    assert "截至2022年8月13日" in counted.text(letter)


def test_it_is_sent_once_a_stock_taking(counted):
    counted.take_stock("summary", "2022-08-15 09:00")

    assert len([letter for letter in counted.letters() if letter.kind is LetterKind.TABLES]) == 4


@pytest.mark.parametrize("milestone", ["contact_list", "inventory"])
def test_what_is_owed_by_unit_is_no_industrys(small_office, milestone):
    small_office.take_stock(milestone, "2022-08-01 09:00")

    assert tables(small_office) == {}


def test_a_copy_lies_in_the_outgoing_folder_under_a_name_of_its_own(counted):
    counted.deliver("2022-08-15 09:05")

    names = [name for name in counted.outgoing.copies if name.endswith("-tables.eml")]
    assert len(names) == 4
