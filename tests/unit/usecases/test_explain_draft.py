"""What a person is told before deciding on a draft (拟发事由)."""

import pytest

from phaseout.domain.letter import LetterState
from phaseout.domain.outbox import UnknownLetter
from phaseout.usecases.explain_draft import title_of
from tests.unit.usecases.papers import SUZHOU


@pytest.fixture
def draft(small_office):
    """The number of Suzhou's supervision letter, after a reminder and an overdue letter."""
    for moment in ("2022-06-02 09:00", "2022-06-06 09:00", "2022-06-08 09:00"):
        small_office.remind(moment)
        small_office.deliver(moment.replace("09:00", "09:05"))
    return next(
        record.id for record in small_office.ledger.letters(states={LetterState.DRAFT}) if record.letter.unit == SUZHOU
    )


def test_it_is_called_by_unit_kind_and_number(small_office, draft):
    expected = f"苏州市督办函（函件编号{draft}）"

    assert title_of(draft, definitions=small_office.definitions, ledger=small_office.ledger) == expected
    assert small_office.explain_draft(draft, "2022-06-08 10:00").title == expected


def test_it_says_what_is_owed_how_late_it_is_and_by_which_clause(small_office, draft):
    assert small_office.explain_draft(draft, "2022-06-10 10:00").reasons == (
        "《工作联系人信息》：截止日期2022年6月3日，未报送，已逾期5个工作日。依据：二（三）末段。",
    )


def test_it_says_what_the_unit_was_told_before_and_when(small_office, draft):
    assert small_office.explain_draft(draft, "2022-06-08 10:00").told == (
        "2022年6月2日报送提示函（已发出）",
        "2022年6月6日逾期催报函（已发出）",
    )


def test_it_says_how_long_the_draft_has_waited(small_office, draft):
    assert small_office.explain_draft(draft, "2022-06-13 10:00").facts == (
        "填报单位：苏州市",
        "收件邮箱：lingdao@suzhou.example",
        "拟稿日期：2022年6月8日，已等待3个工作日",
    )


def test_a_letter_that_there_is_not_cannot_be_explained(small_office):
    with pytest.raises(UnknownLetter, match="no letter 999"):
        small_office.explain_draft(999, "2022-06-08 10:00")
