"""Pictures and videos that come with workbooks: registered, matched by name, and told of when they serve twice."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.evidence import EvidencePhase, MatchedBy, PictureFault
from phaseout.domain.submission import FileKind, Outcome
from phaseout.settings import PROJECT
from phaseout.usecases.assign_evidence import (
    NobodyAssigns,
    NoSuchEnterprise,
    NoSuchEvidence,
    assign,
    list_evidence,
)
from tests.pictures import photo
from tests.unit.usecases.office import Office, at, new_warehouse
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, inspection, survey

ALLOY, PAPER = "苏州示例合金有限公司", "吴中虚构造纸有限公司"
BEFORE, DURING, AFTER = EvidencePhase
MORNING, LATER = "2022-12-09 10:00", "2022-12-10 10:00"


class WantsPictures(FileDefinitions):
    """Jiangsu's campaign as it would be if it wanted a picture of before and after of each inspection."""

    def campaign(self, campaign):
        return replace(super().campaign(campaign), evidence_phases=(BEFORE, AFTER))


def zipped(**files):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def two_inspected():
    return survey({"enterprise_name": ALLOY}, {"enterprise_name": PAPER, "uscc": "91320281MA1TE5T26P"})


def registered(office):
    return [(one.file_name, one.enterprise, one.phase, one.matched_by) for one in office.ledger.evidence()]


def told(office, answer=-1):
    return office.text(office.answers()[answer])


def assigned(office, sha256, enterprise=ALLOY, *, phase=BEFORE, by="周示例", reason="到场核对", moment=LATER):
    return assign(
        sha256,
        campaign_id=CAMPAIGN,
        enterprise=enterprise,
        phase=phase,
        by=by,
        reason=reason,
        as_of=at(moment),
        ledger=office.ledger,
        warehouse=office.warehouse,
    )


def listed(office, *, unit=None, is_unassigned=False):
    return list_evidence(
        CAMPAIGN, unit=unit, is_unassigned=is_unassigned, definitions=office.definitions, ledger=office.ledger
    )


def test_pictures_and_videos_are_matched_by_name_and_by_folder(office):
    pictures = zipped(**{f"{ALLOY}/拆除后/IMG_001.jpg": photo(2), "说明.txt": b"x"})
    office.receive(
        MORNING,
        SUZHOU,
        ("表4.xlsx", inspection()),
        (f"{ALLOY}-矿热炉-拆除前-1.jpg", photo(1)),
        ("现场.mp4", b"video"),
        ("盖章件.pdf", b"%PDF"),
        ("佐证.zip", pictures),
    )

    assert registered(office) == [
        (f"{ALLOY}-矿热炉-拆除前-1.jpg", ALLOY, BEFORE, MatchedBy.NAME),
        ("现场.mp4", None, None, None),
        (f"佐证/{ALLOY}/拆除后/IMG_001.jpg", ALLOY, AFTER, MatchedBy.FOLDER),
    ]
    first, video, _ = office.ledger.evidence()
    assert (first.unit, first.kind, first.item, first.picture.width) == (SUZHOU, FileKind.PICTURE, "矿热炉／HTK-A", 320)
    assert (video.kind, video.size, video.picture.look) == (FileKind.VIDEO, 5, None)
    assert office.archive.get(video.sha256) == b"video"
    assert "随件影像（照片、视频）3件收悉，其中2件已对应到企业，1件未能对应，由我厅人工归类" in told(office)
    assert [outcome for outcome, _ in office.outcomes()] != [Outcome.REFUSED]


def test_an_answer_to_a_mail_without_pictures_says_nothing_of_them(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert "影像" not in told(office)


def test_enterprises_of_forms_that_were_accepted_before_are_known(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    office.receive("2022-08-09 10:00", SUZHOU, ("表2.xlsx", survey({}, {})), ("苏州示例合金拆除后.jpg", photo(1)))

    assert registered(office) == [("苏州示例合金拆除后.jpg", ALLOY, AFTER, MatchedBy.NAME)]


def test_pictures_alone_are_answered_and_kept(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    office.receive("2022-08-09 10:00", SUZHOU, (f"{ALLOY}-拆除后.jpg", photo(1)))

    assert registered(office) == [(f"{ALLOY}-拆除后.jpg", ALLOY, AFTER, MatchedBy.NAME)]
    assert "随件影像（照片、视频）1件收悉" in told(office)


def test_a_picture_in_an_inbox_folder_is_kept_as_what_it_is(office):
    office.drop(SUZHOU, "表2.xlsx", survey({}))
    office.drop(SUZHOU, f"{ALLOY}-拆除后.jpg", photo(1))
    office.collect("2022-08-08 10:00")
    office.assess("2022-08-08 10:00")

    assert registered(office) == [(f"{ALLOY}-拆除后.jpg", ALLOY, AFTER, MatchedBy.NAME)]


def test_what_waits_in_quarantine_is_not_registered(office):
    office.receive(MORNING, "stranger@elsewhere.example", ("表4.xlsx", inspection()), ("拆除后.jpg", photo(1)))

    assert registered(office) == []


def test_the_same_picture_for_two_enterprises_is_told_and_returns_nothing(office):
    office.receive(
        "2022-08-08 10:00",
        SUZHOU,
        ("表2.xlsx", survey({})),
        (f"{ALLOY}-拆除前.jpg", photo(1)),
        (f"{ALLOY}-拆除后.jpg", photo(1, quality=40)),
    )
    letter = told(office)

    assert "影像核对：以下情况请核实，不影响报表的审核结论" in letter
    assert f"{ALLOY}的拆除前影像与拆除后影像高度近似：“{ALLOY}-拆除后.jpg”与“{ALLOY}-拆除前.jpg”，请核实。" in letter
    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.ACCEPTED]


def test_a_picture_of_another_unit_is_known_again_and_that_unit_is_not_named(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})), (f"{ALLOY}-拆除前.jpg", photo(1)))
    theirs = survey({"enterprise_name": "江阴虚构造纸有限公司"}, unit=WUXI)
    office.receive("2022-08-09 10:00", WUXI, ("表2.xlsx", theirs), ("江阴虚构造纸-拆除前.jpg", photo(1)))

    checks = told(office).partition("影像核对")[2].partition("联系处室")[0]
    assert "“江阴虚构造纸-拆除前.jpg”（江阴虚构造纸有限公司）与其他填报单位报送的另一企业影像为同一影像" in checks
    assert "苏州" not in checks
    doubts = {row["unit"]: row["doubts"] for row in listed(office)}
    assert ALLOY in doubts[WUXI]
    assert "江阴虚构造纸有限公司" in doubts[SUZHOU]


