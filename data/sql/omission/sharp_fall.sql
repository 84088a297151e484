-- Selects units and industries of which a survey counts far less than in the last campaign; what was completed then is not counted.
WITH summaries AS (
    SELECT
        surveyed.campaign_id,
        surveyed.unit_code,
        surveyed.industry_key,
        count(DISTINCT surveyed.uscc) AS enterprises,
        sum(surveyed.equip_count) AS sets
    FROM core.survey_summary_current AS surveyed
    ANTI JOIN core.completed_list_current AS completed
        ON surveyed.campaign_id = completed.campaign_id
        AND surveyed.uscc = completed.uscc
        AND (surveyed.item_id = completed.item_id OR completed.measure = '整体关停')
        AND completed.campaign_id < $campaign_id
    WHERE surveyed.campaign_id IN ($campaign_id, core.campaign_before($campaign_id))
    GROUP BY surveyed.campaign_id, surveyed.unit_code, surveyed.industry_key
),

statements AS (
    SELECT
        stated.campaign_id,
        stated.unit_code,
        industry.industry_key,
        sum(stated.surveyed_count) AS enterprises
    FROM core.inventory_statement_current AS stated
    INNER JOIN core.industry AS industry
        ON industry.campaign_id = $campaign_id
        AND core.normalised(stated.industry) = core.normalised(industry.industry_name)
    WHERE stated.campaign_id IN ($campaign_id, core.campaign_before($campaign_id))
    GROUP BY stated.campaign_id, stated.unit_code, industry.industry_key
),

counted AS (
    SELECT campaign_id, unit_code, industry_key, enterprises AS amount, '调查汇总表（表2）企业' AS what, '家' AS measure
    FROM summaries
    UNION ALL
    SELECT campaign_id, unit_code, industry_key, sets, '调查汇总表（表2）装备', '台（套）'
    FROM summaries
    UNION ALL
    SELECT campaign_id, unit_code, industry_key, enterprises, '排查完成情况表排查企业', '家'
    FROM statements
)

SELECT
    'sharp_fall' AS signal,
    earlier.unit_code,
    earlier.industry_key,
    NULL AS enterprise_name,
    NULL AS uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    earlier.amount - this_year.amount AS sets,
    earlier.what || '上一年度' || earlier.amount || earlier.measure || '（不含已完成淘汰的），本年度' || this_year.amount || earlier.measure
    || '，减少' || CAST(round(100.0 * (earlier.amount - this_year.amount) / earlier.amount) AS INTEGER) || '%' AS reason
FROM counted AS earlier
INNER JOIN counted AS this_year
    ON earlier.unit_code = this_year.unit_code
    AND earlier.industry_key = this_year.industry_key
    AND earlier.what = this_year.what
WHERE earlier.campaign_id < $campaign_id
    AND this_year.campaign_id = $campaign_id
    AND earlier.amount >= $before
    AND 100 * (earlier.amount - this_year.amount) >= $percent * earlier.amount
ORDER BY earlier.unit_code, earlier.industry_key, earlier.what;
