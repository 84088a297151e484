-- Every item of every accepted version of the progress forms (表3); of a returned version the warehouse has no rows.
-- Grain: one row is one row of one accepted version of a progress form
-- Key: submission_id, sheet_no, row_no
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- period: the month
-- version: version of the submission; the numbers of versions that were returned are missing
-- submission_id: the submission that says so
-- accepted_at: when the version was accepted, China time: from then on it was what we believed
-- replaced_at: when a later version of the same month was accepted, China time; empty of the one that counts today
-- is_current: whether it counts today
-- sheet_no: sheet of the workbook, from 0
-- row_no: row of the sheet, from 1
-- item_id: name of the item over versions, forms and campaigns
-- enterprise_name: name of the enterprise ({progress.enterprise_name})
-- uscc: credit code of the enterprise ({progress.uscc})
-- equip_name: name of the equipment ({progress.equip_name})
-- equip_model: model ({progress.equip_model})
-- equip_params: main parameters as reported ({progress.equip_params})
-- equip_count: how many machines the item stands for ({progress.equip_count})
-- plan_date: planned date of closure ({progress.plan_date})
-- closure_status: closure status as reported: 未启动, 已停产, 已断水断电, 已拆动力, 已封存, 拆除中, 已拆除 or 已验收 ({progress.closure_status})
-- is_closed: whether that counts as closed
-- stopped_date: day on which production stopped ({progress.stopped_on})
-- completed_date: completion date ({progress.completed_on})
CREATE VIEW mart.progress_version AS
SELECT
    campaign_id,
    unit_code,
    period,
    version,
    submission_id,
    accepted_at,
    replaced_at,
    replaced_at IS NULL AS is_current,
    sheet_no,
    row_no,
    item_id,
    enterprise_name,
    uscc,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    plan_date,
    closure_status,
    core.is_closed(
        closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
    ) AS is_closed,
    stopped_on AS stopped_date,
    completed_on AS completed_date
FROM core.progress_version
ORDER BY campaign_id, unit_code, period, version, sheet_no, row_no;
