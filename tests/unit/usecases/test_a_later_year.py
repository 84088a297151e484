"""A later year's forms and rules are rows of data: an invented 2023 beside 2022, in one office and one warehouse."""

import io
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.decision import Decision
from phaseout.domain.submission import Outcome
from phaseout.ports import FormSheet, FormStamp
from phaseout.settings import PROJECT
from phaseout.usecases.write_forms import write_forms
from tests.unit.usecases.office import MAILBOX, Office, calendar
from tests.unit.usecases.papers import BODY, CAMPAIGN, FURNACE, SUZHOU, contact_form, place, survey

LATER = "jiangsu-2023"

# What the office writes for 2023: a new layout, one column renamed, one dropped, one added, rules to match.
LAYOUT = "  - {version: '2023', since: 2023, title: 2023年企业生产工艺装备情况调查汇总表}\n"
ENERGY = "  - {name: energy, label: 年用电量（万千瓦时）, type: decimal, required: true, since: 2023}\n"
RENAMED = "  - {name: output, label: 2022年产量, type: decimal, since: 2023}\n"
WORDS = "severity: warning, title: 甲, message: 乙, expected: 丙, remedy: 丁, basis: 虚构"
RULES = f"""
  - {{id: SUM-901, {WORDS}, field: energy, since: 2023,
     expectation: {{type: expect_column_to_be_filled, kwargs: {{column: energy}}}}}}
  - {{id: SUM-902, {WORDS}, since: 2023, sql: SUM-902.sql}}
"""
SEVENS = """-- Rows of seven machines.
SELECT submission_id, row_id
FROM stage_survey_summary
WHERE equip_count = 7
ORDER BY row_id;
"""


def change(path, *pairs):
    """Replace texts of a file that stand in it once."""
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def after(path, start, line):
    """Put a line behind the one that starts so."""
    (found,) = [known for known in path.read_text("utf-8").splitlines(keepends=True) if known.startswith(start)]
    change(path, (found, found + line))


def dated(path, start, years):
    """Give the field or rule of the line that starts so its years."""
    (found,) = [known for known in path.read_text("utf-8").splitlines(keepends=True) if known.startswith(start)]
    change(path, (found, found.replace("{name", f"{{{years}, name") if "{name" in found else f"{found}    {years}\n"))


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Return a copy of the project's data in which the office has prepared 2023."""
    root = tmp_path_factory.mktemp("office")
    for folder in ("data", "expectations"):
        shutil.copytree(PROJECT / folder, root / folder)
    form, rules = root / "data/forms/survey_summary.yaml", root / "expectations/survey_summary.yaml"
    after(form, "  - {version:", LAYOUT)
    after(form, "  - {name: output", RENAMED)
    dated(form, "  - {name: output, label: 2021年产量", "until: 2022")
    dated(form, "  - {name: process", "until: 2022")
    after(form, "  - {name: measure", ENERGY)
    dated(rules, "  - id: SUM-113", "until: 2022")  # asks for the process
    rules.write_text(rules.read_text("utf-8") + RULES, "utf-8")
    (root / "expectations/rules/SUM-902.sql").write_text(SEVENS, "utf-8")
    dated(root / "expectations/reading.yaml", "  - id: READ-006", "until: 2022")  # a number that is none
    later = shutil.copytree(root / "data/campaigns" / CAMPAIGN, root / "data/campaigns" / LATER) / "campaign.yaml"
    later.write_text(later.read_text("utf-8").replace("2023", "2024").replace("2022", "2023"), "utf-8")
    return root


class TwoYears(FileDefinitions):
    """Both campaigns for two cities with one industry."""

    def campaign(self, campaign):
        whole = super().campaign(campaign)
        units = [replace(unit, industries=("ferroalloy",)) for unit in whole.units if unit.code in MAILBOX]
        return replace(whole, units=tuple(units))


@pytest.fixture(scope="session")
def definitions(project):
    return TwoYears(project)


@pytest.fixture(scope="session")
def checker(definitions):
    return GxChecker(definitions.suites())


def warehouse_of(definitions, project):
    return DuckDbWarehouse(
        None,
        forms=definitions.forms(),
        entries=definitions.suites(),
        sql_folder=project / "data" / "sql",
        rules_folder=project / "expectations" / "rules",
    )


@pytest.fixture
def warehouse(definitions, project):
    opened = warehouse_of(definitions, project)
    yield opened
    opened.close()


@pytest.fixture
def office(definitions, checker, warehouse):
    class OfficeOfTwoYears(Office):
        @property
        def tools(self):
            return replace(super().tools, checker=checker)

    return OfficeOfTwoYears(warehouse=warehouse, definitions=definitions)


@pytest.fixture
def both(office):
    """Return an office whose two campaigns are open."""
    office.open("2022-05-20 08:00")
    office.open("2023-05-22 08:00", campaign=LATER)
    return office


def survey_of_2023(definitions, **row):
    """Return a 表2 in the layout of 2023; *row* says in what it differs from one outdated furnace."""
    whole = {
        **place(SUZHOU),
        **FURNACE,
        "product": "硅锰合金",
        "capacity": Decimal("5.5"),
        "capacity_unit": "万吨",
        "output": Decimal("3.9"),
        "energy": Decimal(4200),
        "is_outdated": True,
        "catalogue_ref": "三/一",
        "checked_on": date(2023, 7, 14),
        "measure": "拆除",
        "plan_date": date(2023, 10, 31),
        **row,
    }
    head = {"reporting_unit": BODY[SUZHOU], "industry": "铁合金", "filled_on": date(2023, 8, 4)}
    return XlsxWriterWorkbooks().write(
        definitions.forms()["survey_summary"].in_year(2023),
        [FormSheet("Sheet1", head, [whole])],
        stamp=FormStamp(LATER, SUZHOU, "ferroalloy", None),
        choices={},
    )


