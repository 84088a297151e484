import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("data/sql/**/*.sql"), *ROOT.glob("expectations/rules/*.sql")])
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
CLOCK = re.compile(
    r"\b(now|current_date|current_time|current_timestamp|localtime|localtimestamp|today|transaction_timestamp|get_current_\w+"
    r"|random|uuid|gen_random_uuid)\b",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"\b(read_\w+|attach|copy|install|load|httpfs|export|import)\b\s*(\(|'|database)", re.IGNORECASE)
KEYWORDS = re.compile(
    r"\b(select|from|where|inner join|left join|group by|order by|with|union all|create|insert into)\b"
)


def code_of(path):
    return re.sub(r"--.*", "", path.read_text("utf-8"))


def test_there_are_statements():
    assert len(FILES) > 70


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_statement_asks_no_clock_and_no_chance(path):
    assert not CLOCK.search(code_of(path))


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_statement_reads_and_writes_nothing_outside_the_warehouse(path):
    assert not OUTSIDE.search(code_of(path))


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_statement_says_in_its_first_line_what_it_is_for(path):
    first = path.read_text("utf-8").splitlines()[0]

    assert re.fullmatch(r"-- [A-Z].*[.?]", first)  # a question of the cookbook, or a statement


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_keywords_are_in_upper_case(path):
    without_text = re.sub(r"'[^']*'", "", code_of(path))

    assert not KEYWORDS.search(without_text)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name in {"rules", "prefill", "figures", "mart"}]
)
def test_rows_come_in_a_stated_order(path):
    assert "ORDER BY" in code_of(path)
