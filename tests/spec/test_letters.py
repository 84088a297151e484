"""What the office's letters say, kind by kind."""

import os
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.letter_writer import JinjaLetters, LetterNotWritten, chinese_number, moment, your_body
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind
from tests.spec.letter_facts import FACTS, INVENTORY, OWED_AGAIN, REPLANNED, RETURN, finding, line, workbook

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


def test_who_has_to_file_again_is_told_so_with_the_day(letters):
    letter = letters.write(LetterKind.EXEMPTION, OWED_AGAIN)

    assert letter.subject.startswith("【恢复报送通知】")
    assert "此前同意你局免予报送的下列材料，自本函发出之日起恢复报送：" in letter.text
    assert "截止日期：2022年8月12日（星期五）" in letter.text
    assert "纸质件一并报送" in letter.text
    assert "直接回复本邮件" in letter.text
    assert "免予报送" not in letter.subject


def test_a_new_plan_is_no_leave_but_names_each_day_before_and_now(letters):
    letter = letters.write(LetterKind.EXTENSION, REPLANNED)

    assert letter.subject == (
        "【截止日期调整通知】2022年重点行业落后生产工艺装备排查和淘汰工作：排查汇总（表2）等2项，"
        "截止日期调整为2022年8月22日"
    )
    for text in (letter.text, _read(letter.html)):
        assert "因工作安排调整，现将你局下列事项截止日期调整如下：" in text
        assert "同意" not in text
        assert "延期" not in text
        assert text.count("原截止日期：2022年8月12日（星期五）") == 2
        assert text.count("现截止日期：2022年8月22日（星期一）") == 2
        assert "请你局按现截止日期组织填报、审核并报送，纸质件打印盖章后寄送。此前函件所列截止日期" in text
        assert "报送时请直接回复本邮件" in text
    paragraphs = [line.strip("　 ") for line in letter.text.splitlines()]
    assert [said for said in paragraphs if _read(said) not in _read(letter.html)] == []


def test_a_new_plan_that_names_a_day_gone_by_asks_to_file_soon(letters):
    text = letters.write(LetterKind.EXTENSION, REPLANNED | {"written_on": date(2022, 8, 23)}).text

    assert "现截止日期已过、尚未报送、寄送的，请尽快报送、寄送。" in text


def test_a_new_plan_with_several_days_names_none_in_the_subject(letters):
    lines = [REPLANNED["lines"][0], REPLANNED["lines"][1] | {"due": date(2022, 8, 29)}]

    assert letters.write(LetterKind.EXTENSION, REPLANNED | {"lines": lines}).subject.endswith("等2项，截止日期有调整")


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

    # Addresses, rule numbers, the names of files and standards are what they are; so are our own commands.
    figures = r"[3-9A-Y]{4}-[3-9A-Y]{4}|phaseout ?letters ?[a-z]+|phaseout ?doctor|--(?:by|reason)"
    known = r"[\w.]+@[a-z.]+|[A-Z]+-\d{3}|\.(?:xlsx|xls|et|pdf)|GB ?32100|[A-Z]{1,2}\d+|[0-9A-Z]{18}|" + figures
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


@pytest.mark.parametrize(
    ("reached", "waiting", "said"),
    [
        pytest.param(
            "readable",
            ["complete", "valid", "consistent"],
            "本次已核对可读性；完整性、有效性、一致性待更正后再行核对。",
            id="readable",
        ),
        pytest.param("valid", ["consistent"], "本次已核对可读性、完整性、有效性；一致性待更正后再行核对。", id="valid"),
        pytest.param("consistent", [], "可读性、完整性、有效性、一致性均已核对。", id="all of it"),
    ],
)
def test_an_answer_says_how_far_the_check_went(letters, reached, waiting, said):
    book = workbook(decision="returned", reached=reached, waiting=waiting, findings=[finding()])
    letter = letters.write(LetterKind.RETURN, RETURN | {"workbooks": [book]})

    assert f"审核环节：{said}" in letter.text
    assert f"审核环节：{said}" in letter.html


