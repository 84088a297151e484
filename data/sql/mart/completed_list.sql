-- Every item of the newest accepted completed lists (表5).
-- Grain: one row is one item on the newest accepted completed list of a unit
-- Key: campaign_id, unit_code, item_id
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- county: county as reported ({completed_list.county})
-- enterprise_name: name of the enterprise ({completed_list.enterprise_name})
-- uscc: credit code of the enterprise ({completed_list.uscc})
-- industry_name: industry as reported ({completed_list.industry})
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment ({completed_list.equip_name})
-- equip_model: model ({completed_list.equip_model})
-- equip_params: main parameters as reported ({completed_list.equip_params})
-- equip_count: how many machines the item stands for ({completed_list.equip_count})
-- capacity: capacity closed ({completed_list.capacity})
-- capacity_unit: unit of measure of the capacity ({completed_list.capacity_unit})
-- measure: closure method: 拆除, 封存 or 整体关停 ({completed_list.measure})
-- completed_date: completion date ({completed_list.completed_on})
-- inspected_date: day of the inspection ({completed_list.inspected_on})
-- inspecting_body: who inspected ({completed_list.inspecting_body})
-- result: inspection result: 通过, 不通过 or 限期整改 ({completed_list.result})
-- submission_id: the submission that says so
CREATE VIEW mart.completed_list AS
SELECT
    campaign_id,
    unit_code,
    county,
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
    completed_on AS completed_date,
    inspected_on AS inspected_date,
    inspecting_body,
    result,
    submission_id
FROM core.completed_list_current
ORDER BY campaign_id, unit_code, sheet_no, row_no;
