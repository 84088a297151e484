"""What a pass newly did, in a few words."""

import pytest

from phaseout.domain.finding import Finding, Severity
from phaseout.domain.happened import trouble_of


def finding(title, severity=Severity.ERROR):
    return Finding("R-1", severity, title, "", "", "表.xlsx")


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param([finding("电话存疑", Severity.WARNING)], "", id="what sends nothing back"),
        pytest.param([finding("联系人未填写")], "联系人未填写", id="one"),
        pytest.param([finding("日期有误"), finding("日期有误")], "日期有误等2处", id="the same in two places"),
        pytest.param([finding("甲"), finding("乙"), finding("丙")], "甲；乙等3处", id="the first two of many"),
    ],
)
def test_trouble_is_told_by_the_titles_of_what_sends_a_form_back(findings, words):
    assert trouble_of(findings) == words