@pytest.mark.parametrize("kind", [LetterKind.RECEIPT, LetterKind.RETURN])
def test_an_answer_after_a_reopening_says_so_first(letters, kind):
    letter = letters.write(kind, FACTS[kind] | {"is_again": True})

    said = "报送材料收悉。经研究，有关事项已重新开放报送，该来件按原到达时间重新办理，此前告知的办理结果不再适用。"
    assert said in letter.text
    assert said in _read(letter.html)


def test_a_reply_to_a_preview_is_not_taken_for_another(letters):
    assert "预检" not in letters.write(LetterKind.PREVIEW, FACTS[LetterKind.PREVIEW]).subject


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
        pytest.param({"days_late": 2, "is_soft": True}, "已超过截止日期2个工作日，请尽快报送", id="late and soft"),
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

    assert subject.endswith("排查汇总（表2）等2项尚未报送或者退回后尚未更正，最早期限2022年8月17日")


UNFILED = line(letter="overdue", days_late=2)
UNMENDED = line(letter="overdue", days_late=2, is_correction=True, correction_due=date(2022, 8, 17))
ONE_OF_BOTH = [UNFILED, UNMENDED]


@pytest.mark.parametrize(
    ("kind", "lines", "subject", "said"),
    [
        ("reminder", [UNMENDED], "退回后尚未更正，更正期限2022年8月17日", "以下材料退回后尚未更正"),
        ("reminder", ONE_OF_BOTH, "尚未报送或者退回后尚未更正", "以下事项尚未报送或者退回后尚未更正"),
        ("overdue", [UNMENDED], "退回后逾期未更正，更正期限2022年8月17日", "有关材料退回后逾期仍未更正"),
        ("overdue", ONE_OF_BOTH, "逾期未报或者退回后逾期未更正", "逾期仍未报送，另有材料退回后逾期仍未更正"),
        ("supervision", [UNMENDED], "（甲市）：请立即更正并重新报送", "下列事项退回后逾期仍未更正"),
        ("supervision", ONE_OF_BOTH, "（甲市）：请立即报送、更正", "逾期仍未报送或者退回后逾期仍未更正"),
    ],
)
def test_a_returned_form_is_not_called_unfiled(letters, kind, lines, subject, said):
    letter = letters.write(LetterKind(kind), FACTS[kind] | {"lines": lines})

    assert subject in letter.subject
    assert said in letter.text
    assert UNFILED in lines or not re.search("未报送|未报", letter.subject + letter.text)


def test_returned_forms_stand_under_a_heading_of_their_own(letters):
    text = letters.write(LetterKind.OVERDUE, FACTS["overdue"] | {"lines": ONE_OF_BOTH}).text

    headings = re.findall(r"^　　([一二三四]、.+)$", text, flags=re.MULTILINE)
    assert headings == ["一、逾期未更正事项", "二、逾期未报事项", "三、报送方式"]


@pytest.mark.parametrize("kind", [LetterKind.SUPERVISION, LetterKind.CRITICISM])
def test_a_notice_claims_no_earlier_letter(letters, kind):
    assert not re.search("经.{0,4}催报|经督办|、督办", letters.write(kind, FACTS[kind]).text)


@pytest.mark.parametrize(
    ("lines", "expected"), [([UNFILED], "报送"), ([UNMENDED], "更正"), (ONE_OF_BOTH, "报送、更正")]
)
def test_a_criticism_names_the_unit_and_what_it_failed_to_do(letters, lines, expected):
    facts = FACTS["criticism"] | {"units": [{"unit_name": "丙市", "lines": lines}]}

    assert f"【通报批评】关于丙市未按期{expected}2022年" in letters.write(LetterKind.CRITICISM, facts).subject


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param([line()], "代替电子表格。确无应报内容的", id="all may be zero"),
        pytest.param([line(), INVENTORY], "代替电子表格。表2确无应报内容的", id="some may be zero"),
        pytest.param([INVENTORY], None, id="none may be zero"),
    ],
)
def test_a_zero_report_is_offered_only_where_the_form_takes_it(letters, lines, said):
    text = letters.write(LetterKind.REQUEST, FACTS["request"] | {"lines": lines}).text

    assert said in text if said else "零报告" not in text


