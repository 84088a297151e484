"""Writing documents (公文): which version comes out, what it corrects, and what is written again."""

from datetime import date

import pytest

from phaseout.domain.document import DocumentKind, FigureChange
from phaseout.usecases.take_stock.bulletin import NoBulletin
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, DISMANTLED, SUZHOU, progress, survey

SEPTEMBER = {"as_of": date(2022, 9, 30), "filled_on": date(2022, 9, 28)}
CLOSED = DISMANTLED | {"stopped_on": date(2022, 9, 1), "completed_on": date(2022, 9, 20)}


@pytest.fixture
def reporting(small_office):
    """Return an office that has Suzhou's survey and its progress form of September, and has written the bulletin."""
    small_office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    small_office.receive("2022-09-28 10:00", SUZHOU, ("九月.xlsx", progress({}, **SEPTEMBER)))
    small_office.write_document(DocumentKind.BULLETIN, "2022-10-01 09:00", period="2022-09")
    return small_office


def bulletin(office, moment):
    return office.write_document(DocumentKind.BULLETIN, moment, period="2022-09")


def test_unchanged_figures_make_no_new_version_and_what_a_clerk_edited_stays(reporting):
    (name,) = reporting.documents.files
    before, as_written = reporting.ledger.documents(CAMPAIGN), reporting.documents.files[name]
    reporting.documents.files[name] = b"edited"

    again = [bulletin(reporting, moment) for moment in ("2022-10-01 09:00", "2022-10-09 15:00")]
    edited = dict(reporting.documents.files)
    reporting.documents.files.clear()
    restored = bulletin(reporting, "2022-12-31 09:00")

    assert [(one.version, one.is_new) for one in (*again, restored)] == [(1, False)] * 3
    assert reporting.ledger.documents(CAMPAIGN) == before
    assert edited == {name: b"edited"}
    assert reporting.documents.files == {name: as_written}  # lost, it is written again with the same bytes


def test_changed_figures_make_the_next_version_and_say_by_which_submission_even_after_a_crash(reporting, monkeypatch):
    reporting.receive("2022-10-08 10:00", SUZHOU, ("九月更正.xlsx", progress(CLOSED, **SEPTEMBER)))

    def crash(files):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:  # between the ledger and the file
        patched.setattr(reporting.documents, "keep", crash)
        with pytest.raises(OSError, match="No space"):
            bulletin(reporting, "2022-10-09 09:00")
    second = bulletin(reporting, "2022-10-10 09:00")

    assert (second.version, second.is_new) == (2, False)
    assert sorted(reporting.documents.files) == [f"bulletin/{CAMPAIGN}-2022-09-第{n}版.docx" for n in (1, 2)]
    assert reporting.documents.editions[f"bulletin/{CAMPAIGN}-2022-09-第2版.docx"].before_as_of == at(
        "2022-10-01 09:00"
    )
    changes = reporting.ledger.documents(CAMPAIGN)[-1].changes
    by = "2022年9月关停淘汰落后生产工艺装备进展情况表第2版（2022年10月8日审核通过）"
    assert FigureChange("苏州市", "累计完成台（套）数", "0", "2", by) in changes
    assert FigureChange("合计", "完成率", "0.0%", "100.0%", "随各单位数据变动") in changes
    assert {change.place for change in changes} == {"苏州市", "合计"}


def test_the_list_of_corrections_tells_every_change_of_every_document(reporting):
    reporting.receive("2022-10-08 10:00", SUZHOU, ("九月更正.xlsx", progress(CLOSED, **SEPTEMBER)))
    bulletin(reporting, "2022-10-09 09:00")

    reporting.write_document(DocumentKind.CORRECTIONS, "2022-10-10 09:00")

    (corrected,) = reporting.documents.editions[f"corrections/{CAMPAIGN}-第1版.docx"].facts["corrected"]
    assert (corrected["document"], corrected["version"]) == ("2022年9月情况通报", 2)
    assert {change["place"] for change in corrected["changes"]} == {"苏州市", "合计"}


@pytest.mark.parametrize("period", [None, "2022-11", "2023-05"], ids=["no month", "not open yet", "no such month"])
def test_a_month_without_a_bulletin_is_named(small_office, period):
    with pytest.raises(NoBulletin, match="has no bulletin"):
        small_office.write_document(DocumentKind.BULLETIN, "2022-10-01 09:00", period=period)


def test_the_summary_tells_zero_reports_from_silence(reporting):
    reporting.receive("2022-08-10 10:00", SUZHOU, ("造纸.xlsx", survey(industry="造纸")))

    reporting.write_document(DocumentKind.SUMMARY, "2022-10-01 09:00")

    lists = reporting.documents.editions[f"summary/{CAMPAIGN}-第1版.docx"].lists
    filings = {row["填报单位"]: (row["铁合金"], row["造纸"], row["制革"]) for row in lists["报送情况"]}
    assert filings == {"无锡市": ("未报", "未报", "—"), "苏州市": ("已报", "零报告", "—")}
    assert lists["落后装备台（套）数"][-1]["铁合金"] == 2


def test_a_figure_of_an_industry_is_corrected_by_submissions_of_that_industry(reporting):
    reporting.write_document(DocumentKind.SUMMARY, "2022-10-01 09:00")
    reporting.receive("2022-10-02 10:00", SUZHOU, ("造纸.xlsx", survey(industry="造纸")))
    reporting.receive("2022-10-03 10:00", SUZHOU, ("铁合金.xlsx", survey({"equip_count": 5})))

    reporting.write_document(DocumentKind.SUMMARY, "2022-10-08 09:00")

    changes = [one for one in reporting.ledger.documents(CAMPAIGN)[-1].changes if one.place == "苏州市"]
    told = {(industry, one.by) for one in changes for industry in ("铁合金", "造纸") if one.figure.startswith(industry)}
    assert len(told) == 2
    assert all(f"（{industry}）第" in by and "；" not in by for industry, by in told)


def test_the_closing_report_tells_what_is_open_and_why(reporting):
    reporting.write_document(DocumentKind.CLOSING, "2022-12-16 09:00")

    edition = reporting.documents.editions[f"closing/{CAMPAIGN}-第1版.docx"]
    assert [(one["reason"], one["sets"]) for one in edition.facts["reasons"]] == [("未说明", 2)]
    assert edition.facts["totals"]["left_open"] == 2
    (open_item,) = edition.lists["未完成清单"]
    assert open_item["企业名称"] == "苏州示例合金有限公司"
