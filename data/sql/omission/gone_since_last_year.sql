-- Selects enterprises of the last campaign's survey summary, with equipment left, that no survey summary of this one names.
WITH left_over AS (
    SELECT
        earlier.unit_code,
        earlier.industry_key,
        earlier.enterprise_name,
        earlier.uscc,
        earlier.equip_count
    FROM core.survey_summary_current AS earlier
    ANTI JOIN core.completed_list_current AS completed
        ON earlier.campaign_id = completed.campaign_id
        AND earlier.uscc = completed.uscc
        AND (earlier.item_id = completed.item_id OR completed.measure = '整体关停')
    WHERE earlier.campaign_id = core.campaign_before($campaign_id)
),

-- A move to another unit or industry, or a new code under the old name, is no absence.
surveyed AS (
    SELECT DISTINCT
        unit_code,
        industry_key,
        uscc,
        core.normalised(enterprise_name) AS name
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
),

filed AS (
    SELECT DISTINCT
        unit_code,
        industry_key
    FROM surveyed
)

SELECT
    'gone_since_last_year' AS signal,
    left_over.unit_code,
    left_over.industry_key,
    min(left_over.enterprise_name) AS enterprise_name,
    left_over.uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    sum(left_over.equip_count) AS sets,
    '上一年度调查汇总表（表2）列有该企业装备' || sum(left_over.equip_count) || '台（套）未列入完成清单（表5），本年度各行业表2中均未见该企业' AS reason
FROM left_over
INNER JOIN filed
    ON left_over.unit_code = filed.unit_code
    AND left_over.industry_key = filed.industry_key
ANTI JOIN surveyed
    ON left_over.uscc = surveyed.uscc
    OR core.normalised(left_over.enterprise_name) = surveyed.name
GROUP BY left_over.unit_code, left_over.industry_key, left_over.uscc
ORDER BY left_over.unit_code, left_over.industry_key, left_over.uscc;
