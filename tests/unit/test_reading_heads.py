"""Head values (表头) that stand on a sheet more than once."""

from tests.form_samples import HEAD, TITLE, breaches_of, header, read, sheet, survey_row


def test_a_head_value_that_is_written_twice_alike_is_no_contradiction():
    reading = read(sheet(TITLE, HEAD, HEAD, header(), [survey_row()]))

    assert reading.head["reporting_unit"] == "南京市"
    assert breaches_of(reading) == []


def test_a_label_without_a_value_takes_the_place_of_none_that_has_one():
    empty = [["填报单位（盖章）：", "", "", "", "行业：", "铁合金"]]

    before = read(sheet(TITLE, empty, HEAD, header(), [survey_row()]))
    after = read(sheet(TITLE, HEAD, empty, header(), [survey_row()]))
    twice_empty = read(sheet(TITLE, empty, empty, header(), [survey_row()]))

    assert before.head == after.head
    assert before.head["reporting_unit"] == "南京市"
    assert twice_empty.head["reporting_unit"] is None
    assert twice_empty.head_cells["Sheet1", "reporting_unit"] == "B3"  # where the unit is to write it
