"""The office's acts on plans as they are called: what they print, what they refuse, how they end."""

import csv

import pytest
import xlsxwriter

from phaseout.adapters.work_calendar import published_calendar
from tests.unit.usecases.papers import survey
from tests.unit.usecases.test_replan import due_later

CAMPAIGN = "jiangsu-2022"
SURVEY = f"{CAMPAIGN}/320500/summary/survey_summary/ferroalloy"
SIGNED = ("--by", "周示例", "--reason", "来函")
JUNE = (*SIGNED, "--as-of", "2022-06-01")
HEADS = ("填报单位", "角色", "姓名", "邮箱", "电话")


@pytest.fixture
def another_holiday(monkeypatch):
    """Let 2022-08-11 be a day off that was not published when the campaign was opened."""
    from phaseout.bootstrap import App  # noqa: PLC0415 - only here

    def calendar(app):
        overrides = app.home / "overrides.csv"
        given = (app.settings.project / "data" / "calendar" / "overrides.csv").read_text("utf-8")
        overrides.write_text(given.rstrip("\n") + "\n2022-08-11,day_off,示例：台风停工\n", "utf-8")
        return published_calendar(overrides)

    monkeypatch.setattr(App, "calendar", property(calendar))


# Opening again


def test_opening_again_without_differences_does_nothing(call):
    assert call("campaign", "open", CAMPAIGN, "--as-of", "2022-06-01") == (0, f"{CAMPAIGN}: 0 new obligations.\n", "")


def test_what_a_holiday_moves_is_shown_and_applied_by_a_person_once(call, rows_of, another_holiday):
    rows = rows_of("campaign", "diff", CAMPAIGN, "--as-of", "2022-06-01")
    assert {(row["difference"], row["field"], row["from"], row["to"]) for row in rows} == {
        ("moved", "reminder_date", "2022-08-11", "2022-08-10")
    }
    assert SURVEY in {row["obligation"] for row in rows}

    code, out, complaint = call("campaign", "open", CAMPAIGN, "--as-of", "2022-06-01")
    assert code == 1
    assert "reminder_date" in out
    assert complaint.count("\n") == 1
    assert "--by NAME --reason TEXT" in complaint

    code, out, _ = call("campaign", "open", CAMPAIGN, *JUNE)
    assert (code, out.splitlines()[0]) == (0, f"{CAMPAIGN}: {len(rows)} obligations planned anew, 0 dropped.")
    assert rows_of("campaign", "diff", CAMPAIGN) == []
    assert call("campaign", "open", CAMPAIGN)[0] == 0


def test_who_was_asked_is_told_of_another_day(call, rows_of, monkeypatch):
    from phaseout.adapters.definitions import FileDefinitions  # noqa: PLC0415 - only here

    call("remind", "--as-of", "2022-05-20")
    call("deliver", "--as-of", "2022-05-20T10:00")
    as_written = FileDefinitions.campaign
    monkeypatch.setattr(
        FileDefinitions, "campaign", lambda self, name: due_later(as_written(self, name), milestone="contact_list")
    )
    table = call("campaign", "diff", CAMPAIGN)[1]
    (line,) = [line for line in table.splitlines() if " due " in line]
    assert [cell.strip() for cell in line.split("│")[1:-1]] == [
        "moved", "contact_list", "", "due", "2022-06-03", "2022-06-10", "13",
    ]  # fmt: skip
    code, out, _ = call("campaign", "open", CAMPAIGN, *JUNE)

    assert code == 0
    assert "13 units were asked by another day before; they are told by the next `deliver`." in out
    told = rows_of("letters", "list", "--kind", "extension")
    assert len({row["unit"] for row in told}) == len(told) == 13
    assert all(row["subject"].endswith("截止日期调整为2022年6月10日") for row in told)
    text = call("letters", "show", told[0]["id"])[1]
    assert "因工作安排调整" in text
    assert call("deliver", "--as-of", "2022-06-01T10:00")[1].startswith("13 sent")


def test_half_a_signature_opens_nothing_again(call, another_holiday):
    code, out, complaint = call("campaign", "open", CAMPAIGN, "--by", "周示例")

    assert (code, out) == (2, "")
    assert "--by NAME --reason TEXT" in complaint


# Exemptions


