-- Every inspected item (表4), by the newest accepted inspection forms.
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- enterprise_name: name of the enterprise ({inspection.enterprise_name})
-- uscc: credit code of the enterprise ({inspection.uscc})
-- industry: industry as reported ({inspection.industry})
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment ({inspection.equip_name})
-- equip_model: model ({inspection.equip_model})
-- equip_params: main parameters as reported ({inspection.equip_params})
-- equip_count: how many machines the item stands for ({inspection.equip_count})
-- capacity: capacity of the item ({inspection.capacity})
-- capacity_unit: unit of measure of the capacity ({inspection.capacity_unit})
-- measure: closure method ({inspection.measure})
-- stopped_on: day on which production stopped ({inspection.stopped_on})
-- dismantled_from: first day of dismantling ({inspection.dismantled_from})
-- dismantled_to: last day of dismantling ({inspection.dismantled_to})
-- destination: where the equipment went ({inspection.destination})
-- inspected_on: day of the inspection ({inspection.inspected_on})
-- inspecting_body: who inspected ({inspection.inspecting_body})
-- team_size: members of the inspection team ({inspection.team_size})
-- result: passed (通过), failed (不通过) or rectify (限期整改) ({inspection.result})
-- rectify_by: last day of the rectification ({inspection.rectify_by})
-- pictures_before: pictures declared, from before the dismantling ({inspection.pictures_before})
-- pictures_after: pictures declared, from after it ({inspection.pictures_after})
-- submission_id: the submission that says so
CREATE VIEW mart.inspection AS
SELECT
    campaign_id,
    unit_code,
    enterprise_name,
    uscc,
    industry,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    capacity,
    capacity_unit,
    measure,
    stopped_on,
    dismantled_from,
    dismantled_to,
    destination,
    inspected_on,
    inspecting_body,
    team_size,
    result,
    rectify_by,
    pictures_before,
    pictures_after,
    submission_id
FROM core.inspection_current
ORDER BY campaign_id, unit_code, sheet_no, row_no;
