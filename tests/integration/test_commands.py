"""The commands of an office's day, as they are called: what they print, what they refuse, how they end."""

import io
import json
import re
import shutil
from contextlib import closing
from email import message_from_bytes, policy

import openpyxl
import pytest

from phaseout.bootstrap import App
from phaseout.cli.common import show
from phaseout.settings import Settings
from tests.unit.usecases.copies import sent_back
from tests.unit.usecases.papers import ENTERPRISE, survey

CAMPAIGN = "jiangsu-2022"
SURVEY = f"{CAMPAIGN}/320500/summary/survey_summary/ferroalloy"
SIGNED = ("--by", "周示例", "--reason", "台风", "--as-of", "2022-08-10")


def is_flat(row):
    return not any(isinstance(value, list | dict) for value in row.values())


# Extensions


def test_an_extension_takes_the_obligation_that_the_status_names(call, rows_of):
    code, out, _ = call("extend", SURVEY, "--due", "2022-08-22", *SIGNED)
    rows = rows_of("status", "--as-of", "2022-08-10")

    assert (code, out) == (0, f"{SURVEY}: due 2022-08-22; its unit is told by the next `deliver`.\n")
    assert [row["due_date"] for row in rows if row["obligation"] == SURVEY] == ["2022-08-22"]
    assert all(is_flat(row) for row in rows)


def test_the_status_of_one_unit_lists_its_obligations_with_their_ids(call, rows_of):
    rows = rows_of("status", "--unit", "南京", "--as-of", "2022-08-10")

    assert {row["unit_name"] for row in rows} == {"南京市"}
    _, said, _ = call("status", "--unit", "320100", "--as-of", "2022-08-10")
    assert "jiangsu-2022/320100/contact_list/contact" in said
    assert "汇总·铁合金·纸质件" in said