REFUSED = workbook(
    form_title=None, form_number=None, decision="refused", refusal={"title": "文件已损坏", "remedy": "请另存后报送"}
)
RETURNED = workbook(decision="returned", correction_due=date(2022, 8, 18), findings=[finding()])
INSPECTION = {"form_title": "核查验收表", "form_number": "表4", "industry": None}
COMPLETED = {"form_title": "完成清单", "form_number": "表5", "industry": None}


@pytest.mark.parametrize(
    ("workbooks", "subject", "said", "unsaid"),
    [
        pytest.param(
            [REFUSED], "【重新报送】", "来件不能作为规定报表受理", "退回|更正|与实际情况不符", id="only a refusal"
        ),
        pytest.param(
            [REFUSED, workbook()], "【重新报送】", "其中有1个文件不能", "退回|更正|与实际情况", id="and one accepted"
        ),
        pytest.param([RETURNED], "【退回更正】", "所报报表存在需要更正的问题", "部分报表", id="one returned"),
        pytest.param([RETURNED, RETURNED], "等2件，更正期限", "所报报表存在", "部分报表", id="all returned"),
        pytest.param([RETURNED, workbook()], "【退回更正】", "部分报表存在", "所报报表", id="some returned"),
        pytest.param([RETURNED, REFUSED], "【退回更正】", "另有1个文件不能", "部分报表", id="returned and refused"),
        pytest.param(
            [RETURNED | INSPECTION, RETURNED | COMPLETED],
            "《核查验收表》等2种报表（表4、表5）共2件",
            "所报报表",
            "部分",
            id="two forms",
        ),
        pytest.param(
            [workbook(decision="after_close")], "【来件告知】", "已过报送关闭日", "退回|拒收|重新报送", id="after close"
        ),
    ],
)
def test_a_return_says_what_was_returned_and_what_was_refused(letters, workbooks, subject, said, unsaid):
    letter = letters.write(LetterKind.RETURN, RETURN | {"workbooks": workbooks, "files": []})

    assert subject in letter.subject
    assert said in letter.text
    assert not re.search(unsaid, letter.subject + letter.text)


@pytest.mark.parametrize(
    ("workbooks", "subject"),
    [
        pytest.param([workbook()], "《企业生产工艺装备情况调查汇总表》（表2）审核通过", id="one"),
        pytest.param([workbook()] * 11, "（表2）等11件均审核通过", id="all accepted"),
        pytest.param([workbook(), workbook(decision="held")], "（表2）等2件已收到", id="one held"),
        pytest.param(
            [workbook(**COMPLETED), workbook(**INSPECTION)],
            "《完成清单》等2种报表（表4、表5）共2件均审核通过",
            id="two forms",
        ),
    ],
)
def test_the_subject_of_a_receipt_tells_the_result(letters, workbooks, subject):
    facts = FACTS["receipt"] | {"workbooks": workbooks}

    assert letters.write(LetterKind.RECEIPT, facts).subject.endswith(f"{subject}（截止日期2022年8月12日）")


def test_a_subject_names_every_form_of_a_milestone(letters):
    lines = [line(milestone_title="核查验收", **INSPECTION), line(milestone_title="核查验收", **COMPLETED)]

    assert "：核查验收（表4、表5），" in letters.write(LetterKind.REQUEST, FACTS["request"] | {"lines": lines}).subject


