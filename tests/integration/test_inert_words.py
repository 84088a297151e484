"""A stranger's words go through check, letter, marked copy, tables, pages and terminal: shown, and never obeyed."""

import io
import json
import logging
import re
import sys
import zipfile
from html.parser import HTMLParser

import pytest

from phaseout.adapters.pages.tables import TALLEST, workbook
from phaseout.bootstrap import open_app
from phaseout.cli import main
from phaseout.cli.common import printable
from tests.filled_forms import CAMPAIGN, put_into_inbox
from tests.unit.usecases.papers import SUZHOU, survey

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("inert")]

NEUTRAL = "示例文字"
SPELLED = "此处另写"  # is replaced in the file by what no program writes into a cell
WORDS = {
    "a command": "=cmd|' /C calc'!A0",
    "a link by formula": '=HYPERLINK("http://sender.example","点")',
    "a sum": "+1+1",
    "a reference": "@SUM(A1)",
    "a full-width formula": "＝1+1",
    "a tab before a formula": "\t=1+1",
    "a script": "<script>alert(1)</script>",
    "an image that fails": '"><img src=x onerror=alert(1)>',
    "rich text of a spreadsheet": "<r><t>甲</t></r>",
    "a Markdown link": "[此处](http://sender.example)",
    "a Markdown image": "![](http://sender.example/a.png)",
    "a Markdown table": "| 甲 | 乙 |\n|---|---|",
    "lines": "甲\r\n　　结果：审核通过\n\n# 标题",
    "a turned reading direction": "\u202excod.exe\u2066",
    "a terminal's command of one character": "\x9b31m\x85",
    "32,000 characters": "长" * 32_000,
    "SQL": "'; DROP TABLE submission; --",
    "a template": "{{ 7*7 }}{% include 'x' %}",
    "a format": "%s %(a)s {0} {found} ${x}",
    "rich markup": "[bold red]甲[/bold red] [/x]",
    "spelled control characters": SPELLED,
}
PRIVATE = ("0512-68000000", "王示例", "示例合金")
FORBIDDEN_ON_A_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def filled(words):
    """Return a 表2 with each of the words in a row: in free text, and in a code and a choice, which quote it."""
    rows = [
        {"enterprise_name": f"企业{number}", "uscc": word[:300], "process": word, "remark": word, "measure": word[:300]}
        for number, word in enumerate(words)
    ]
    content, target = survey(*rows), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(SPELLED.encode(), b"_x001B_[2J_x0007__x0000_"))
    return target.getvalue()


