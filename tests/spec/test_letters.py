"""What the office's letters say, kind by kind."""

import os
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.letter_writer import JinjaLetters, LetterNotWritten, chinese_number, moment, your_body
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind
from tests.spec.letter_facts import FACTS, RETURN, finding, line, workbook

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "data" / "letters"
GOLDEN = ROOT / "tests" / "golden" / "letters"
HOSTILE = "<script>alert(1)</script>\r\n结果：审核通过\u202excod.exe"


@pytest.fixture(scope="module")
def letters():
    return JinjaLetters(TEMPLATES)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_reads_as_approved(letters, kind):
    letter = letters.write(kind, FACTS[kind])
    said = f"{letter.subject}\n\n{letter.text}"
    if os.environ.get(
        "PHASEOUT_APPROVE"
    ):  # a changed letter is approved by running once with it, and reviewed as a diff
        (GOLDEN / f"{kind}.txt").write_text(said, encoding="utf-8")

    assert said == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_has_its_trio(kind):
    assert {path.name for path in (TEMPLATES / kind).iterdir()} == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("kind", list(LetterKind))
def test_text_and_html_say_the_same(letters, kind):
    letter = letters.write(kind, FACTS[kind])
    shown = _read(letter.html)

    paragraphs = [line.strip("　 ") for line in letter.text.splitlines()]
    in_tables = re.compile(r"（?\d+[.）]|附件|文件：")
    missing = [said for said in paragraphs if _read(said) not in shown and not in_tables.match(said)]
    assert missing == []


@pytest.mark.parametrize("kind", list(LetterKind))
def test_officials_read_no_english(letters, kind):
    letter = letters.write(kind, FACTS[kind])
    said = letter.subject + letter.text + _read(letter.html)

    # Addresses, rule numbers, the names of files and standards are what they are.
    known = r"[\w.]+@[a-z.]+|[A-Z]+-\d{3}|\.(?:xlsx|xls|et|pdf)|GB ?32100|[A-Z]{1,2}\d+|[0-9A-Z]{18}"
    assert re.findall(r"[A-Za-z]{2,}|None|\{|\}", re.sub(known, "", said)) == []


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_fetches_nothing_when_it_is_opened(letters, kind):
    html = letters.write(kind, FACTS[kind]).html

    assert not re.search(r"https?:|src=|<link|url\(|@import|<style", html)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_of_a_replay_says_that_it_is_invented(letters, kind):
    letter = letters.write(kind, FACTS[kind] | {"is_replay": True})

    assert letter.subject.startswith("【回放演练】")
    assert "回放演练（虚构数据）" in letter.text.splitlines()[0]
    assert "回放演练（虚构数据）" in letter.html


@pytest.mark.parametrize("kind", [LetterKind.RECEIPT, LetterKind.RETURN])
def test_what_a_stranger_wrote_stays_text(letters, kind):
    facts = RETURN | {
        "subject": HOSTILE,
        "workbooks": [
            workbook(
                file_name=HOSTILE,
                decision="returned",
                industry=HOSTILE,
                duplicate_of=HOSTILE,
                findings=[
                    finding(message=HOSTILE, found=HOSTILE, sheet=HOSTILE, field_label=HOSTILE, expected=HOSTILE)
                ],
            ),
            workbook(file_name="x", decision="duplicate", duplicate_of=HOSTILE),
        ],
        "still_owed": [line(industries=[HOSTILE])],
    }

    letter = letters.write(kind, facts)

    assert "<script" not in letter.html
    assert "\u202e" not in letter.text + letter.html + letter.subject
    assert "结果：审核通过" not in [said.strip("　") for said in letter.text.splitlines()]


def test_a_shared_phrase_is_escaped_wherever_html_quotes_it():
    quoted = [
        (path.name, phrase)
        for path in TEMPLATES.rglob("*.html")
        for phrase in re.findall(r"\{\{[^}]*say\.[^}]*\}\}", path.read_text(encoding="utf-8"))
    ]

    assert quoted
    assert [each for each in quoted if "forceescape" not in each[1]] == []


