"""A layout, a field and a rule say in which years they hold; what cannot hold together is shown by file and line."""

import shutil

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.rules import load_suite, load_suite_of
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.domain.form import UnknownYear, in_year
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Sheet, Workbook
from phaseout.domain.years import ALWAYS, Years
from phaseout.settings import PROJECT

HEAD = "id: card\nnumber: null\ntitle: 虚构表\norder: 1\nallows_zero: false\ntotals: [count]\nitem_key: [name]\n"
LAYOUTS = "layouts:\n  - {version: '2022', since: 2022}\n  - {version: '2024', since: 2024, title: 虚构新表}\n"
COLUMNS = """head:
  - {name: unit, label: 填报单位, type: text, role: unit}
columns:
  - {name: name, label: 名称, type: text}
  - {name: count, label: 数量, type: integer, until: 2023}
  - {name: kind, label: 类别, type: text, until: 2023}
  - {name: kind, label: 种类, type: choice, choices: [甲, 乙], since: 2024}
  - {name: power, label: 用电量, type: decimal, since: 2024}
"""
FORM = HEAD + LAYOUTS + COLUMNS
WORDS = "severity: error, title: 甲, message: 乙, expected: 丙, remedy: 丁, basis: 戊"


def form_of(folder, text=FORM):
    (folder / "card.yaml").write_text(text, "utf-8")
    return load_forms(folder)["card"]


def suite_of(folder, *rules, years=""):
    path = folder / "rules.yaml"
    listed = "".join(f"  - {{{rule}, {WORDS}}}\n" for rule in rules)
    path.write_text(f"form: card\ntitle: 虚构\n{years}rules:\n{listed}", "utf-8")
    return path


def labels(form):
    return [field.label for field in form.fields]


def test_each_year_has_its_own_form(tmp_path):
    form = form_of(tmp_path)
    early, late = form.in_year(2023), form.in_year(2025)

    assert labels(early) == ["填报单位", "名称", "数量", "类别"]
    assert labels(late) == ["填报单位", "名称", "种类", "用电量"]
    assert (early.layout_version, late.layout_version) == ("2022", "2024")
    assert (early.title, late.title) == ("虚构表", "虚构新表")
    assert (early.totals, late.totals) == (("count",), ())


def test_over_all_years_each_name_stands_once_with_its_newest_label(tmp_path):
    assert labels(form_of(tmp_path)) == ["填报单位", "名称", "数量", "种类", "用电量"]


def test_every_year_knows_the_titles_of_the_others(tmp_path):
    form = form_of(tmp_path)

    assert [of_years.title_aliases for of_years in form.by_layout] == [("虚构新表",), ("虚构表",)]


@pytest.mark.parametrize(
    "header", [["名称", "数量", "类别"], ["名称", "种类", "用电量"]], ids=["of the older layout", "of the newer layout"]
)
def test_a_sheet_without_a_title_is_recognised_by_the_headers_of_any_year(tmp_path, header):
    form = form_of(tmp_path)
    sheet = Sheet("Sheet1", is_hidden=False, rows=(tuple(header), ("甲", 1.0, 2.0)), merged=())

    assert recognise(Workbook((sheet,)), {"card": form}) == form


def test_a_layout_without_a_last_year_ends_before_the_next(tmp_path):
    assert [layout.years for layout in form_of(tmp_path).layouts] == [Years(2022, 2023), Years(2024)]


