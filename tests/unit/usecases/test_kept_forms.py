"""A form that stays below (基层收存): handed down blank, checked like any other, refused when sent up."""

import io

import openpyxl
import pytest

from phaseout.domain.obligation import Standing
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Outcome
from phaseout.usecases.write_forms import write_forms
from tests.unit.usecases.office import Office, calendar, workbook_reader
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, card, progress, survey

CHECKED = "2022-07-20 10:00"
REFUSED = "本表由县（市、区）工业和信息化主管部门收存，不需上报"
OTHER = {"enterprise_name": "苏州示例矿业有限公司", "uscc": "91350100M000100Y43"}


def found(findings):
    return [(row["rule"], row["cell"]) for row in findings]


def merged(content, *letters):
    """Return a card of two rows whose cells in some columns are one, as a spreadsheet merges them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Sheet1"]
    first = next(row for row in range(1, 40) if sheet.cell(row, 1).value == 1)
    for letter in letters:
        sheet.merge_cells(f"{letter}{first}:{letter}{first + 1}")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def without_title(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Sheet1"]["A1"], book["Sheet1"]["A2"] = None, "登记"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def written(office, *units, period=None):
    files = write_forms(
        CAMPAIGN,
        units=units,
        period=period,
        definitions=office.definitions,
        calendar=calendar(),
        forms=office.form_files,
    )
    return {file.name: file.content for file in files if "表1" in file.name}


# Handing down


def test_every_unit_gets_one_blank_card_to_hand_down(small_office):
    assert list(written(small_office)) == ["无锡市-表1.xlsx", "苏州市-表1.xlsx"]


def test_a_months_forms_come_without_the_card(small_office):
    assert written(small_office, period="2022-08") == {}


def test_a_blank_card_offers_the_units_own_counties_and_the_industries(small_office):
    book = openpyxl.load_workbook(io.BytesIO(written(small_office, SUZHOU)["苏州市-表1.xlsx"]))
    rules = [rule.formula1 for rule in book["表1"].data_validations.dataValidation if rule.type == "list"]
    hidden = {str(cell.value) for row in book["_phaseout"].iter_rows() for cell in row}
    offered = hidden | {word for rule in rules for word in rule.strip('"').split(",")}

    assert {"吴中区", "昆山市", "苏州市", "铁合金", "印染", "半停产", "待定", "生物质"} <= offered
    assert not {"江阴市", "无锡市"} & offered


def test_a_blank_card_says_under_which_city_it_is_kept(small_office):
    sheet = openpyxl.load_workbook(io.BytesIO(written(small_office, WUXI)["无锡市-表1.xlsx"]))["表1"]
    said = {str(cell.value) for row in sheet.iter_rows() for cell in row}

    assert {"[表1]", "企业生产工艺装备情况调查登记表", "无锡市工业和信息化局", "无锡市"} <= said


# Checking beforehand


def test_a_card_that_is_right_has_no_findings(office):
    assert office.check(CHECKED, ("表1.xlsx", card({}))) == []


def test_a_card_is_checked_before_the_campaign_is_open_and_without_naming_the_unit(office):
    spoiled = card({}, uscc="91320281MA1TE5T1XX")

    assert found(Office().check(CHECKED, ("表1.xlsx", spoiled))) == [("CARD-101", "P3")]
    assert found(office.check(CHECKED, ("表1.xlsx", spoiled), unit=SUZHOU)) == [("CARD-101", "P3")]


def test_products_may_be_merged_over_the_machines_of_several_lines(office):
    below = dict.fromkeys(("product", "capacity", "capacity_unit", "output", "feed", "process"))
    second = {"line_name": "2号生产线", "line_capacity": 3, "equip_model": "HTK-B", **below}
    content = merged(card({"line_capacity": 2.5}, second), *"BCDEFG")

    assert office.check(CHECKED, ("表1.xlsx", content)) == []


@pytest.mark.parametrize(
    ("row", "head", "rule", "cell"),
    [
        pytest.param({}, {"legal_rep": None}, "CARD-109", "P6", id="nobody is the legal representative"),
        pytest.param(
            {}, {"longitude": 31.26, "latitude": 120.6}, "CARD-143", "E7", id="longitude and latitude swapped"
        ),
        pytest.param({}, {"county": "江阴市"}, "CARD-305", "P5", id="a county of another city"),
        pytest.param({}, {"city": "无锡市"}, "CARD-304", "E5", id="another city"),
        pytest.param({"output": 6.7}, {}, "CARD-133", "E20", id="more output than the capacity allows"),
        pytest.param({"line_capacity": 5}, {}, "CARD-302", "M20", id="lines with too little capacity"),
        pytest.param({"equip_count": 0}, {}, "CARD-131", "K20", id="no machine"),
        pytest.param({"fuel": None}, {}, "CARD-312", "Q20", id="a furnace without fuel"),
        pytest.param({"commissioned": "2022-08"}, {}, "CARD-311", "O20", id="in production after the check"),
        pytest.param({"catalogue_ref": None}, {}, "CARD-161", "S20", id="no clause of the catalogue"),
        pytest.param({"measure": "改造"}, {}, "CARD-164", "T20", id="改造 of outdated equipment"),
        pytest.param({"plan_date": "2022-12-01"}, {}, "CARD-165", "U20", id="planned after the last day"),
        pytest.param({}, {"checked_by": "吴示例"}, "CARD-174", "C23", id="checked by one person"),
        pytest.param({}, {"is_true_and_complete": False}, "CARD-181", "E22", id="no commitment"),
        pytest.param(
            {"origin": None}, {"industry": "印染"}, "CARD-167", "P20", id="dyeing equipment of unknown origin"
        ),
    ],
)
def test_a_fault_is_found_at_its_cell(office, row, head, rule, cell):
    assert (rule, cell) in found(office.check(CHECKED, ("表1.xlsx", card(row, **head))))


@pytest.mark.parametrize(
    ("checked_by", "is_enough"),
    [
        ("吴示例、郑示例", True),
        ("吴示例 郑示例", True),
        ("吴示例\n郑示例", True),
        ("吴示例，郑示例，王示例", True),
        ("吴示例和郑示例", True),
        ("吴示例", False),
        ("吴　例", False),
        ("吴和平", False),
        ("吴示例、", False),
    ],
)
def test_two_people_check_a_card(office, checked_by, is_enough):
    rules = [rule for rule, _ in found(office.check(CHECKED, ("表1.xlsx", card({}, checked_by=checked_by))))]

    assert rules == ([] if is_enough else ["CARD-174"])


@pytest.mark.parametrize(
    ("written_as", "rules"),
    [("在产", []), ("在生产", []), ("取缔关闭", []), ("生产中", ["READ-009"])],
)
def test_a_production_state_may_be_called_by_another_name(office, written_as, rules):
    assert [rule for rule, _ in found(office.check(CHECKED, ("表1.xlsx", card({}, status=written_as))))] == rules


def test_cards_of_a_county_are_checked_together_and_held_against_each_other(office):
    files = [
        ("甲.xlsx", card({})),
        ("乙.xlsx", card({}, **OTHER)),
        ("丙.xlsx", card({}, enterprise_name="苏州市示例合金有限公司")),
    ]

    findings = office.check(CHECKED, *files)

    assert [(row["file"], row["rule"]) for row in findings] == [("丙.xlsx", "CARD-303")]


@pytest.mark.parametrize(
    ("head", "finding"),
    [
        pytest.param({"status": "停工"}, ("READ-009", "P11"), id="what cannot be read is not also called empty"),
        pytest.param({"legal_rep": None}, ("CARD-109", "P6"), id="an empty cell"),
        pytest.param({"county": "江阴市"}, ("CARD-305", "P5"), id="a county of another city"),
    ],
)
def test_a_fault_of_the_head_is_told_once_however_many_machines_there_are(office, head, finding):
    content = card({}, {"equip_model": "HTK-B"}, {"equip_model": "HTK-C"}, **head)

    assert found(office.check(CHECKED, ("表1.xlsx", content))) == [finding]


def test_a_card_with_findings_has_a_marked_copy(office):
    copies = []
    office.check(CHECKED, ("表1.xlsx", card({}, county="江阴市")), keep=copies.append)

    assert [copy.name for copy in copies] == ["批注件-表1.xlsx"]


def test_a_card_of_another_city_is_refused_when_the_unit_is_named(office):
    (row,) = office.check(CHECKED, ("表1.xlsx", card({})), unit=WUXI)

    assert (row["rule"], row["found"]) == ("wrong_unit", "苏州市工业和信息化局")


def test_checking_a_card_leaves_nothing_in_the_warehouse(office):
    office.catch_up()
    before = office.warehouse.content_hash()

    office.check(CHECKED, ("表1.xlsx", card({})))

    assert office.warehouse.content_hash() == before


def test_a_finding_quotes_no_name_of_a_person(office):
    findings = office.check(CHECKED, ("表1.xlsx", card({}, checked_by="吴示例", contact_phone="83000001")))

    assert {"CARD-174", "CARD-152"} == {row["rule"] for row in findings}
    assert "吴示例" not in str(findings)
    assert "83000001" not in str(findings)


# Sending up


def test_a_card_that_is_sent_up_by_mail_is_refused_with_its_own_words(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表1.xlsx", card({})))

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.REFUSED]
    assert office.submissions() == []
    text = office.text(office.answers()[0])
    assert REFUSED in text
    assert "[表2]企业生产工艺装备情况调查汇总表" in text


def test_a_card_that_is_put_into_the_folder_is_refused_as_well(office):
    office.drop(SUZHOU, "表1.xlsx", card({}))
    office.collect("2022-08-08 10:00")
    office.assess("2022-08-08 10:00")

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.REFUSED]
    assert REFUSED in office.text(office.answers()[0])


def test_a_card_changes_nothing_about_what_is_owed(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表1.xlsx", card({})), ("表2.xlsx", survey({})))

    assert [submission for submission, _ in office.submissions()] == ["320500/summary/survey_summary/ferroalloy#1"]
    assert office.view("320500/summary/survey_summary/paper", "2022-08-08 11:00").standing is Standing.OPEN


# Telling it from 表2


@pytest.mark.parametrize("changed", [lambda content: content, without_title], ids=["with its title", "without"])
@pytest.mark.parametrize(
    ("content", "form"),
    [(card({}), "enterprise_card"), (survey({}), "survey_summary"), (progress({}), "progress")],
    ids=["表1", "表2", "表3"],
)
def test_a_card_is_told_from_the_forms_that_are_sent_up(office, content, form, changed):
    workbook = workbook_reader().read(changed(content))

    assert recognise(workbook, office.definitions.forms()).id == form
