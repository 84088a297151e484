"""The reference pages say what the data says."""

import re

import pytest

from tools import cookbook_page, form_pages, warehouse_pages


def test_the_page_of_forms_is_up_to_date():
    assert form_pages.FORMS.read_text("utf-8") == form_pages.forms_page()


def test_the_page_of_rules_is_up_to_date():
    assert form_pages.RULES.read_text("utf-8") == form_pages.rules_page()


def test_the_page_of_forms_marks_what_never_enters_the_warehouse():
    lines = [line for line in form_pages.forms_page().splitlines() if "`mobile`" in line]

    assert len(lines) == 1
    assert lines[0].endswith("| 否（个人信息） |")


def test_the_page_of_the_marts_is_up_to_date():
    assert warehouse_pages.PAGE.read_text("utf-8") == warehouse_pages.warehouse_page()


def test_the_page_of_the_marts_draws_every_table_that_has_rows_of_its_own():
    marts = warehouse_pages.marts()
    joined = [name for name in marts if not name.endswith("_as_of") and name not in {"data_dictionary", "snapshot"}]

    assert [name for name in joined if name not in warehouse_pages.JOINS] == []


def test_a_join_of_the_page_is_by_columns_of_its_tables():
    marts = warehouse_pages.marts()

    for tables, columns in warehouse_pages.JOINED_BY:
        named = [marts[table] for table in re.findall(r"\w+", tables) if table in marts]
        asked = re.findall(r"`(\w+)`", columns.partition(";")[0])
        for mart in named:
            assert set(asked) <= {column for column, *_ in mart.columns} or mart.name == "obligation", (
                mart.name,
                asked,
            )


RECIPES = cookbook_page.recipes()


def test_the_cookbook_is_numbered_without_gaps():
    assert [recipe.number for recipe in RECIPES] == list(range(1, len(RECIPES) + 1))
    assert len(RECIPES) >= 25


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.file for recipe in RECIPES])
def test_the_cookbook_shows_each_query_as_it_stands_in_its_file(recipe):
    page = cookbook_page.PAGE.read_text("utf-8")

    assert "\n".join(cookbook_page.asked(recipe)) in page
    assert recipe.question.endswith("?")
    assert recipe.chinese.endswith("？")
    assert "core." not in recipe.query  # the marts alone are for analysts