def test_a_year_before_the_first_layout_is_unknown(tmp_path):
    form = form_of(tmp_path)

    with pytest.raises(UnknownYear, match="card has no layout for 2021"):
        form.in_year(2021)
    assert in_year({"card": form}, 2021) == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        pytest.param(
            ", until: 2023}\n  - {name: kind, label: 种类",
            "}\n  - {name: kind, label: 种类",
            17,
            "twice",
            id="open end",
        ),
        pytest.param(
            "种类, type: choice, choices: [甲, 乙], since: 2024", "种类, type: text", 17, "twice", id="no years"
        ),
        pytest.param(
            "label: 种类, type: choice, choices: [甲, 乙]", "label: 种类, type: integer", 17, "type", id="a type"
        ),
        pytest.param(
            "label: 种类, type: choice", "label: 种类, personal: true, type: choice", 17, "personal", id="a person"
        ),
        pytest.param(
            "decimal, since: 2024", "decimal, since: 2023", 18, "no layout begins", id="no layout of that year"
        ),
        pytest.param("decimal, since: 2024", "decimal, since: 2024, until: 2022", 18, "after until", id="turned round"),
        pytest.param("since: 2022}", "since: 2022, until: 2024}", 10, "does not begin after", id="layouts overlap"),
        pytest.param("version: '2024'", "version: '2022'", 10, "stands twice", id="a version twice"),
        pytest.param("version: '2024', since: 2024", "version: '2024'", 10, "since", id="a layout without a year"),
        pytest.param("item_key: [name]", "item_key: [count]", 7, "every layout", id="a key that is dropped"),
    ],
)
def test_years_that_do_not_fit_are_shown_by_file_and_line(tmp_path, old, new, line, words):
    assert FORM.count(old) == 1

    with pytest.raises(BadDefinition, match=words) as wrong:
        form_of(tmp_path, FORM.replace(old, new))

    assert (wrong.value.file, wrong.value.line) == (tmp_path / "card.yaml", line)


def test_a_rule_has_the_years_of_its_suite_unless_it_says_its_own(tmp_path):
    path = suite_of(tmp_path, "id: X-1", "id: X-2, since: 2024", "id: X-3, until: 2023", years="since: 2022\n")

    assert [entry.rule.years for entry in load_suite(path)] == [Years(2022), Years(2024), Years(2022, 2023)]
    assert load_suite(suite_of(tmp_path, "id: X-1"))[0].rule.years == ALWAYS


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        pytest.param("id: X-2, until: 2021", "no year", id="before its suite begins"),
        pytest.param("id: X-2, field: count", "layout 2024 has no field count", id="after its field was dropped"),
        pytest.param("id: X-2, field: power", "layout 2022 has no field power", id="before its field came"),
    ],
)
def test_a_rule_that_cannot_hold_in_its_years_is_shown_by_file_and_line(tmp_path, rule, words):
    (tmp_path / "forms").mkdir()
    path = suite_of(tmp_path, "id: X-1", rule, years="since: 2022\n")

    with pytest.raises(BadDefinition, match=words) as wrong:
        load_suite_of(path, form_of(tmp_path / "forms"))

    assert (wrong.value.file, wrong.value.line) == (path, 6)


def test_a_campaign_asks_only_for_forms_of_its_year(tmp_path):
    folder = shutil.copytree(PROJECT / "data/campaigns/jiangsu-2022", tmp_path / "jiangsu-2022")
    head = folder / "campaign.yaml"
    head.write_text(head.read_text("utf-8").replace("year: 2022", "year: 2021"), "utf-8")

    with pytest.raises(BadDefinition, match="no form contact in this year") as wrong:
        load_campaign(folder, forms=FileDefinitions(PROJECT).forms())

    assert wrong.value.file == head


@pytest.mark.parametrize(
    ("years", "inside", "outside"),
    [
        pytest.param(ALWAYS, {1999, 2099}, set(), id="without ends"),
        pytest.param(Years(2022), {2022, 2099}, {2021}, id="from"),
        pytest.param(Years(None, 2022), {1999, 2022}, {2023}, id="to"),
        pytest.param(Years(2022, 2023), {2022, 2023}, {2021, 2024}, id="both"),
    ],
)
def test_the_years_from_to_hold_both_ends(years, inside, outside):
    assert {year for year in inside | outside if year in years} == inside


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (ALWAYS, Years(2022, 2022), True),
        (Years(None, 2022), Years(2022), True),
        (Years(None, 2022), Years(2023), False),
        (Years(2023), Years(2020, 2022), False),
    ],
    ids=["always", "one year in both", "one after the other", "one before the other"],
)
def test_years_overlap_where_one_is_in_both(one, other, overlap):
    assert (one.overlaps(other), other.overlaps(one)) == (overlap, overlap)