@pytest.mark.parametrize(
    ("obligation", "due", "word"),
    [
        pytest.param(SURVEY, "tomorrow", "--due 'tomorrow'", id="no day"),
        pytest.param(SURVEY, "2022-W34-1", "--due '2022-W34-1'", id="a week"),
        pytest.param(SURVEY, "2022-13-01", "--due '2022-13-01'", id="no month"),
        pytest.param(SURVEY, "2022-08-12", "due on 2022-08-12", id="the present due date"),
        pytest.param(SURVEY, "2023-01-01", "closes on 2022-12-31", id="after the close date"),
        pytest.param("nobody", "2022-08-22", "no obligation nobody", id="nobody owes it"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_in_one_line(call, obligation, due, word):
    code, out, complaint = call("extend", obligation, "--due", due, *SIGNED)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


# Instants


@pytest.mark.parametrize(
    "as_of",
    ["yesterday", "2022-13-01", "2022-W32-3", "20220810", "2022-W32-3T09:00", "2022-08-10T9", "2022-08-10T25:00", ""],
)
@pytest.mark.parametrize("command", ["collect", "deliver", "status"])
def test_an_as_of_that_is_none_is_refused_on_a_quiet_day_too(call, command, as_of):
    code, out, complaint = call(command, "--as-of", as_of)

    assert (code, out) == (2, "")
    assert complaint.startswith(f"phaseout: --as-of {as_of!r}: write a day such as 2022-08-10")


@pytest.mark.parametrize(
    "as_of", ["2022-08-10", "2022-08-10T15:30", "2022-08-10 15:30:00", "2022-08-10T07:30:00Z", "2022-08-10T15:30+08:00"]
)
def test_nothing_to_do_is_no_failure(call, as_of):
    assert call("collect", "--as-of", as_of) == (0, "nothing new.\n", "")


# Forms


@pytest.mark.parametrize("inside", ["", "below/it"], ids=["the file itself", "below the file"])
def test_forms_are_not_written_onto_a_file(call, tmp_path, inside):
    taken = tmp_path / "taken.txt"
    taken.write_text("mine", encoding="utf-8")

    code, out, complaint = call("forms", CAMPAIGN, "--unit", "320500", "-o", taken / inside)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert str(taken) in complaint
    assert taken.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("period", ["2022-13", "2021-08", "August", ""])
def test_forms_of_a_period_that_is_none_are_refused_and_the_periods_named(call, tmp_path, period):
    code, out, complaint = call("forms", CAMPAIGN, "--period", period, "-o", tmp_path / "out")

    assert (code, out) == (2, "")
    assert "2022-08, 2022-09, 2022-10, 2022-11, 2022-12" in complaint
    assert not (tmp_path / "out").exists()


def test_forms_of_a_month_are_written(call, tmp_path):
    code, _, _ = call("forms", CAMPAIGN, "--unit", "320500", "--period", "2022-09", "-o", tmp_path / "out")

    assert code == 0
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_form_is_prefilled_also_when_writing_it_is_the_first_to_find_the_warehouse_torn(home, put):
    assert "1 accepted" in put("汇总.xlsx", survey({}), "2022-08-08T10:00")
    (home / "warehouse.duckdb").write_bytes(b"torn")

    with closing(App(Settings(home=home))) as app:
        campaign, forms = app.definitions.campaign(CAMPAIGN), app.form_files
        owed = {one.id: one for one in app.ledger.obligations(CAMPAIGN)}
        file = forms.file(campaign, owed[f"{CAMPAIGN}/320500/monthly_progress/progress/2022-08"])

    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert ENTERPRISE["enterprise_name"] in [cell.value for row in book.worksheets[0] for cell in row]


# Deliveries


@pytest.fixture
def received(home, call):
    """Return what happened to a file that is no workbook, put into Suzhou's folder twice."""
    inbox = home / "inbox" / "320500"
    inbox.mkdir(parents=True, exist_ok=True)
    for name, day in (("汇总.xlsx", "2022-08-10"), ("again.xlsx", "2022-08-11")):
        (inbox / name).write_bytes(b"no workbook at all")
        assert call("collect", "--as-of", day)[0] == 0
    return home


def test_a_delivery_without_submissions_shows_its_outcome_and_what_was_answered(received, call, rows_of):
    first, second = rows_of("deliveries", "list")
    assert (first["submission_count"], first["submissions"], is_flat(first)) == (0, "", True)
    assert [first["outcome"], second["outcome"]] == ["refused", "refused"]

    for listed in (first, second):
        code, out, _ = call("deliveries", "show", listed["id"])

        assert code == 0
        assert listed["outcome"] in out
        assert listed["reason"] in out
        assert f"来件编号：{listed['id'][:8].upper()}" in out
        (row,) = rows_of("deliveries", "show", listed["id"])
        assert (row["delivery"], row["outcome"], row["submission"]) == (listed["id"], listed["outcome"], None)


def test_a_delivery_that_became_a_submission_is_listed_flat_and_shown_with_its_answer(home, call, rows_of, tmp_path):
    call("forms", CAMPAIGN, "--unit", "320500", "-o", tmp_path / "out")
    blank = next(path for path in (tmp_path / "out").iterdir() if "联系人" in path.name)
    inbox = home / "inbox" / "320500"
    inbox.mkdir(parents=True, exist_ok=True)
    for name, day in ((blank.name, "2022-05-30"), ("again.xlsx", "2022-05-31")):
        shutil.copy(blank, inbox / name)
        call("collect", "--as-of", day)

    first, second = rows_of("deliveries", "list")

    assert (first["submission_count"], is_flat(first)) == (1, True)
    assert (second["submission_count"], second["outcome"]) == (0, "duplicate")
    for listed in (first, second):
        code, out, _ = call("deliveries", "show", listed["id"][:12])
        assert code == 0
        assert listed["submissions"] in out
        assert f"来件编号：{listed['id'][:8].upper()}" in out


def test_the_list_of_deliveries_is_narrowed_down(received, rows_of):
    first, second = rows_of("deliveries", "list")
    assert (first["outcome_title"], first["reason"]) == ("拒收", "有附件无法识别为报表")

    assert rows_of("deliveries", "list", "--since", "2022-08-11") == [second]
    assert rows_of("deliveries", "list", "--unit", "320500", "--outcome", "refused") == [first, second]
    assert rows_of("deliveries", "list", "--unit", "320200") == []
    assert rows_of("deliveries", "list", "--outcome", "pending") == []


def test_the_list_names_the_letter_that_answered(received, call, rows_of):
    first, _ = rows_of("deliveries", "list")

    _, letter, _ = call("letters", "show", first["answers"])
    assert f"来件编号：{first['id'][:8].upper()}" in letter


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(("list", "--outcome", "lost"), "outcomes are accepted", id="no outcome"),
        pytest.param(("list", "--since", "soon"), "--since 'soon'", id="no day"),
        pytest.param(("show", "zzz"), "no delivery zzz", id="no such delivery"),
        pytest.param(("show", ""), "no delivery", id="nothing"),
    ],
)
def test_deliveries_that_cannot_be_shown_are_refused_in_one_line(received, call, arguments, word):
    code, out, complaint = call("deliveries", *arguments)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


def test_a_beginning_that_several_deliveries_share_is_refused_and_they_are_named(call, home):
    inbox = home / "inbox" / "320500"
    inbox.mkdir(parents=True, exist_ok=True)
    for number in range(17):  # more than there are digits to begin with
        (inbox / f"{number}.xlsx").write_bytes(b"no workbook %d" % number)
    call("collect", "--as-of", "2022-08-10")
    ids = [row["id"] for row in json.loads(call("deliveries", "list", "--json")[1])]
    digit = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    code, out, complaint = call("deliveries", "show", digit)

    several = [one for one in ids if one[0] == digit]
    assert (code, out) == (2, "")
    assert f"{len(several)} deliveries begin with '{digit}'" in complaint
    assert all(one in complaint for one in several[:5])


# A home that is none


@pytest.mark.parametrize(
    "command", [("status",), ("collect",), ("letters", "list"), ("deliver",), ("rebuild",)], ids=" ".join
)
@pytest.mark.parametrize("place", ["a file", "a file/below"], ids=["a file lies there", "it cannot be made"])
def test_a_home_that_cannot_be_written_is_one_plain_line(call, tmp_path, monkeypatch, command, place):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / place))

    code, out, complaint = call(*command)

    assert (code, out) == (2, "")
    assert re.fullmatch(rf"phaseout: {tmp_path}/a file\S* cannot be read or written: [A-Za-z ]+\n", complaint)