def test_a_unit_is_exempt_from_an_obligation_until_that_is_taken_back(call, rows_of):
    granted = call("waive", "--obligation", SURVEY, *SIGNED, "--as-of", "2022-08-10")
    told = "not owed; its unit is told by the next `deliver`.\n"
    assert granted == (0, f"{SURVEY}: {told}{SURVEY}/paper: {told}", "")
    (row,) = [row for row in rows_of("status", "--as-of", "2022-09-01") if row["obligation"] == SURVEY]
    assert (row["standing"], row["days_late"], row["is_exempt"]) == ("open", 0, True)
    assert row["reason"] == "经周示例批准免报：来函"

    withdrawal = ("waive", "--withdraw", SURVEY, *SIGNED, "--as-of", "2022-08-11")
    assert call(*withdrawal) == (0, f"{SURVEY}: owed again; its unit is told.\n", "")
    assert call(*withdrawal) == (0, f"{SURVEY}: no exemption holds.\n", "")
    listed = rows_of("exemptions", "list")
    assert [(row["obligation"], row["state"]) for row in listed] == [(SURVEY, "已撤销"), (f"{SURVEY}/paper", "已撤销")]


def test_a_unit_that_is_exempt_from_all_of_a_milestone_shows_it_in_the_matrix(call):
    call("waive", "--obligation", f"{CAMPAIGN}/320500/inventory/inventory_statement", *JUNE)
    _, out, _ = call("status", "--as-of", "2022-09-01")

    (line,) = [line for line in out.splitlines() if "苏州市" in line]
    assert line.split("│")[3].strip() == "免"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(("--obligation", "nothing"), "no obligation nothing", id="no such obligation"),
        pytest.param(("320500", "--obligation", SURVEY), "--obligation alone", id="with a unit"),
        pytest.param(("--obligation", SURVEY, "--withdraw", "1"), "--obligation alone", id="both ways"),
        pytest.param(("--withdraw", "nothing"), "no obligation nothing", id="nothing to take back"),
    ],
)
def test_an_exemption_that_cannot_be_is_refused_in_one_line(call, arguments, word):
    code, out, complaint = call("waive", *arguments, *SIGNED)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


# Extensions


def test_an_extension_to_a_day_off_says_so(call):
    code, out, _ = call("extend", SURVEY, "--due", "2022-08-20", *JUNE)

    assert code == 0
    assert "2022-08-20 is a day off" in out
    assert "day off" not in call("extend", SURVEY, "--due", "2022-08-22", *JUNE)[1]


def test_an_extension_that_ends_before_the_correction_date_says_so(call, home):
    wrong = home / "inbox" / "320500" / "表2.xlsx"
    wrong.write_bytes(survey({"uscc": "91320281MA1TE5T1XX"}))
    assert call("collect", "--as-of", "2022-08-16T10:00")[0] == 0

    _, out, _ = call("extend", SURVEY, "--due", "2022-08-17", *SIGNED, "--as-of", "2022-08-16T11:00")
    assert "its correction is wanted by 2022-08-19 anyway" in out


def test_an_extension_granted_twice_says_so_and_ends_well(call):
    asked = ("extend", SURVEY, "--due", "2022-08-22", *JUNE)
    assert call(*asked)[1] == f"{SURVEY}: due 2022-08-22; its unit is told by the next `deliver`.\n"
    assert call(*asked) == (0, f"{SURVEY}: is due that day already.\n", "")
    assert len([line for line in call("letters", "list")[1].splitlines() if "extension" in line]) == 1


def test_a_goal_is_not_extended_and_it_is_said_what_to_do(call):
    code, out, complaint = call("extend", f"{CAMPAIGN}/320500/closure", "--due", "2022-12-20", *JUNE)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert f"`phaseout campaign open {CAMPAIGN} --by NAME --reason TEXT`" in complaint


# Contacts


def listed(tmp_path, *lines, kind="csv"):
    path = tmp_path / f"联系人.{kind}"
    if kind == "csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([["2022年工作联系人"], HEADS, *lines])
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([HEADS, *lines]):
            sheet.write_row(number, 0, line)
    return path