def without_stamp(content):
    """Return a workbook of ours without the hidden sheet, as after its cells were copied into a new file."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["_phaseout"]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def blank(office, campaign):
    """Return the texts and the stamp of the blank 表2 of a campaign."""
    files = write_forms(
        campaign,
        units=(SUZHOU,),
        period=None,
        definitions=office.definitions,
        calendar=calendar(),
        forms=office.form_files,
    )
    (content,) = [file.content for file in files if "表2" in file.name]
    book = openpyxl.load_workbook(io.BytesIO(content))
    texts = {cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell}
    return texts, dict(book["_phaseout"].iter_rows(min_row=1, max_row=3, max_col=2, values_only=True))


def decisions(office):
    return {
        campaign: [submission.decision for submission in office.ledger.submissions(campaign)]
        for campaign in (CAMPAIGN, LATER)
    }


def findings(office, campaign):
    return {finding.rule for submission in office.ledger.submissions(campaign) for finding in submission.findings}


@pytest.mark.parametrize(
    ("campaign", "asked", "not_asked", "version"),
    [
        pytest.param(
            CAMPAIGN,
            {"企业生产工艺装备情况调查汇总表", "2021年产量", "生产工艺"},
            {"2022年产量", "年用电量（万千瓦时）"},
            "2022",
            id="of 2022",
        ),
        pytest.param(
            LATER,
            {"2023年企业生产工艺装备情况调查汇总表", "2022年产量", "年用电量（万千瓦时）"},
            {"2021年产量", "生产工艺"},
            "2023",
            id="of 2023",
        ),
    ],
)
def test_a_blank_form_is_that_of_its_campaigns_year(office, campaign, asked, not_asked, version):
    texts, stamp = blank(office, campaign)

    assert asked <= texts
    assert not not_asked & texts
    assert stamp == {"form": "survey_summary", "layout_version": version, "campaign": campaign}


def test_the_files_of_each_year_are_read_by_their_own_layout_into_one_warehouse(both, definitions, project):
    both.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    both.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey_of_2023(definitions)))

    assert decisions(both) == {CAMPAIGN: [Decision.ACCEPTED], LATER: [Decision.ACCEPTED]}
    assert not [rule for rule in findings(both, CAMPAIGN) | findings(both, LATER) if rule.startswith("READ-")]
    again = warehouse_of(definitions, project)
    both.fill(again)
    assert again.content_hash() == both.warehouse.content_hash()
    assert rows_of(again) == [
        (CAMPAIGN, Decimal("4.1000"), "矿热炉冶炼", None),
        (LATER, Decimal("3.9000"), None, Decimal("4200.0000")),
    ]
    again.close()


def rows_of(warehouse):
    connection = warehouse._database.connection()  # noqa: SLF001 - looks into the core layer
    return connection.execute(
        "SELECT campaign_id, output, process, energy FROM core.survey_summary_current ORDER BY campaign_id"
    ).fetchall()


def test_a_file_answers_the_campaign_whose_layout_it_says_it_has(both):
    both.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert [len(of_campaign) for of_campaign in decisions(both).values()] == [1, 0]


def test_last_years_form_is_refused_by_what_it_says_of_itself(office):
    office.open("2023-05-22 08:00", campaign=LATER)
    office.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.REFUSED]
    (answer,) = office.answers()
    assert "报表版式不是本年度下发的版式：2022版" in office.text(answer)
    assert "请使用本年度下发的报表" in office.text(answer)


def test_last_years_form_that_says_nothing_of_itself_lacks_the_new_column(office):
    office.open("2023-05-22 08:00", campaign=LATER)
    office.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", without_stamp(survey({}))))

    (submission,) = office.ledger.submissions(LATER)
    missing = [finding for finding in submission.findings if finding.rule == "READ-001"]
    assert submission.decision is Decision.RETURNED
    assert [finding.field_label for finding in missing] == ["年用电量（万千瓦时）"]


def test_a_rule_runs_only_in_its_years(both, definitions):
    both.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({"process": None, "equip_count": 7})))
    both.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey_of_2023(definitions, energy=None, equip_count=7)))

    assert findings(both, CAMPAIGN) & {"SUM-113", "SUM-901", "SUM-902"} == {"SUM-113"}
    assert findings(both, LATER) & {"SUM-113", "SUM-901", "SUM-902"} == {"SUM-901", "SUM-902"}


def test_a_rule_of_reading_counts_only_in_its_years(both, definitions):
    both.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({"output": "约4"})))
    both.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey_of_2023(definitions, output="约4")))

    assert ("READ-006" in findings(both, CAMPAIGN), "READ-006" in findings(both, LATER)) == (True, False)


def test_the_bytes_of_last_year_can_be_filed_this_year_once(both):
    form = ("联系人.xlsx", contact_form())
    both.receive("2022-05-31 10:00", SUZHOU, form)
    both.receive("2023-05-31 10:00", SUZHOU, form)
    both.receive("2023-06-01 10:00", SUZHOU, form)

    assert [len(of_campaign) for of_campaign in decisions(both).values()] == [1, 1]
    assert [outcome for outcome, _ in both.outcomes()][2] is Outcome.DUPLICATE


def test_the_bytes_of_last_year_that_answer_last_year_are_a_duplicate_still(both):
    both.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    both.receive("2023-08-07 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert [len(of_campaign) for of_campaign in decisions(both).values()] == [1, 0]
    assert both.outcomes()[1][0] is Outcome.DUPLICATE
