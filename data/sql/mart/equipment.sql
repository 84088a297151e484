-- Every surveyed equipment item, by the newest accepted survey summary (表2) of its industry.
-- Grain: one row is one item on the newest accepted survey summary of a unit and industry
-- Key: campaign_id, unit_code, industry_key, item_id
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- industry_key: key of the industry
-- county: county as reported ({survey_summary.county})
-- enterprise_name: name of the enterprise ({survey_summary.enterprise_name})
-- uscc: credit code of the enterprise ({survey_summary.uscc})
-- item_id: name of the item over versions and forms
-- product: main product ({survey_summary.product})
-- capacity: capacity of the main product ({survey_summary.capacity})
-- capacity_unit: unit of measure of capacity and output ({survey_summary.capacity_unit})
-- output: output of the year before ({survey_summary.output})
-- process: production process ({survey_summary.process})
-- equip_name: name of the equipment ({survey_summary.equip_name})
-- equip_model: model ({survey_summary.equip_model})
-- equip_params: main parameters as reported ({survey_summary.equip_params})
-- equip_count: how many machines the item stands for ({survey_summary.equip_count})
-- commissioned_month: month of commissioning, such as 2008-06 ({survey_summary.commissioned})
-- is_outdated: whether it is outdated equipment (落后生产工艺装备) ({survey_summary.is_outdated})
-- catalogue_ref: catalogue item as reported ({survey_summary.catalogue_ref})
-- checked_date: day of the site check ({survey_summary.checked_on})
-- measure: closure method planned: 拆除, 封存 or 整体关停; of what is not outdated also 改造 ({survey_summary.measure})
-- plan_date: planned date of closure ({survey_summary.plan_date})
-- submission_id: the submission that says so
-- wording_id: name of the wording that was judged
-- judgement: what our rules say of it: eliminate, restricted, not_in_catalogue or review; a person confirms; empty before it was judged
-- catalogue_item_ids: the catalogue items that decided, by id
-- comparison: what was compared, in Chinese
-- judged_reason: why it came out so, in Chinese
CREATE VIEW mart.equipment AS
SELECT
    surveyed.campaign_id,
    surveyed.unit_code,
    unit.unit_name,
    surveyed.industry_key,
    surveyed.county,
    surveyed.enterprise_name,
    surveyed.uscc,
    surveyed.item_id,
    surveyed.product,
    surveyed.capacity,
    surveyed.capacity_unit,
    surveyed.output,
    surveyed.process,
    surveyed.equip_name,
    surveyed.equip_model,
    surveyed.equip_params,
    surveyed.equip_count,
    surveyed.commissioned AS commissioned_month,
    surveyed.is_outdated,
    surveyed.catalogue_ref,
    surveyed.checked_on AS checked_date,
    surveyed.measure,
    surveyed.plan_date,
    surveyed.submission_id,
    surveyed.wording_id,
    judged.judgement,
    judged.catalogue_items AS catalogue_item_ids,
    judged.comparison,
    judged.reason AS judged_reason
FROM core.survey_summary_current AS surveyed
LEFT JOIN core.unit AS unit
    ON surveyed.campaign_id = unit.campaign_id
    AND surveyed.unit_code = unit.unit_code
LEFT JOIN core.judgement AS judged
    ON surveyed.campaign_id = judged.campaign_id
    AND surveyed.wording_id = judged.wording_id
ORDER BY surveyed.campaign_id, surveyed.unit_code, surveyed.industry_key, surveyed.sheet_no, surveyed.row_no;
