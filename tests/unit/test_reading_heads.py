"""Head values (表头) that stand on a sheet more than once."""

from datetime import date

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


def test_a_value_in_one_cell_with_its_label_keeps_the_signs_that_were_typed():
    head = [["填报单位：南京市工信局（材料处），第２组；　行业：铁合金　　填报日期：２０２２年８月１日"]]

    reading = read(sheet(TITLE, head, header(), [survey_row()]))

    assert reading.head["reporting_unit"] == "南京市工信局（材料处），第２组"
    assert reading.head["industry"] == "铁合金"
    assert reading.head["filled_on"] == date(2022, 8, 1)
