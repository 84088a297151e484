"""Conversations (邮件会话): one for all that is said about one milestone and period of one unit."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.adapters.post.addresses import own_message_id
from phaseout.domain.threads import thread_of, threads_of
from tests.unit.test_escalation import owed

HOST = "office.example"
SUMMARY = replace(owed(date(2022, 8, 12)), industry="paper")
AUGUST = replace(owed(date(2022, 8, 30), name="monthly_progress"), period="2022-08")


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        pytest.param({"industry": "leather", "id": "another"}, True, id="another industry"),
        pytest.param({"due": date(2022, 8, 22), "moves": 1}, True, id="after an extension"),
        pytest.param({"is_paper": True}, True, id="its paper"),
        pytest.param({"unit": "320100"}, False, id="another unit"),
        pytest.param({"milestone": "inventory"}, False, id="another milestone"),
        pytest.param({"period": "2022-08"}, False, id="a period"),
        pytest.param({"campaign": "jiangsu-2023"}, False, id="another year"),
    ],
)
def test_what_belongs_to_one_conversation(changes, is_same):
    another = thread_of(replace(SUMMARY, **changes), host=HOST)

    assert (another == thread_of(SUMMARY, host=HOST)) is is_same
    assert own_message_id(another) == another


def test_a_letter_on_many_industries_belongs_to_one_conversation():
    many = [replace(SUMMARY, industry=industry) for industry in ("paper", "leather", "ferroalloy")]

    assert len(threads_of(many, host=HOST)) == 1


def test_the_last_conversation_stays_the_last():
    summary, august = thread_of(SUMMARY, host=HOST), thread_of(AUGUST, host=HOST)

    assert threads_of([SUMMARY, AUGUST, SUMMARY], host=HOST) == (august, summary)
    assert threads_of([SUMMARY, AUGUST], host=HOST) == (summary, august)
