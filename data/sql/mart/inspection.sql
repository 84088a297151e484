-- Every inspected item (表4), by the newest accepted inspection forms.
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- enterprise_name: name of the enterprise
-- uscc: credit code of the enterprise
-- industry: industry as reported
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment
-- equip_model: model
-- equip_params: main parameters as reported
-- equip_count: how many machines the item stands for
-- capacity: capacity of the item
-- capacity_unit: unit of measure of the capacity
-- measure: closure method
-- stopped_on: day on which production stopped
-- dismantled_from: first day of dismantling
-- dismantled_to: last day of dismantling
-- destination: where the equipment went
-- inspected_on: day of the inspection
-- inspecting_body: who inspected
-- team_size: members of the inspection team
-- result: passed (通过), failed (不通过) or rectify (限期整改)
-- rectify_by: last day of the rectification
-- pictures_before: pictures declared, from before the dismantling
-- pictures_after: pictures declared, from after it
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
