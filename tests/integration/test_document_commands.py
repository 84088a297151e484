"""Documents (公文) as the command line writes, lists and checks them."""

import docx

from phaseout.settings import PROJECT

STANDARD = PROJECT / "data" / "documents" / "bulletin.docx"


def test_a_document_is_written_once_and_listed(rows_of, home):
    first = rows_of("documents", "write", "corrections", "--as-of", "2022-06-01")
    again = rows_of("documents", "write", "corrections", "--as-of", "2022-06-02")

    assert {(row["版次"], row["新版"]) for row in first} == {("第1版", "是")}
    assert {(row["版次"], row["新版"]) for row in again} == {("第1版", "否")}
    (listed,) = rows_of("documents", "list")
    assert (listed["文件"], listed["版次"], listed["更正"]) == ("更正说明", "第1版", 0)
    (word,) = (home / "published" / "reports").glob("*.docx")
    assert "均没有更正" in "".join(paragraph.text for paragraph in docx.Document(str(word)).paragraphs)


def test_a_month_without_a_bulletin_is_refused(call):
    code, _, complaint = call("documents", "write", "bulletin", "--period", "2022-01", "--as-of", "2022-06-01")

    assert (code, "has no bulletin for 2022-01" in complaint) == (2, True)


def test_a_good_template_is_said_to_be_good(call):
    assert call("documents", "check", STANDARD)[0] == 0


def test_a_broken_template_is_refused_with_its_field(call, tmp_path):
    broken = tmp_path / "bulletin.docx"
    document = docx.Document(str(STANDARD))
    next(one for one in document.paragraphs if one.text == "{{ addressees }}：").text = "各单位："
    document.save(str(broken))

    code, _, complaint = call("documents", "check", broken)

    assert (code, "缺少字段addressees（主送机关）" in complaint) == (2, True)