# Quarantine


@pytest.fixture
def doubtful(home, call):
    """Return the id of a file that lay in a folder which is no unit's."""
    inbox = home / "inbox" / "999999"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "表2.xlsx").write_bytes(b"no workbook at all")
    assert "1 in quarantine" in call("collect", "--as-of", "2022-08-10")[1]
    return json.loads(call("deliveries", "list", "--json")[1])[0]["id"]


def test_a_file_that_nobody_put_into_a_unit_s_folder_waits_in_quarantine_until_somebody_says_whose_it_is(
    home, call, rows_of
):
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    (home / "inbox" / "表2.xlsx").write_bytes(survey())
    assert "1 in quarantine" in call("collect", "--as-of", "2022-08-10")[1]
    assert (home / "inbox" / "已收" / "表2.xlsx").exists()
    (listed,) = rows_of("quarantine", "list", "--as-of", "2022-08-12")
    assert (listed["unit"], listed["reason"]) == (None, "未放入填报单位的收件目录，须人工核实填报单位")

    call("quarantine", "accept", listed["id"], "--unit", "320500", *HEARD)
    call("collect", "--as-of", "2022-08-12")

    (row,) = rows_of("deliveries", "list")
    assert (row["outcome"], row["unit"], row["submission_count"]) == ("accepted", "320500", 1)


HEARD = ("--by", "周示例", "--reason", "已电话核实", "--as-of", "2022-08-12")


def test_what_lies_in_quarantine_is_listed_shown_let_in_and_assessed(doubtful, call, rows_of):
    (listed,) = rows_of("quarantine", "list", "--as-of", "2022-08-12")
    assert (listed["id"], listed["days"], is_flat(listed)) == (doubtful, 2, True)
    (shown,) = rows_of("quarantine", "show", doubtful[:8].upper())
    assert (shown["files"], shown["outcome"], shown["decision"]) == ("表2.xlsx", "quarantined", None)

    accepted = call("quarantine", "accept", doubtful[:8], "--unit", "320500", *HEARD)
    assert accepted == (0, f"delivery {doubtful} accepted; the next `collect` assesses it.\n", "")
    again = call("quarantine", "accept", doubtful[:8], "--unit", "320500", *HEARD)
    assert again == (0, f"delivery {doubtful} was accepted before.\n", "")
    assert rows_of("deliveries", "list")[0]["reason"] == "经核实，待审核"
    assert "1 refused" in call("collect", "--as-of", "2022-08-12")[1]

    (row,) = rows_of("deliveries", "list")
    assert (row["outcome"], row["unit"], row["arrived_at"][:10]) == ("refused", "320500", "2022-08-10")
    (act,) = rows_of("quarantine", "show", doubtful)
    assert (act["decision"], act["decided_unit"], act["by"], act["because"]) == (
        "accept", "320500", "周示例", "已电话核实",
    )  # fmt: skip
    assert rows_of("quarantine", "list") == []