RIGHT = (
    ("苏州市", "联系人", "张示例", "zhang@suzhou.example", 51200000000),
    ("320200", "发件人", "", "wu@wuxi.example", ""),
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_contacts_is_shown_then_registered_then_known(call, rows_of, tmp_path, kind):
    file = listed(tmp_path, *RIGHT, kind=kind)
    rows = rows_of("contacts", "import", file, *JUNE)
    assert [(row["unit"], row["role"], row["change"], row["after"]) for row in rows] == [
        ("320500", "contact", "new", "张示例 <zhang@suzhou.example> 51200000000"),
        ("320200", "sender", "new", "无锡市工业和信息化局 <wu@wuxi.example>"),
    ]
    assert "nothing was changed; add --yes" in call("contacts", "import", file, *JUNE)[1]
    assert "2 contacts registered." in call("contacts", "import", file, *JUNE, "--yes")[1]
    assert "all of it is registered already." in call("contacts", "import", file, *SIGNED, "--yes")[1]

    (row,) = [row for row in rows_of("contacts", "list") if row["role"] == "contact"]
    assert (row["address"], row["source"], row["by"], row["reason"]) == (
        "zhang@suzhou.example", "office", "周示例", "来函",
    )  # fmt: skip
    assert row["valid_from"] == "2022-06-01T09:00:00+08:00"
    assert not [row for row in rows_of("contacts", "list", "--as-of", "2022-05-31") if row["role"] == "contact"]


def test_wrong_lines_are_named_and_nothing_is_registered(call, rows_of, tmp_path):
    wrong = (
        ("火星市", "联系人", "李示例", "li@mars.example", ""),
        ("南京市", "经理", "王示例", "wang@nanjing.example", ""),
    )
    before = rows_of("contacts", "list")
    code, out, complaint = call("contacts", "import", listed(tmp_path, *RIGHT, *wrong), *JUNE, "--yes")

    assert (code, out) == (2, "")
    assert "line 5: 填报单位 '火星市' is none of jiangsu-2022" in complaint
    assert "line 6: 角色 '经理' is none of" in complaint
    assert rows_of("contacts", "list") == before


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        pytest.param("missing.csv", None, "cannot be read", id="a missing file"),
        pytest.param("list.txt", b"a,b", "neither .csv nor .xlsx", id="another kind"),
        pytest.param("list.csv", "单位,邮箱\n苏州市,a@b.example\n".encode(), "no columns 填报单位", id="other columns"),
        pytest.param("list.xlsx", b"no workbook", "is no workbook", id="no workbook"),
        pytest.param("list.csv", b"\xff\xff\xff", "neither UTF-8 nor GB 18030", id="no text"),
    ],
)
def test_a_file_that_is_no_list_of_contacts_is_refused(call, tmp_path, name, content, word):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, _, complaint = call("contacts", "import", tmp_path / name, *JUNE)

    assert code == 2
    assert word in complaint


def test_one_contact_is_set_and_what_is_not_said_stays(call, rows_of):
    said = ("--name", "张示例", "--address", "zhang@suzhou.example")
    assert call("contacts", "set", "320500", "--role", "联系人", *said, *JUNE) == (
        0, "320500, 联系人: 张示例 <zhang@suzhou.example>\n", "",
    )  # fmt: skip
    change = ("contacts", "set", "320500", "--role", "contact", "--phone", "0512-00000000", *SIGNED)
    assert call(*change)[1] == "320500, 联系人: 张示例 <zhang@suzhou.example> 0512-00000000\n"
    assert call(*change)[1] == "it is registered so already.\n"


def test_a_unit_is_known_by_its_name_too(call):
    assert call("contacts", "set", "苏州市", "--role", "单位邮箱", "--phone", "0512-00000000", *JUNE)[0] == 0
    code, _, complaint = call("contacts", "set", "苏州市", "--role", "联系人", "--phone", "0512-00000000", *JUNE)

    assert code == 2
    assert "every contact needs one" in complaint


@pytest.mark.parametrize("name", ["320500", "苏州市", "苏州"])
def test_letters_are_listed_by_unit_and_kind(call, rows_of, name):
    call("extend", SURVEY, "--due", "2022-08-22", *JUNE)
    call("waive", "--obligation", SURVEY.replace("320500", "320100"), *JUNE)

    assert [row["kind"] for row in rows_of("letters", "list", "--unit", name)] == ["extension"]
    assert [row["unit"] for row in rows_of("letters", "list", "--kind", "exemption")] == ["320100"]
    assert rows_of("letters", "list", "--unit", name, "--kind", "exemption") == []