def test_the_same_picture_sent_again_with_a_correction_is_nothing(office):
    for moment in ("2022-08-08 10:00", "2022-08-09 10:00"):
        office.receive(moment, SUZHOU, (f"表2{moment[9]}.xlsx", survey({})), (f"{ALLOY}-拆除前.jpg", photo(1)))

    assert "影像核对" not in told(office)
    assert len(office.ledger.evidence()) == 2


def test_a_picture_that_cannot_be_opened_is_named(office):
    office.receive(MORNING, SUZHOU, ("表4.xlsx", inspection()), (f"{ALLOY}<b>-拆除前.jpg", b"broken"))

    assert office.ledger.evidence()[0].picture.fault is PictureFault.UNREADABLE
    assert f"“{ALLOY}<b>-拆除前.jpg”无法打开，请核对后重新报送。" in told(office)
    html = office.message(office.answers()[-1]).get_body(("html",)).get_content()
    assert f"“{ALLOY}&lt;b&gt;-拆除前.jpg”无法打开" in html


def test_a_campaign_that_wants_phases_is_told_which_are_missing():
    office = Office(definitions=WantsPictures(PROJECT))
    office.open()
    office.receive(MORNING, SUZHOU, ("表4.xlsx", inspection()), (f"{ALLOY}-拆除前.jpg", photo(1)))
    office.receive(LATER, SUZHOU, ("表4.xlsx", inspection(team_size=4)), (f"{ALLOY}-拆除后.jpg", photo(2)))

    assert f"{ALLOY}缺少拆除后影像，请补报。" in told(office, 0)
    assert "缺少" not in told(office, 1)


def test_a_campaign_that_wants_none_names_none_missing(office):
    office.receive(MORNING, SUZHOU, ("表4.xlsx", inspection()), (f"{ALLOY}-拆除前.jpg", photo(1)))

    assert "缺少" not in told(office)


# A person assigns


@pytest.fixture
def unmatched(office):
    """An office with a picture of which no name says whose it is."""
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})), ("IMG_1.jpg", photo(1)))
    return office


def test_a_person_says_whose_picture_it_is_and_the_same_file_is_known_when_it_comes_again(unmatched):
    (picture,) = unmatched.ledger.evidence()
    assert [row["file"] for row in listed(unmatched, is_unassigned=True)] == ["IMG_1.jpg"]

    assert assigned(unmatched, picture.sha256[:8]) == (picture.sha256, True)
    assert assigned(unmatched, picture.sha256[:8]) == (picture.sha256, False)
    unmatched.receive("2022-08-10 10:00", SUZHOU, ("表2.xlsx", survey({}, {})), ("IMG_9.jpg", photo(1)))

    assert registered(unmatched) == [
        ("IMG_1.jpg", ALLOY, BEFORE, MatchedBy.HAND),
        ("IMG_9.jpg", ALLOY, BEFORE, MatchedBy.HAND),
    ]
    assert "随件影像（照片、视频）1件收悉，均已按文件名或者文件夹名对应到企业" in told(unmatched)
    assert listed(unmatched, is_unassigned=True) == []
    assert listed(unmatched, unit=WUXI) == []


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"by": " "}, NobodyAssigns),
        ({"reason": ""}, NobodyAssigns),
        ({"enterprise": "没有报过的厂"}, NoSuchEnterprise),
        ({"sha256": "0" * 64}, NoSuchEvidence),
        ({"sha256": ""}, NoSuchEvidence),
    ],
)
def test_an_assignment_that_means_nothing_is_refused(unmatched, how, error):
    before = registered(unmatched)
    (picture,) = unmatched.ledger.evidence()

    with pytest.raises(error):
        assigned(unmatched, **({"sha256": picture.sha256} | how))

    assert registered(unmatched) == before


def test_the_board_asks_the_office_to_compare_pictures_that_serve_twice(tmp_path):
    office = Office(warehouse=new_warehouse(tmp_path / "warehouse.duckdb"))
    office.open()
    office.receive(
        "2022-08-08 10:00",
        SUZHOU,
        ("表2.xlsx", survey({})),
        (f"{ALLOY}-拆除前.jpg", photo(1)),
        (f"{ALLOY}-拆除后.jpg", photo(1, quality=60)),
    )
    office.publish("2022-08-09 09:00", tmp_path / "phaseout.duckdb")

    todo = next(todo for todo in office.pages.sites[-1].todos if todo.title == "影像核对")
    assert (todo.unit_name, todo.detail) == ("苏州市", "用于两家企业或者同时作为拆除前后的相同、近似影像1组")
