-- As of an instant: every inspected item (表4), by the newest accepted inspection forms.
-- Grain: one row is one item on the newest accepted inspection form of a unit
-- Key: campaign_id, unit_code, item_id
-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- enterprise_name: name of the enterprise ({inspection.enterprise_name})
-- uscc: credit code of the enterprise ({inspection.uscc})
-- industry_name: industry as reported ({inspection.industry})
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment ({inspection.equip_name})
-- equip_model: model ({inspection.equip_model})
-- equip_params: main parameters as reported ({inspection.equip_params})
-- equip_count: how many machines the item stands for ({inspection.equip_count})
-- capacity: capacity of the item ({inspection.capacity})
-- capacity_unit: unit of measure of the capacity ({inspection.capacity_unit})
-- measure: closure method: 拆除, 封存 or 整体关停 ({inspection.measure})
-- stopped_date: day on which production stopped ({inspection.stopped_on})
-- dismantled_from_date: first day of dismantling ({inspection.dismantled_from})
-- dismantled_to_date: last day of dismantling ({inspection.dismantled_to})
-- destination: where the equipment went: 报废切割, 出售 or 留存封存 ({inspection.destination})
-- inspected_date: day of the inspection ({inspection.inspected_on})
-- inspecting_body: who inspected ({inspection.inspecting_body})
-- team_member_count: members of the inspection team ({inspection.team_size})
-- result: inspection result: 通过 (passed), 不通过 (failed) or 限期整改 (rectify) ({inspection.result})
-- rectify_by_date: last day of the rectification ({inspection.rectify_by})
-- before_picture_count: pictures declared, from before the dismantling ({inspection.pictures_before})
-- after_picture_count: pictures declared, from after it ({inspection.pictures_after})
-- submission_id: the submission that says so
CREATE MACRO mart.inspection_as_of(as_of) AS TABLE
SELECT
    campaign_id,
    unit_code,
    enterprise_name,
    uscc,
    industry AS industry_name,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    capacity,
    capacity_unit,
    measure,
    stopped_on AS stopped_date,
    dismantled_from AS dismantled_from_date,
    dismantled_to AS dismantled_to_date,
    destination,
    inspected_on AS inspected_date,
    inspecting_body,
    team_size AS team_member_count,
    result,
    rectify_by AS rectify_by_date,
    pictures_before AS before_picture_count,
    pictures_after AS after_picture_count,
    submission_id
FROM core.inspection_current_as_of(as_of)
ORDER BY campaign_id, unit_code, sheet_no, row_no;
