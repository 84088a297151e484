"""Acting as the units (扮演各市): in a replay the invented cities mail what they owe, and the office can read it."""

from datetime import date

import pytest

from phaseout.adapters.memory.post import MemoryPost
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.calendar import days_between
from phaseout.domain.invented.year import invent_year
from phaseout.domain.submission import Outcome
from phaseout.usecases.act_as_units import act_as_units
from tests.unit.usecases.office import at, calendar
from tests.unit.usecases.papers import CAMPAIGN


@pytest.fixture
def act(small_office):
    """Return what lets the invented cities act on a day; it yields when the last mail arrived, and the mails."""
    campaign = small_office.definitions.campaign(CAMPAIGN)
    year = invent_year(campaign, small_office.definitions.forms(), calendar=calendar(), seed=1)

    def on(day):
        post = MemoryPost()
        last = act_as_units(
            year,
            campaign,
            day,
            morning=at(f"{day} 08:00"),
            definitions=small_office.definitions,
            calendar=calendar(),
            ledger=small_office.ledger,
            writer=XlsxWriterWorkbooks(),
            post=post,
        )
        return last, post.posted

    return on


def first_mail(act):
    return next(
        (day, last, mails)
        for day in days_between(date(2022, 5, 20), date(2022, 6, 30))
        for last, mails in [act(day)]
        if mails
    )


def test_on_a_day_on_which_nobody_writes_nothing_is_sent(act):
    assert act(date(2022, 5, 21)) == (None, [])


def test_the_office_hears_when_the_last_mail_arrived(act):
    day, last, mails = first_mail(act)

    assert last == max(mail.at for mail in mails)
    assert last.date() == day


def test_the_same_day_brings_the_same_mails(act):
    day, last, mails = first_mail(act)

    assert act(day) == (last, mails)


def test_what_the_units_send_is_real_mail_that_the_office_accepts(small_office, act):
    _, last, mails = first_mail(act)
    for mail in mails:
        files = [(file.name, file.content) for file in mail.files]
        small_office.mail(f"{mail.at:%Y-%m-%d %H:%M}", mail.unit, *files, subject=mail.subject)

    small_office.collect(f"{last:%Y-%m-%d %H:%M}")
    small_office.assess(f"{last:%Y-%m-%d %H:%M}")

    assert [outcome for outcome, _ in small_office.outcomes()] == [Outcome.ACCEPTED] * len(mails)
