-- Every surveyed equipment item in every campaign year, beside the same place's campaigns before and after: new, still there, or gone.
-- Grain: one row is one item in the survey summaries of one unit and campaign, over its industries
-- Key: campaign_id, unit_code, item_id
-- campaign_id: which campaign
-- place: whose campaigns are compared: the campaign's id without its year
-- campaign_year: the campaign's year
-- unit_code: division code of the unit
-- item_id: name of the item over versions, forms and campaigns; another spelling of model or parameters is another item
-- enterprise_name: name of the enterprise ({survey_summary.enterprise_name})
-- uscc: credit code of the enterprise ({survey_summary.uscc})
-- equip_name: name of the equipment ({survey_summary.equip_name})
-- equip_model: model ({survey_summary.equip_model})
-- sets: how many machines the item stands for ({survey_summary.equip_count})
-- is_outdated: whether it is outdated equipment (落后生产工艺装备) ({survey_summary.is_outdated})
-- closure_status: where the year's newest progress form leaves it: 未启动, 已停产, 已断水断电, 已拆动力, 已封存, 拆除中, 已拆除 or 已验收 ({progress.closure_status}); empty when it lists it not
-- is_closed: whether that counts as closed; empty when no progress form of the year lists it
-- before_sets: how many machines it stood for in the campaign before; empty when it was not surveyed then
-- is_closed_before: whether it was closed by the last progress form of the campaign before, and yet is surveyed again
-- is_new: whether the campaign before did not survey it; empty when no campaign before is in this file
-- is_gone_after: whether the campaign after does not survey it any more; empty when no campaign after is in this file
CREATE VIEW mart.equipment_year AS
WITH surveyed AS (
    SELECT
        campaign_id,
        unit_code,
        item_id,
        min(enterprise_name) AS enterprise_name,
        min(uscc) AS uscc,
        min(equip_name) AS equip_name,
        min(equip_model) AS equip_model,
        sum(coalesce(equip_count, 0))::BIGINT AS sets,
        bool_or(is_outdated) AS is_outdated
    FROM core.survey_summary_current
    GROUP BY campaign_id, unit_code, item_id
),

followed AS (
    SELECT
        newest.campaign_id,
        newest.unit_code,
        progress.item_id,
        arg_min(progress.closure_status, core.status_rank(progress.closure_status)) AS closure_status,
        bool_and(
            core.is_closed(
                progress.closure_status, progress.is_water_cut, progress.is_power_cut, progress.is_power_unit_removed,
                progress.is_equipment_sealed, progress.has_public_commitment
            )
        ) AS is_closed
    FROM core.newest_progress AS newest
    INNER JOIN core.progress AS progress
        ON newest.load_no = progress.load_no
    GROUP BY newest.campaign_id, newest.unit_code, progress.item_id
)

SELECT
    this.campaign_id,
    campaign.place,
    campaign.campaign_year,
    this.unit_code,
    this.item_id,
    this.enterprise_name,
    this.uscc,
    this.equip_name,
    this.equip_model,
    this.sets,
    this.is_outdated,
    followed.closure_status,
    followed.is_closed,
    before.sets AS before_sets,
    coalesce(closed_before.is_closed, FALSE) AS is_closed_before,
    CASE WHEN campaign.campaign_before IS NOT NULL THEN before.item_id IS NULL END AS is_new,
    CASE WHEN campaign.campaign_after IS NOT NULL THEN after.item_id IS NULL END AS is_gone_after
FROM surveyed AS this
INNER JOIN core.campaign_year AS campaign
    ON this.campaign_id = campaign.campaign_id
LEFT JOIN surveyed AS before
    ON campaign.campaign_before = before.campaign_id
    AND this.unit_code = before.unit_code
    AND this.item_id = before.item_id
LEFT JOIN surveyed AS after
    ON campaign.campaign_after = after.campaign_id
    AND this.unit_code = after.unit_code
    AND this.item_id = after.item_id
LEFT JOIN followed
    ON this.campaign_id = followed.campaign_id
    AND this.unit_code = followed.unit_code
    AND this.item_id = followed.item_id
LEFT JOIN followed AS closed_before
    ON campaign.campaign_before = closed_before.campaign_id
    AND this.unit_code = closed_before.unit_code
    AND this.item_id = closed_before.item_id
ORDER BY this.campaign_id, this.unit_code, this.item_id;