# What the office's own machine writes to the office.
TO_ITSELF = {LetterKind.SIGNING, LetterKind.HEALTH}
TO_UNITS = [kind for kind in LetterKind if kind not in {LetterKind.TABLES, LetterKind.COORDINATION, *TO_ITSELF}]
# Of a mail whose sender is not known, or that holds no form, nobody can say what it was to be;
# a draft has no day, nor has what need not be filed.
WITHOUT_A_DEADLINE = {LetterKind.VERIFICATION, LetterKind.RESEND, LetterKind.EXEMPTION, *TO_ITSELF}


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.HEALTH])
def test_a_subject_names_the_campaign(letters, kind):
    assert "2022年重点行业落后生产工艺装备排查和淘汰工作" in letters.write(kind, FACTS[kind]).subject


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in WITHOUT_A_DEADLINE])
def test_a_subject_names_milestone_or_form_and_the_day(letters, kind):
    subject = letters.write(kind, FACTS[kind]).subject

    assert re.search("排查汇总|《.+》|关停淘汰到期|调查汇总|完成淘汰清单", subject)
    assert re.search(r"(?:截止日期|期限|截止日期延至|最早期限)2022年\d+月\d+日|2022年\d+月\d+日截止", subject)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_says_whom_to_call(letters, kind):
    assert "\n　　联系电话：000-00000000\n" in letters.write(kind, FACTS[kind]).text


# A mail of which nobody knows who sent it is not answered by mail; nor is leave not to file.
WITHOUT_A_REPLY = {LetterKind.VERIFICATION, LetterKind.EXEMPTION}


@pytest.mark.parametrize("kind", [kind for kind in TO_UNITS if kind not in WITHOUT_A_REPLY])
def test_a_letter_says_how_to_reply(letters, kind):
    assert "直接回复本邮件" in letters.write(kind, FACTS[kind]).text


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in TO_ITSELF])
def test_a_letter_ends_in_the_form_of_its_kind(letters, kind):
    ending = letters.write(kind, FACTS[kind]).text.partition("　　联系处室：")[0].partition("　　附件：")[0].strip()

    assert re.search("　　(?:特此函告|特此函复|特此通报|请收阅|妥否，请函复)。$", ending)


PAPER = line(letter="reminder", is_paper=True, is_soft=True, days_late=-1, industries=["造纸"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, "尚未登记收到，距截止日期还有1个工作日；已寄送的，无需重复寄送", id="before the day"),
        pytest.param({"days_late": 0, "due": date(2022, 8, 22)}, "尚未登记收到，今日截止", id="on the day"),
        pytest.param({"days_late": 2}, "尚未登记收到，已超过截止日期2个工作日；已寄送的", id="after it"),
        pytest.param({"paper_copies": 1}, "纸质件（一份，加盖公章）", id="one copy"),
        pytest.param({"paper_copies": 3}, "纸质件（一式三份，加盖公章）", id="three copies"),
    ],
)
def test_paper_that_has_not_come_is_not_called_unfiled(letters, changes, said):
    letter = letters.write(LetterKind.REMINDER, FACTS["reminder"] | {"lines": [PAPER | changes], "files": []})

    assert said in letter.text
    assert "（表2）纸质件尚未登记收到，" in letter.subject
    assert not re.search("未报送|未报|原则上|电子表格（", letter.subject + letter.text)


def test_one_attachment_has_no_number_and_several_are_counted(letters):
    one, two = (
        letters.write(LetterKind.REQUEST, FACTS["request"] | {"files": files}).text
        for files in (["甲.xlsx"], ["甲.xlsx", "乙.xlsx"])
    )

    assert "　　附件：甲.xlsx\n" in one
    assert "　　附件：1. 甲.xlsx\n　　　　　2. 乙.xlsx\n" in two


def test_paper_stands_under_a_heading_of_its_own(letters):
    unfiled = line(letter="reminder", industries=["铁合金"], days_late=-1)

    letter = letters.write(LetterKind.REMINDER, FACTS["reminder"] | {"lines": [PAPER, unfiled]})

    text = letter.text
    assert letter.subject.endswith("：排查汇总（表2）尚未报送，截止日期2022年8月12日")
    headings = re.findall(r"^　　([一二三四]、.+)$", text, flags=re.MULTILINE)
    assert headings == ["一、尚未报送事项", "二、尚待寄送的纸质件", "三、报送方式"]
    assert "另有纸质件尚未登记收到，请一并寄送；已经寄送的，无需重复寄送。" in text


def test_a_reminder_after_the_day_asks_to_file_soon(letters):
    late = line(letter="reminder", is_soft=True, days_late=2)

    text = letters.write(LetterKind.REMINDER, FACTS["reminder"] | {"lines": [late]}).text

    assert "请抓紧组织填报、审核，尽快报送。" in text
    assert "按期报送。" not in text


