"""How a finding (问题) says what was found, as an official writes it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from phaseout.domain.calendar import CHINA
from phaseout.domain.finding_text import say


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        pytest.param(None, "空", id="nothing"),
        pytest.param(True, "是", id="a flag"),
        pytest.param(date(2022, 8, 12), "2022年8月12日", id="a day"),
        pytest.param(datetime(2022, 8, 12, 9, 5, tzinfo=CHINA), "2022年8月12日", id="an instant"),
        pytest.param(timedelta(minutes=2, seconds=0.5), "120.5秒", id="a cell that a spreadsheet made a duration"),
        pytest.param(Decimal("5.500"), "5.5", id="a decimal number"),
        pytest.param(0.1, "0.1", id="a number as a spreadsheet keeps it"),
        pytest.param(" 两\n台 ", "两 台", id="a text over several lines"),
    ],
)
def test_a_fact_is_said_as_an_official_writes_it(fact, said):
    assert say(fact) == said