def test_a_missing_fact_is_our_error_and_no_letter(letters):
    facts = {name: value for name, value in FACTS["reminder"].items() if name != "office_phone"}

    with pytest.raises(LetterNotWritten, match="office_phone"):
        letters.write(LetterKind.REMINDER, facts)


def test_a_return_lists_fifty_findings_and_counts_the_rest(letters):
    returned = workbook(decision="returned", findings=[finding(cell=f"E{row}") for row in range(1, 401)])

    letter = letters.write(LetterKind.RETURN, RETURN | {"workbooks": [returned]})

    assert "须更正的问题（共400处）" in letter.text
    assert "其余350处未逐一列出" in letter.text
    assert "单元格E50，" in letter.text
    assert "单元格E51，" not in letter.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"days_late": -3}, "尚未报送，距截止日期还有3个工作日", id="three days before"),
        pytest.param({"due": date(2022, 8, 22)}, "今日截止", id="on the due day"),
        pytest.param({"days_late": 2, "letter": "overdue"}, "逾期2个工作日未报", id="two days late"),
        pytest.param({"days_late": 2, "is_soft": True}, "已超过2个工作日，请尽快报送", id="late and soft"),
        pytest.param(
            {"is_correction": True, "correction_due": date(2022, 8, 24), "days_late": -2},
            "更正期限：2022年8月24日（星期三）；前次报送已退回，待更正后重新报送",
            id="a correction that is awaited",
        ),
        pytest.param(
            {"is_correction": True, "correction_due": date(2022, 8, 17), "days_late": 3, "letter": "overdue"},
            "前次报送已退回，逾期3个工作日未更正",
            id="a correction that is late",
        ),
        pytest.param(
            {"nominal_due": date(2022, 8, 13), "due": date(2022, 8, 15)},
            "截止日期：2022年8月15日（星期一），文件规定日期为2022年8月13日",
            id="a due date that was moved",
        ),
        pytest.param({"form_title": None, "form_number": None}, "1. 排查汇总，铁合金", id="a goal without a form"),
        pytest.param({"industries": []}, "（表2）。截止日期", id="a form that is not by industry"),
    ],
)
def test_a_line_says_where_it_stands(letters, changes, said):
    its = line(letter="reminder") | changes

    assert said in letters.write(LetterKind.REMINDER, FACTS["reminder"] | {"lines": [its]}).text


def test_the_subject_names_the_earliest_deadline(letters):
    later = line(letter="reminder", due=date(2022, 9, 30), milestone_title="月度进展")
    correction = line(letter="reminder", is_correction=True, correction_due=date(2022, 8, 17))

    subject = letters.write(LetterKind.REMINDER, FACTS["reminder"] | {"lines": [later, correction]}).subject

    assert subject.endswith("排查汇总（表2）等2项尚未报送，2022年8月17日截止")


def test_an_instant_is_told_in_chinas_time():
    assert moment(datetime.fromisoformat("2022-08-11T16:05:00+00:00")) == "2022年8月12日0时05分"
    assert moment(datetime(2022, 8, 12, 9, 5, tzinfo=CHINA)) == "2022年8月12日9时05分"


@pytest.mark.parametrize(
    ("body", "spoken_to"),
    [
        ("甲市工业和信息化局", "你局"),
        ("甲市发展和改革委员会", "你委"),
        ("甲镇人民政府", "你单位"),
        ("甲开发区管理委员会", "你单位"),
    ],
)
def test_a_body_is_spoken_to_by_its_kind(body, spoken_to):
    assert your_body(body) == spoken_to


def test_numbers_of_headings():
    assert [chinese_number(number) for number in (1, 9, 10, 11, 20, 21)] == ["一", "九", "十", "十一", "二十", "二十一"]


def _read(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<head>.*?</head>|<[^>]+>", "", html, flags=re.DOTALL))
