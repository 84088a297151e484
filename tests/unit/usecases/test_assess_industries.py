"""Assessing (批次审核): a workbook with several industries is one submission for each of them."""

from phaseout.domain.decision import Decision
from phaseout.domain.submission import Outcome
from phaseout.usecases.assess import Assessed
from tests.unit.usecases.office import new_warehouse
from tests.unit.usecases.papers import SUZHOU, survey_of

FERROALLOY, PAPER, LEATHER = (f"320500/summary/survey_summary/{key}" for key in ("ferroalloy", "paper", "leather"))
OTHER = {"enterprise_name": "苏州示例纸业有限公司", "uscc": "913201000000000192", "equip_name": "造纸机"}
WRONG = {**OTHER, "uscc": "91320281MA1TE5T1XX"}


def test_each_industry_has_its_own_rows_findings_and_decision(office):
    content = survey_of({"铁合金": [{}], "造纸": [WRONG], "制革": []})
    assessed = office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", content))

    assert assessed == Assessed(deliveries=1, accepted=2, returned=1)
    assert sorted(office.submissions()) == [
        (f"{FERROALLOY}#1", Decision.ACCEPTED),
        (f"{LEATHER}#1", Decision.ACCEPTED),
        (f"{PAPER}#1", Decision.RETURNED),
    ]
    submissions = {one.industry: one for one in office.ledger.submissions("jiangsu-2022")}
    assert {key: one.is_zero for key, one in submissions.items()} == {
        "ferroalloy": False,
        "paper": False,
        "leather": True,
    }
    assert {key: one.figures["items"] for key, one in submissions.items()} == {
        "ferroalloy": 1,
        "paper": 1,
        "leather": 0,
    }
    assert "SUM-101" in {finding.rule for finding in submissions["paper"].findings}
    assert "SUM-101" not in {finding.rule for finding in submissions["ferroalloy"].findings}
    (answer,) = office.answers()
    text = office.text(answer)
    assert all(f"{industry}，第1版" in text for industry in ("铁合金", "造纸", "制革"))


def test_the_same_file_again_is_a_duplicate_of_all_its_industries(office):
    content = survey_of({"铁合金": [{}], "制革": []})
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", content))
    office.receive("2022-08-08 11:00", SUZHOU, ("表2.xlsx", content))

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert "铁合金表2第1版、制革表2第1版" in office.text(office.answers()[-1])


def test_an_industry_that_is_not_asked_is_refused_and_the_others_are_taken(office):
    content = survey_of({"铁合金": [{}], "水泥": [OTHER]})
    assessed = office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", content))

    assert assessed == Assessed(deliveries=1, accepted=1, refused=1)
    assert office.submissions() == [(f"{FERROALLOY}#1", Decision.ACCEPTED)]


def test_a_check_beforehand_says_the_same(office):
    content = survey_of({"铁合金": [{}], "造纸": [WRONG]})
    found = office.check("2022-08-08 10:00", ("表2.xlsx", content), unit=SUZHOU)

    assert [row["sheet"] for row in found if row["rule"] == "SUM-101"] == ["造纸"]


def test_a_warehouse_made_anew_holds_the_rows_of_each_industry_once(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey_of({"铁合金": [{}], "造纸": [OTHER], "制革": []})))
    fresh = new_warehouse()

    assert office.fill(fresh) == 3
    assert fresh.content_hash() == office.warehouse.content_hash()
