-- Every surveyed equipment item of every accepted version of the survey summaries (表2); of a returned version the warehouse has no rows.
-- Grain: one row is one row of one accepted version of a survey summary
-- Key: submission_id, sheet_no, row_no
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- industry_key: key of the industry
-- version: version of the submission; the numbers of versions that were returned are missing
-- submission_id: the submission that says so
-- accepted_at: when the version was accepted, China time: from then on it was what we believed
-- replaced_at: when a later version was accepted, China time; empty of the one that counts today. What we believed at an instant is the rows with accepted_at <= instant AND (replaced_at IS NULL OR instant < replaced_at)
-- is_current: whether it counts today
-- sheet_no: sheet of the workbook, from 0
-- row_no: row of the sheet, from 1
-- item_id: name of the item over versions, forms and campaigns
-- county: county as reported ({survey_summary.county})
-- enterprise_name: name of the enterprise ({survey_summary.enterprise_name})
-- uscc: credit code of the enterprise ({survey_summary.uscc})
-- equip_name: name of the equipment ({survey_summary.equip_name})
-- equip_model: model ({survey_summary.equip_model})
-- equip_params: main parameters as reported ({survey_summary.equip_params})
-- equip_count: how many machines the item stands for ({survey_summary.equip_count})
-- capacity: capacity of the main product ({survey_summary.capacity})
-- capacity_unit: unit of measure of capacity and output ({survey_summary.capacity_unit})
-- commissioned_month: month of commissioning, such as 2008-06 ({survey_summary.commissioned})
-- is_outdated: whether it is outdated equipment (落后生产工艺装备) ({survey_summary.is_outdated})
-- catalogue_ref: catalogue item as reported ({survey_summary.catalogue_ref})
-- checked_date: day of the site check ({survey_summary.checked_on})
-- measure: closure method planned: 拆除, 封存 or 整体关停; of what is not outdated also 改造 ({survey_summary.measure})
-- plan_date: planned date of closure ({survey_summary.plan_date})
CREATE VIEW mart.equipment_version AS
SELECT
    campaign_id,
    unit_code,
    industry_key,
    version,
    submission_id,
    accepted_at,
    replaced_at,
    replaced_at IS NULL AS is_current,
    sheet_no,
    row_no,
    item_id,
    county,
    enterprise_name,
    uscc,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    capacity,
    capacity_unit,
    commissioned AS commissioned_month,
    is_outdated,
    catalogue_ref,
    checked_on AS checked_date,
    measure,
    plan_date
FROM core.survey_summary_version
ORDER BY campaign_id, unit_code, industry_key, version, sheet_no, row_no;