@pytest.mark.parametrize("name", ["苏州市", "苏州"], ids=["the name", "the short name"])
@pytest.mark.parametrize(
    ("command", "options", "word"),
    [
        pytest.param(
            ("visit",),
            ("--day", "2022-05-31", "--place", "昆山市", "--visited-by", "李示例", *JUNE),
            "320500, 2022-05-31: recorded.",
            id="visit",
        ),
        pytest.param(("waive",), ("--rule", "SUM-301", *JUNE), "SUM-301 of 320500", id="waive"),
        pytest.param(("reopen",), ("--form", "contact", *SIGNED, "--as-of", "2023-02-01"), "/320500/", id="reopen"),
        pytest.param(
            ("paper",),
            (
                *("--form", "survey_summary", "--industry", "ferroalloy", "--received", "2022-05-31"),
                *("--copies", "2", "--sealed", "--check-figure", "7777-7777", *JUNE),
            ),
            f"{SURVEY}/paper: held.",
            id="paper",
        ),
    ],
)
def test_acts_take_a_units_name(call, command, options, word, name):
    code, out, complaint = call(*command, name, *options)

    assert (code, complaint) == (0, "")
    assert word in out


def test_a_unit_that_the_campaign_does_not_have_is_refused(call):
    code, out, complaint = call("letters", "list", "--unit", "火星市")

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert "has no reporting unit 火星市" in complaint


# Campaigns that are not open


@pytest.mark.parametrize("command", ["remind", "publish"])
def test_nothing_is_done_for_a_campaign_that_is_not_open(call, command):
    code, out, complaint = call(command, "chaisang-2022", "--as-of", "2022-06-01")

    assert (code, out) == (2, "")
    assert "chaisang-2022 is not open" in complaint


def test_what_is_no_campaign_is_no_campaign(call):
    assert "is not open" not in call("remind", "nowhere-2022")[2]


# Paper


def test_paper_is_registered_and_what_is_outstanding_listed(call, rows_of, home):
    (home / "inbox" / "320500" / "表2.xlsx").write_bytes(survey())
    assert call("collect", "--as-of", "2022-08-10T10:00")[0] == 0
    asked = ("paper", "list", "--as-of", "2022-08-15")
    (row,) = [row for row in rows_of(*asked) if (row["unit"], row["industry"]) == ("320500", "ferroalloy")]
    assert (row["copies"], row["standing"], row["file_accepted_on"]) == (2, "late", "2022-08-10")

    receipt = (
        "--form",
        "survey_summary",
        "--industry",
        "ferroalloy",
        "--received",
        "2022-08-15",
        *SIGNED,
        "--as-of",
        "2022-08-15",
    )
    wrong = call("paper", "320500", *receipt, "--copies", "1", "--no-seal", "--check-figure", "7777-7777")
    assert wrong[1].splitlines() == [
        f"{SURVEY}/paper: held.",
        f"  check figure 7777-7777 is not that of the accepted file, which is {row['check_figure']}.",
        "  there is no seal on it.",
        "  1 came now, 2 good copies in all are wanted.",
    ]
    right = ("paper", "320500", *receipt, "--copies", "2", "--sealed", "--check-figure", row["check_figure"])
    assert call(*right) == (0, f"{SURVEY}/paper: complete.\n", "")
    assert call(*right) == (0, f"{SURVEY}/paper: complete, registered before.\n", "")
    assert not [row for row in rows_of(*asked) if (row["unit"], row["industry"]) == ("320500", "ferroalloy")]


def test_the_status_tells_paper_from_files(rows_of):
    rows = rows_of("status", "--as-of", "2022-06-01")

    assert sum(row["is_paper"] for row in rows) == 103
    assert all(row["obligation"].endswith("/paper") for row in rows if row["is_paper"])


# Visits


def test_a_visit_is_recorded_once_and_listed(call, rows_of):
    said = ("--day", "2022-05-31", "--place", "昆山市", "--finding", "台账不全", "--visited-by", "李示例")
    assert call("visit", "320500", *said, *JUNE) == (0, "320500, 2022-05-31: recorded.\n", "")
    assert call("visit", "320500", *said, *JUNE)[1] == "320500, 2022-05-31: was recorded before.\n"

    assert rows_of("visits", "list", "--unit", "320100") == []
    assert rows_of("visits", "list") == [
        {
            "day": "2022-05-31",
            "unit": "320500",
            "unit_name": "苏州市",
            "place": "昆山市",
            "finding": "台账不全",
            "visited_by": "李示例",
            "by": "周示例",
            "reason": "来函",
        }
    ]
