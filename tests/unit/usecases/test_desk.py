"""The desk (主办处室): whom a letter says to call."""

from dataclasses import replace

import pytest

from phaseout.bootstrap import App
from phaseout.domain.letter import LetterKind
from phaseout.settings import Settings
from tests.spec.letter_facts import RESEND
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU


@pytest.mark.parametrize(
    ("own", "said"),
    [
        pytest.param(None, "025-80000000", id="the campaign's number"),
        pytest.param("025-12345678", "025-12345678", id="the installation's own"),
    ],
)
def test_a_letter_names_the_number_to_call(office, own, said):
    campaign = office.definitions.campaign(CAMPAIGN)
    letter = replace(office.desk(campaign), phone=own).letter(
        LetterKind.RESEND,
        {name: RESEND[name] for name in ("delivery_number", "arrived_at", "subject", "reason")},
        key="a letter",
        campaign=campaign,
        unit=SUZHOU,
        recipient="gxj@suzhou.example",
        as_of=at("2022-08-11 09:00"),
    )

    assert f"联系电话：{said}\n" in office.text(letter).replace("\r\n", "\n")


def test_the_setting_gives_the_number(tmp_path, monkeypatch):
    monkeypatch.setenv("PHASEOUT_OFFICE_PHONE", "025-12345678")
    app = App(Settings(home=tmp_path))

    assert app.desk(app.definitions.campaign(CAMPAIGN)).phone == "025-12345678"
