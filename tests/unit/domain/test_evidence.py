"""Whether one picture serves twice, and which phases are missing; enterprises are invented."""

import random
from dataclasses import replace
from datetime import datetime

import pytest

from phaseout.domain.calendar import CHINA
from phaseout.domain.evidence import (
    FARTHEST,
    Evidence,
    EvidenceAssignment,
    EvidencePhase,
    MatchedBy,
    OverlapKind,
    Picture,
    as_persons_say,
    assigned,
    bands,
    missing_phases,
    overlaps,
    probes,
)
from phaseout.domain.submission import FileKind

BEFORE, DURING, AFTER = EvidencePhase
LOOK, NEAR_LOOK, FAR_LOOK = "c6bc6a7e8a8c40d7", "c6bc6b7e8a8c4295", "f9c261d201f373e2"
TWO, BOTH = OverlapKind
NOON = datetime(2022, 12, 8, 12, tzinfo=CHINA)


def picture(enterprise="示例合金", phase=BEFORE, *, content="a", look=LOOK, name="1.jpg", **how):
    whole = Evidence(
        delivery="delivery-1",
        campaign="lianyun-2022",
        unit="jia",
        file_name=name,
        sha256=content,
        kind=FileKind.PICTURE,
        size=1000,
        received_at=NOON,
        picture=Picture(320, 240, look=look),
        enterprise=enterprise,
        phase=phase,
    )
    return replace(whole, **how)


def found(*new, known=(), near=6):
    return [(one.kind, one.is_same) for one in overlaps(new, known, near=near)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(picture("虚构造纸"), [(TWO, True)], id="the same file for two enterprises"),
        pytest.param(picture("虚构造纸", content="b"), [(TWO, False)], id="the same look for two enterprises"),
        pytest.param(picture("虚构造纸", content="b", look=NEAR_LOOK), [(TWO, False)], id="nearly the same look"),
        pytest.param(picture("虚构造纸", unit="yi", campaign="lianyun-2021"), [(TWO, True)], id="last year, elsewhere"),
        pytest.param(picture(phase=AFTER), [(BOTH, True)], id="the same file before and after"),
        pytest.param(picture(phase=AFTER, content="b", look=NEAR_LOOK), [(BOTH, False)], id="alike before and after"),
        pytest.param(picture(), [], id="the same file sent again"),
        pytest.param(picture(phase=DURING), [], id="one may stand for what is going on"),
        pytest.param(picture(phase=AFTER, campaign="lianyun-2021"), [], id="what was before is now after"),
        pytest.param(picture("虚构造纸", content="b", look=FAR_LOOK), [], id="another picture"),
        pytest.param(picture("虚构造纸", content="b", look=None), [], id="what has no look is like nothing"),
        pytest.param(picture(None), [], id="nobody knows whose it is"),
    ],
)
def test_a_picture_that_serves_twice_is_found_in_one_delivery_and_in_what_came_before(other, expected):
    assert found(replace(other, file_name="2.jpg"), picture()) == expected
    assert found(picture(), known=[replace(other, delivery="delivery-0")]) == expected


def test_what_was_sent_ten_times_is_told_once():
    again = [picture("虚构造纸", delivery=f"delivery-{number}") for number in range(10)]

    assert found(picture(), known=again) == [(TWO, True)]


def test_a_delivery_that_is_assessed_again_is_not_held_against_itself():
    assert found(picture(), known=[picture("虚构造纸")]) == []


@pytest.mark.parametrize("near", range(FARTHEST + 1))
def test_looks_that_are_near_always_share_a_band_that_is_probed(near):
    chance = random.Random(near)  # noqa: S311 - any looks do
    for _ in range(300):
        look = chance.getrandbits(64)
        other = look
        for bit in chance.sample(range(64), near):
            other ^= 1 << bit
        places = set(probes(f"{look:016x}", near=near))

        assert not places.isdisjoint(enumerate(bands(f"{other:016x}")))


def test_a_person_says_whose_it_is_wherever_the_bytes_come():
    said = EvidenceAssignment("lianyun-2022", "a", "虚构造纸", AFTER, "周示例", "到场核对", NOON)
    hand = assigned(picture(item="矿热炉"), {("lianyun-2022", "a"): said})

    assert (hand.enterprise, hand.phase, hand.item) == ("虚构造纸", AFTER, None)
    assert (hand.matched_by, hand.assigned_by) == (MatchedBy.HAND, "周示例")
    assert [one.enterprise for one in as_persons_say([picture(delivery="delivery-2")], [hand])] == ["虚构造纸"]


def test_an_inspected_enterprise_lacks_the_phases_that_nothing_shows():
    known = [picture(), picture("虚构造纸"), picture("虚构造纸", AFTER), picture(None, AFTER)]

    assert missing_phases(["示例合金", "虚构造纸", "无影像厂"], (BEFORE, AFTER), known) == [
        ("示例合金", (AFTER,)),
        ("无影像厂", (BEFORE, AFTER)),
    ]
    assert missing_phases(["示例合金"], (), known) == []