GOAL = {"milestone_title": "关停淘汰到期", "form_title": None, "form_number": None, "industries": []}


@pytest.mark.parametrize(
    ("changes", "granted", "asked"),
    [
        pytest.param({}, "下列事项延期报送：", "完成报送。", id="a form"),
        pytest.param(GOAL, "下列事项延期完成：", "在现完成期限前（含当日）完成。", id="a goal"),
        pytest.param({"is_paper": True, "is_soft": True}, "下列事项延期寄送：", "完成寄送。", id="paper"),
    ],
)
def test_an_extension_asks_for_what_is_extended(letters, changes, granted, asked):
    lines = [FACTS["extension"]["lines"][0] | changes]

    letter = letters.write(LetterKind.EXTENSION, FACTS["extension"] | {"lines": lines})

    for said in (letter.text, _read(letter.html)):
        assert granted in said
        assert asked in said
        assert ("并附电子表格" in said) is (not changes)


@pytest.mark.parametrize("kind", ["request", "reminder", "overdue", "extension", "exemption", "receipt", "return"])
@pytest.mark.parametrize(
    ("entries", "said"),
    [
        pytest.param({"kept": 1, "cancelled": 0}, "随函附日历文件“日程提醒”，可导入日历", id="one"),
        pytest.param({"kept": 2, "cancelled": 0}, "随函附日历文件“日程提醒”2件，可导入日历", id="two"),
        pytest.param({"kept": 0, "cancelled": 1}, "随函附日历文件“取消日程”，相应事项已无需提醒", id="cancelled"),
        pytest.param({"kept": 0, "cancelled": 0}, None, id="none"),
    ],
)
def test_a_letter_says_what_its_calendar_files_are(letters, kind, entries, said):
    letter = letters.write(LetterKind(kind), FACTS[kind] | {"entries": entries})

    for text in (letter.text, _read(letter.html)):
        assert said in text if said else "日历文件" not in text


def test_a_return_without_a_marked_copy_does_not_refer_to_one(letters):
    text = letters.write(LetterKind.RETURN, RETURN | {"files": []}).text

    assert "批注件" not in text
    assert "认为所列问题与实际情况不符的，请与联系处室联系；" in text


def test_thirty_open_items_are_named_and_the_rest_counted(letters):
    items = [FACTS["coordination"]["open_items"][0] | {"enterprise": f"第{number}厂"} for number in range(1, 60)]

    letter = letters.write(LetterKind.COORDINATION, FACTS["coordination"] | {"open_items": items})

    assert "尚有59家企业59台（套）装备" in letter.text
    assert "30. 第30厂：" in letter.text
    assert "第31厂" not in letter.text + letter.html
    assert "其余29项详见附件。" in letter.text


def test_an_enterprise_cannot_write_into_the_letter_about_it(letters):
    items = [FACTS["coordination"]["open_items"][0] | {"enterprise": HOSTILE, "equipment": HOSTILE}]

    letter = letters.write(LetterKind.COORDINATION, FACTS["coordination"] | {"open_items": items})

    assert "<script" not in letter.html
    assert "\u202e" not in letter.text + letter.html
    assert "结果：审核通过" not in [said.strip("　") for said in letter.text.splitlines()]


@pytest.mark.parametrize(
    ("closures", "said"),
    [
        pytest.param(None, "你局没有列入关停淘汰的装备。", id="no progress form"),
        pytest.param({"period": "2022-11", "items": 0, "sets": 0, "closed": 0, "sealed": 0}, "没有列入", id="nothing"),
        pytest.param(
            {"period": "2022-11", "items": 3, "sets": 4, "closed": 3, "sealed": 0},
            "（报告期2022年11月），列入关停淘汰的装备共3项、4台（套），已全部完成关停淘汰。",
            id="all dismantled",
        ),
    ],
)
def test_the_closing_letter_tells_the_closures(letters, closures, said):
    assert said in letters.write(LetterKind.THANKS, FACTS["thanks"] | {"closures": closures}).text


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