def test_what_is_sent_away_stays_on_record(doubtful, call, rows_of):
    assert call("quarantine", "reject", doubtful, *HEARD) == (0, f"delivery {doubtful} rejected.\n", "")

    (row,) = rows_of("deliveries", "list", "--outcome", "ignored")
    assert row["reason"] == "隔离件经核查不作办理：已电话核实"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(("--unit", "999999"), "no open campaign has a unit 999999", id="no such unit"),
        pytest.param((), "its sender is in no register", id="no unit"),
        pytest.param(("--unit", "320500", "--remember"), "leave out --remember", id="no address"),
    ],
)
def test_a_delivery_that_cannot_be_let_in_is_refused_in_one_line(doubtful, call, arguments, word):
    code, out, complaint = call("quarantine", "accept", doubtful, *arguments, *HEARD)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


def test_what_a_stranger_wrote_is_no_markup(capsys):
    show([{"subject": "[/b]报送[red] :smile:"}], as_json=False)

    assert "[/b]报送[red] :smile:" in capsys.readouterr().out


# Waivers and explanations


CODE = "91320281MA1TE5T1XX"
ROUND = ("--by", "周示例", "--reason", "证照正在换发", "--as-of", "2022-08-10")
BROKEN = survey({"uscc": CODE})


@pytest.fixture
def put(home, call):
    """Return what puts a file into Suzhou's folder and takes it in."""

    def put_and_collect(name, content, day):
        inbox = home / "inbox" / "320500"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)
        return call("collect", "--as-of", day)[1]

    return put_and_collect


