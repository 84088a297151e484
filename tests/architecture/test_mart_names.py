"""A mart's column is named as docs/reference/names.md says: its type and its name agree."""

import re

import duckdb
import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse.layout import builder
from phaseout.adapters.duckdb_warehouse.mart_heads import NoGrain, NoKey, head_of
from phaseout.adapters.duckdb_warehouse.statements import SqlFolder
from phaseout.settings import PROJECT

PAGE = PROJECT / "docs" / "reference" / "names.md"
MARTS = sorted(path.stem for path in (PROJECT / "data" / "sql" / "mart").glob("*.sql"))

WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
COUNTS = r"(.*_)?(count|sets|items|enterprises|days)"
PLACES = r"version|.*_version|position|rank|.*_no|.*_revision|.*_year"
RULES = {  # what a column of this type is called
    "DATE": r".*_date",
    "TIMESTAMP": r".*_at",
    "BOOLEAN": r"(is|has)_.*",
    "DOUBLE": rf".*_rate|.*_days|.*_per_.*|{COUNTS}",
    "DECIMAL": r"capacity|output|.*_(capacity|output)",
    "WHOLE": rf"{COUNTS}|{PLACES}|.*_id",
}
ONLY = {  # a column called so is of this type
    r".*_date": {"DATE"},
    r".*_at": {"TIMESTAMP"},
    r"(is|has)_.*": {"BOOLEAN"},
    r".*_rate": {"DOUBLE"},
    r".*_count": WHOLE,
    r"(?!is_).*_(code|key|name|month|unit)|period": {"VARCHAR"},
}
FIXED = {  # names that others depend on, each with its reason on the page
    ("obligation", "days_late"),
    ("obligation", "versions"),
    ("obligation", "open_findings"),
    *(
        (table, column)
        for table in ("completeness", "unit_measure")
        for column in ("expected", "received", "on_time", "accepted", "accepted_first_time")
    ),
}


@pytest.fixture(scope="module")
def columns():
    """Return type by table and column, of an empty warehouse."""
    with duckdb.connect() as connection:
        builder(FileDefinitions(PROJECT).forms(), SqlFolder(PROJECT / "data" / "sql"))(connection)
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM mart.data_dictionary WHERE column_name IS NOT NULL"
        ).fetchall()
    return {(table, column): re.sub(r"\(.*", "", kind) for table, column, kind in rows}


def fixed(table, column):
    return (table.removesuffix("_as_of"), column) in FIXED


def family(kind):
    return "WHOLE" if kind in WHOLE else kind


@pytest.mark.parametrize("mart", MARTS)
def test_a_columns_type_says_how_it_is_called(columns, mart):
    misnamed = [
        (column, kind)
        for (table, column), kind in columns.items()
        if table == mart and not fixed(table, column) and not re.fullmatch(RULES.get(family(kind), ".*"), column)
    ]

    assert misnamed == []


@pytest.mark.parametrize("mart", MARTS)
def test_a_columns_name_says_of_what_type_it_is(columns, mart):
    mistyped = [
        (column, kind)
        for (table, column), kind in columns.items()
        for name, kinds in ONLY.items()
        if table == mart and re.fullmatch(name, column) and kind not in kinds
    ]

    assert mistyped == []


def test_an_amount_stands_beside_its_unit_of_measure(columns):
    amounts = [table for (table, column), kind in columns.items() if kind == "DECIMAL"]

    assert amounts
    assert [table for table in amounts if (table, "capacity_unit") not in columns] == []


def test_an_as_of_macro_has_the_columns_of_its_table(columns):
    def of(mart):
        return {column for table, column in columns if table == mart}

    asked = [mart for mart in MARTS if mart.endswith("_as_of")]
    assert {mart: of(mart) ^ of(mart.removesuffix("_as_of")) for mart in asked} == {mart: set() for mart in asked}


def test_every_exception_exists_and_stands_on_the_page_with_its_reason(columns):
    rows = [line for line in PAGE.read_text("utf-8").split("## Exceptions")[1].splitlines() if line.startswith("| `")]

    for table, column in FIXED:
        assert (table, column) in columns
        assert any(f"`{table}`" in row and f"`{column}`" in row for row in rows)


def test_the_page_tells_each_ending():
    page = PAGE.read_text("utf-8")

    endings = ("_date", "_at", "_rate", "_count", "_sets", "_items", "_days", "_id", "_code", "_key", "is_", "has_")
    assert [ending for ending in endings if f"`{ending}`" not in page] == []


FORMS = FileDefinitions(PROJECT).forms()
HEADS = {mart: head_of(mart, (PROJECT / "data" / "sql" / "mart" / f"{mart}.sql").read_text("utf-8")) for mart in MARTS}


def chosen():
    """Yield mart, column, words and choices wherever a column tells a field that has choices."""
    for mart, head in HEADS.items():
        for column, words in head.columns.items():
            for form, name in re.findall(r"\(\{(\w+)\.(\w+)\}\)", words):
                choices = FORMS[form].field(name).choices
                if choices and not name.endswith("_unit"):  # units of measure are told by the page of forms
                    yield pytest.param(words, choices, id=f"{mart}.{column}")


@pytest.mark.parametrize(("words", "choices"), chosen())
def test_a_column_of_a_closed_list_tells_every_word_of_it(words, choices):
    assert [choice for choice in choices if choice not in words] == []


HEADED = """\
-- The units.
-- Grain: one row is one unit
-- Key: campaign_id, unit_code
-- $as_of: an instant
-- unit_code: its code
CREATE VIEW mart.unit AS
"""


def test_a_head_says_grain_key_parameters_and_columns():
    head = head_of("unit", HEADED)

    assert head.description == "The units."
    assert head.grain == "one row is one unit"
    assert head.key == ("campaign_id", "unit_code")
    assert head.parameters == {"as_of": "an instant"}
    assert head.columns == {"unit_code": "its code"}


@pytest.mark.parametrize(
    ("missing", "refusal"),
    [pytest.param("-- Grain", NoGrain, id="no grain"), pytest.param("-- Key", NoKey, id="no key")],
)
def test_a_head_without_grain_or_key_is_refused(missing, refusal):
    text = "\n".join(line for line in HEADED.splitlines() if not line.startswith(missing))

    with pytest.raises(refusal, match=r"data/sql/mart/unit\.sql"):
        head_of("unit", text)
