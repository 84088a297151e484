"""Enterprises that did not close in time (提请协调): a draft a unit to the coordination body, from the warehouse."""

from datetime import date

import pytest

from phaseout.domain.letter import LetterKind, LetterState
from tests.unit.usecases.papers import DISMANTLED, SUZHOU, WUXI, progress, survey

REMARK = "企业负责人王某称银行不同意"


@pytest.fixture
def late_closures(small_office):
    """Return an office in December; Suzhou's progress form leaves a furnace open, Wuxi filed none."""
    small_office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", survey({})))
    november = progress(
        {"open_reason": "职工安置", "next_step": REMARK, "remark": REMARK},
        as_of=date(2022, 11, 30),
        filled_on=date(2022, 11, 29),
    )
    small_office.receive("2022-11-29 10:00", SUZHOU, ("十一月.xlsx", november))
    small_office.catch_up()
    return small_office


def coordination(office, *states):
    return [letter for letter in office.letters(*states) if letter.kind is LetterKind.COORDINATION]


@pytest.mark.parametrize(
    ("day", "is_drafted"),
    [
        pytest.param("2022-11-30", False, id="the last day for closures"),
        pytest.param("2022-12-02", False, id="two working days after"),
        pytest.param("2022-12-03", False, id="a Saturday"),
        pytest.param("2022-12-05", True, id="three working days after"),
        pytest.param("2022-12-30", True, id="after an outage"),
    ],
)
def test_open_items_are_drafted_for_the_coordination_body_by_the_enterprise_ladder(late_closures, day, is_drafted):
    late_closures.remind(f"{day} 09:00")

    assert bool(coordination(late_closures)) is is_drafted


def test_the_draft_names_the_enterprise_its_equipment_and_the_kind_of_reason(late_closures):
    late_closures.remind("2022-12-05 09:00")

    (draft,) = coordination(late_closures)
    assert (draft.state, draft.unit, draft.recipient) == (LetterState.DRAFT, SUZHOU, "xietiao@gxt-jiangsu.example")
    text = late_closures.text(draft)
    assert text.startswith("淘汰落后产能工作协调机构：")
    said = "1. 苏州示例合金有限公司：矿热炉2台（套）；计划完成时限：2022年10月31日；未完成原因：职工安置。"
    assert said in text
    assert "苏州市落后生产工艺装备关停淘汰到期，尚有1家企业2台（套）装备未关停淘汰，期限2022年11月30日" in draft.subject
    assert late_closures.files(draft) == ["苏州市-到期未关停淘汰装备清单.xlsx"]


def test_nobodys_own_words_leave_the_house(late_closures):
    late_closures.remind("2022-12-05 09:00")

    (draft,) = coordination(late_closures)
    (list_of_items,) = late_closures.message(draft).iter_attachments()
    assert "职工安置" in list_of_items.get_content().decode()
    assert "王某" not in late_closures.text(draft) + list_of_items.get_content().decode()


def test_a_draft_is_written_once(late_closures):
    late_closures.remind("2022-12-05 09:00")
    late_closures.remind("2022-12-05 15:00")
    late_closures.remind("2022-12-06 09:00")

    assert len(coordination(late_closures)) == 1


def test_a_draft_that_nobody_released_never_leaves(late_closures):
    late_closures.remind("2022-12-05 09:00")
    late_closures.deliver("2022-12-05 09:05")

    assert [letter.state for letter in coordination(late_closures)] == [LetterState.DRAFT]


def test_without_a_progress_form_there_is_no_enterprise_to_name(late_closures):
    late_closures.remind("2022-12-05 09:00")

    assert [letter.unit for letter in coordination(late_closures)] == [SUZHOU]
    assert late_closures.view(f"{WUXI}/closure", "2022-12-05 09:00").reason == "未报送进展，无法判定"


def test_each_draft_names_the_enterprises_of_its_own_unit_alone(late_closures):
    larger = {"equip_count": 5}
    late_closures.receive("2022-11-28 10:00", WUXI, ("铁合金.xlsx", survey(larger, unit=WUXI)))
    november = progress(larger, unit=WUXI, as_of=date(2022, 11, 30), filled_on=date(2022, 11, 29))
    late_closures.receive("2022-11-29 10:00", WUXI, ("十一月.xlsx", november))
    late_closures.catch_up()

    late_closures.remind("2022-12-05 09:00")

    subjects = {letter.unit: letter.subject for letter in coordination(late_closures)}
    assert "尚有1家企业2台（套）" in subjects[SUZHOU]
    assert "尚有1家企业5台（套）" in subjects[WUXI]


def test_what_was_closed_is_not_brought_before_anybody(late_closures):
    supplement = progress(DISMANTLED, as_of=date(2022, 11, 30), filled_on=date(2022, 12, 1))
    late_closures.receive("2022-12-01 10:00", SUZHOU, ("十一月更新.xlsx", supplement))
    late_closures.catch_up()

    late_closures.remind("2022-12-05 09:00")

    assert coordination(late_closures) == []


def test_a_draft_is_taken_back_when_a_form_tells_that_all_is_closed(late_closures):
    late_closures.remind("2022-12-05 09:00")
    supplement = progress(DISMANTLED, as_of=date(2022, 11, 30), filled_on=date(2022, 12, 1))
    late_closures.receive("2022-12-05 10:00", SUZHOU, ("十一月更新.xlsx", supplement))
    late_closures.catch_up()

    late_closures.remind("2022-12-06 09:00")

    assert [letter.state for letter in coordination(late_closures)] == [LetterState.WITHDRAWN]