def test_a_waiver_is_granted_seen_and_taken_back(call, rows_of):
    granted = call("waive", "320500", "--rule", "SUM-101", "--item", CODE, "--until", "2022-08-31", *ROUND)
    (row,) = rows_of("waivers", "list", "--as-of", "2022-08-10")
    assert granted == (0, "waiver 1: SUM-101 of 320500, 0 findings of the newest versions.\n", "")
    assert (row["waiver"], row["unit"], row["item"], row["until"], row["by"], row["state"], is_flat(row)) == (
        1, "320500", CODE, "2022-08-31", "周示例", "有效", True,
    )  # fmt: skip

    act = ("--withdraw", "1", "--by", "吴示例", "--reason", "已换发", "--as-of", "2022-08-11")
    assert call("waive", *act) == (0, "waiver 1 withdrawn.\n", "")
    assert call("waive", *act) == (0, "waiver 1 was withdrawn before.\n", "")
    (row,) = rows_of("waivers", "list", "--as-of", "2022-08-12")
    assert (row["state"], row["withdrawn_on"], row["withdrawn_by"]) == ("已撤销", "2022-08-11", "吴示例")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param((), "name a unit and --rule", id="nothing"),
        pytest.param(("320500",), "name a unit and --rule", id="no rule"),
        pytest.param(("320500", "--rule", "SUM-999"), "SUM-999 cannot be waived", id="no such rule"),
        pytest.param(("320500", "--rule", "READ-006"), "could not be read", id="a rule of reading"),
        pytest.param(("999999", "--rule", "SUM-101"), "no reporting unit 999999", id="no such unit"),
        pytest.param(("320500", "--rule", "SUM-101", "--industry", "x"), "--industry x", id="no such industry"),
        pytest.param(("320500", "--rule", "SUM-101", "--until", "soon"), "--until 'soon'", id="no day"),
        pytest.param(("--withdraw", "7"), "no waiver 7", id="no such waiver"),
        pytest.param(("320500", "--rule", "SUM-101", "--withdraw", "7"), "take a waiver back", id="both"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_in_one_line(call, arguments, word):
    code, out, complaint = call("waive", *arguments, *ROUND)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


def test_without_a_name_or_a_reason_nothing_is_waived(call, rows_of):
    assert call("waive", "320500", "--rule", "SUM-101", "--by", "周示例")[0] == 2
    assert call("waive", "320500", "--rule", "SUM-101", "--by", " ", "--reason", " ")[0] == 2
    assert rows_of("waivers", "list") == []


@pytest.mark.slow
def test_a_returned_file_is_accepted_after_the_waiver_and_explained_in_the_list(call, rows_of, put, tmp_path):
    assert "0 accepted, 1 returned" in put("汇总.xlsx", BROKEN, "2022-08-08")
    call("deliver", "--as-of", "2022-08-08")
    (path,) = tmp_path.glob("home/outgoing/**/*.eml")
    copy = next(message_from_bytes(path.read_bytes(), policy=policy.default).iter_attachments()).get_content()
    book = openpyxl.load_workbook(io.BytesIO(copy))
    put("批注件.xlsx", sent_back(book, explained={"SUM-101": "证照正在换发"}), "2022-08-09")
    (row,) = rows_of("explanations", "--as-of", "2022-08-09")
    assert (row["unit"], row["rule"], row["text"], row["state"], is_flat(row)) == (
        "320500", "SUM-101", "证照正在换发", "有效", True,
    )  # fmt: skip

    _, out, _ = call("waive", "320500", "--rule", "SUM-101", "--item", row["item"], *ROUND)
    assert "1 findings of the newest versions" in out
    assert "inbox/320500/ again" in out
    assert [row["state"] for row in rows_of("explanations", "--as-of", "2022-08-10")] == ["已豁免"]
    assert "1 accepted" in put("批注件.xlsx", sent_back(book, explained={"SUM-101": "证照正在换发"}), "2022-08-10")


@pytest.mark.slow
def test_checking_says_how_far_it_went_and_its_json_does_not(call, tmp_path):
    (tmp_path / "表2.xlsx").write_bytes(BROKEN)
    code, out, _ = call("check", tmp_path / "表2.xlsx", "--as-of", "2022-08-08")
    _, as_json, _ = call("check", tmp_path / "表2.xlsx", "--as-of", "2022-08-08", "--json")

    assert code == 1
    assert "表2.xlsx: checked as far as valid; consistent when that is corrected." in out
    assert {*json.loads(as_json)[0]} == {
        "file", "rule", "severity", "sheet", "cell", "row", "field", "found", "expected", "message", "remedy",
    }  # fmt: skip


# Help


def test_the_help_says_what_exit_codes_mean(call):
    code, out, _ = call("--help")

    assert code == 0
    assert "Exit codes: 0 done" in " ".join(out.split())


# Reopening, and what goes on paper


LATE = ("--form", "survey_summary", "--industry", "ferroalloy", "--by", "周示例", "--reason", "经研究同意补报")


def test_a_closed_form_is_reopened_decided_and_answered_and_shown_with_its_check_figure(call, home, rows_of):
    inbox = home / "inbox" / "320500"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "表2.xlsx").write_bytes(survey({}))
    call("collect", "--as-of", "2023-01-04")
    (row,) = rows_of("deliveries", "list")
    assert (row["outcome"], row["reason"]) == ("held", "已过报送关闭日，存档备查")

    code, out, _ = call("reopen", "320500", *LATE, "--as-of", "2023-01-05")
    assert (code, out) == (
        0,
        f"{SURVEY}: open again, until 2023-01-19.\n{SURVEY}#1, held so far: accepted; its sender is answered.\n",
    )
    assert call("reopen", "320500", *LATE, "--as-of", "2023-01-06")[1] == (
        f"{SURVEY}: was reopened before, until 2023-01-19.\n"
    )

    (row,) = rows_of("deliveries", "list")
    assert (row["outcome"], row["answers"]) == ("accepted", "1,2")
    (shown,) = rows_of("deliveries", "show", row["id"])
    assert f"注明校验码{shown['check_figure']}，" in call("letters", "show", "2")[1]
    assert [one["bounced"] for one in rows_of("letters", "list")] == [None, None]
    assert call("rebuild", "--verify")[0] == 0


def test_what_is_not_closed_cannot_be_reopened(call):
    code, out, complaint = call("reopen", "320500", *LATE, "--as-of", "2022-09-01")

    assert (code, out) == (2, "")
    assert complaint == f"phaseout: {SURVEY} is not closed: it may be met until 2022-12-31\n"
