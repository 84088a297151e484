"""The reference pages say what the data says."""

from tools import form_pages


def test_the_page_of_forms_is_up_to_date():
    assert form_pages.FORMS.read_text("utf-8") == form_pages.forms_page()


def test_the_page_of_rules_is_up_to_date():
    assert form_pages.RULES.read_text("utf-8") == form_pages.rules_page()


def test_the_page_of_forms_marks_what_never_enters_the_warehouse():
    lines = [line for line in form_pages.forms_page().splitlines() if "`mobile`" in line]

    assert len(lines) == 1
    assert lines[0].endswith("| 否（个人信息） |")
