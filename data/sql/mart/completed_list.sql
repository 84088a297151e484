-- Every item of the newest accepted completed lists (表5).
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- county: county as reported
-- enterprise_name: name of the enterprise
-- uscc: credit code of the enterprise
-- industry: industry as reported
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment
-- equip_model: model
-- equip_params: main parameters as reported
-- equip_count: how many machines the item stands for
-- capacity: capacity closed
-- capacity_unit: unit of measure of the capacity
-- measure: closure method
-- completed_on: completion date
-- inspected_on: day of the inspection
-- inspecting_body: who inspected
-- result: inspection result
-- submission_id: the submission that says so
CREATE VIEW mart.completed_list AS
SELECT
    campaign_id,
    unit_code,
    county,
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
    completed_on,
    inspected_on,
    inspecting_body,
    result,
    submission_id
FROM core.completed_list_current
ORDER BY campaign_id, unit_code, sheet_no, row_no;