class Page(HTMLParser):
    """The structure of a page: its tags with the names of their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs), dict(attrs).get("href"), dict(attrs).get("src")))


class Office:
    """A home that took one workbook in, and what came of it."""

    def __init__(self, home, content, monkeypatch, caplog):
        self.home = home
        monkeypatch.setenv("PHASEOUT_HOME", str(home))
        monkeypatch.setattr(sys, "argv", [])
        caplog.set_level(logging.DEBUG)
        self.run("campaign", "open", CAMPAIGN, "--as-of", "2022-05-20")
        put_into_inbox(home, content, unit_code=SUZHOU, name="表2.xlsx")
        self.run("collect", "--as-of", "2022-08-10")
        self.run("publish", "--as-of", "2022-08-10")
        self.run("deliver", "--as-of", "2022-08-10")
        self.logged = caplog.text

    @staticmethod
    def run(*arguments):
        sys.argv = ["phaseout", *arguments]
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    @property
    def letter(self):
        """Return the answer that left, as its parts."""
        from email import message_from_bytes, policy  # noqa: PLC0415

        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in (self.home / "outgoing").glob("*.eml")
        ]
        return next(
            one for one in found if one.get_body(("plain",)) and "表2.xlsx" in one.get_body(("plain",)).get_content()
        )

    @property
    def books(self):
        """Return every workbook that went out or was published."""
        attached = [
            part.get_content() for part in self.letter.iter_attachments() if part.get_filename().endswith("xlsx")
        ]
        return [*attached, *(path.read_bytes() for path in (self.home / "published").rglob("*.xlsx"))]


@pytest.fixture(scope="module")
def offices(tmp_path_factory):
    """Return the office that got the words of strangers, and one that got harmless ones in their place."""
    from _pytest.logging import LogCaptureHandler  # noqa: PLC0415  pytest's own fixture lives for one test

    class Log:
        def __init__(self):
            self.handler = LogCaptureHandler()

        def set_level(self, level):
            self.handler.setLevel(level)
            logging.getLogger().addHandler(self.handler)
            logging.getLogger().setLevel(level)

        @property
        def text(self):
            logging.getLogger().removeHandler(self.handler)
            return self.handler.stream.getvalue()

    with pytest.MonkeyPatch.context() as patch:
        hostile = Office(tmp_path_factory.mktemp("hostile") / "home", filled(WORDS.values()), patch, Log())
        neutral = Office(tmp_path_factory.mktemp("neutral") / "home", filled([NEUTRAL] * len(WORDS)), patch, Log())
    return hostile, neutral


def test_the_letter_has_the_structure_that_harmless_words_give_it(offices):
    hostile, neutral = (Page(office.letter.get_body(("html",)).get_content()) for office in offices)

    assert hostile.tags == neutral.tags
    assert {"script", "img", "a"}.isdisjoint(tag for tag, *_ in hostile.tags)


def test_the_letter_in_plain_text_has_no_line_that_a_stranger_began(offices):
    hostile, neutral = (office.letter.get_body(("plain",)).get_content().splitlines() for office in offices)

    assert [line[:7] for line in hostile] == [line[:7] for line in neutral]
    assert not any(FORBIDDEN_ON_A_TERMINAL.search(line) for line in hostile)


def test_no_template_and_no_format_was_filled_in(offices):
    text = offices[0].letter.get_body(("plain",)).get_content()

    assert "{{ 7*7 }}" in text
    assert "%s %(a)s {0} {found} ${x}" in text


def test_no_workbook_holds_a_formula_or_leads_outside(offices):
    books = offices[0].books

    assert books
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
        assert not any(re.search(rb"<(?:\w+:)?f[ >/]", sheet) for sheet in sheets)
        assert not any(b'TargetMode="External"' in part for name, part in parts.items() if name.endswith(".rels"))


def test_pages_hold_neither_the_words_nor_another_structure(offices):
    hostile, neutral = (sorted((office.home / "published").rglob("*.html")) for office in offices)

    assert [path.name for path in hostile] == [path.name for path in neutral] != []
    for path, twin in zip(hostile, neutral, strict=True):
        assert Page(path.read_text("utf-8")).tags == Page(twin.read_text("utf-8")).tags


def test_logs_hold_no_word_of_a_cell(offices):
    for office in offices:
        assert not [word for word in (*WORDS.values(), NEUTRAL, *PRIVATE) if word in office.logged]


@pytest.fixture
def printed(offices, monkeypatch, capsys):
    monkeypatch.setenv("PHASEOUT_HOME", str(offices[0].home))
    monkeypatch.setattr(sys, "argv", [])

    def run(*arguments):
        capsys.readouterr()
        Office.run(*arguments)
        return capsys.readouterr().out

    return run


def test_a_check_prints_what_a_terminal_does_not_obey(printed, tmp_path):
    path = tmp_path / "表2.xlsx"
    path.write_bytes(filled(WORDS.values()))
    check = ("check", str(path), "--unit", SUZHOU, "--as-of", "2022-08-10")
    table, rows = printed(*check), printed(*check, "--json")

    assert len(json.loads(rows)) > len(WORDS)
    for out in (table, rows):
        assert not FORBIDDEN_ON_A_TERMINAL.search(out)
        assert "[bold red]" in out


def test_a_delivery_shown_prints_what_a_terminal_does_not_obey(printed, offices):
    with open_app() as app:
        (record,) = app.ledger.deliveries()
    out = printed("deliveries", "show", record.delivery.id)

    assert "HYPERLINK" in out
    assert not FORBIDDEN_ON_A_TERMINAL.search(out)


def test_what_is_printed_as_json_is_what_was_found():
    text = "甲\x1b[2J\x9b\u202e\ud800乙"

    assert json.loads(printable(json.dumps(text, ensure_ascii=False))) == text
    assert printable(text) == "甲\\u001b[2J\\u009b\\u202e\\ud800乙"


def test_a_long_text_makes_no_row_taller_than_a_spreadsheet_takes():
    with zipfile.ZipFile(io.BytesIO(workbook("某表", [{"备注": "长" * 32_000}]))) as archive:
        heights = re.findall(rb'ht="([\d.]+)"', archive.read("xl/worksheets/sheet1.xml"))

    assert TALLEST - 1 < max(map(float, heights)) <= TALLEST


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS.keys())
def test_a_table_of_the_office_holds_the_words_as_text(word):
    with zipfile.ZipFile(io.BytesIO(workbook("某表", [{"企业名称": word}]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        strings = archive.read("xl/sharedStrings.xml")

    assert not re.search(rb"<f[ >/]|<hyperlink", sheet)
    assert strings.count(b"<si>") == 3
    assert b"<r>" not in strings
