-- Selects by unit and industry what was surveyed (表2), and how the industry was reported: 已报, 零报告, 退回待更正, 未报 or not owed.
WITH counted AS (
    SELECT
        unit_code,
        industry_key,
        count(DISTINCT uscc) AS enterprises,
        count(DISTINCT uscc) FILTER (WHERE is_outdated) AS outdated_enterprises,
        count(*) FILTER (WHERE is_outdated) AS items,
        coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0) AS sets
    FROM mart.equipment
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code, industry_key
),

zero AS (
    SELECT
        obligation_id,
        max_by(is_zero, version) AS is_zero
    FROM mart.submission
    WHERE campaign_id = $campaign_id
        AND form = 'survey_summary'
        AND decision = 'accepted'
    GROUP BY obligation_id
),

owed AS (
    SELECT
        obligation.unit_code,
        obligation.industry AS industry_key,
        CASE
            WHEN obligation.accepted_at IS NOT NULL AND coalesce(zero.is_zero, FALSE) THEN '零报告'
            WHEN obligation.accepted_at IS NOT NULL THEN '已报'
            WHEN obligation.is_exempt THEN '免报'
            WHEN obligation.standing = 'returned' THEN '退回待更正'
            WHEN obligation.arrived_at IS NOT NULL THEN '待审核'
            ELSE '未报'
        END AS filing
    FROM mart.obligation AS obligation
    LEFT JOIN zero
        ON obligation.obligation_id = zero.obligation_id
    WHERE obligation.campaign_id = $campaign_id
        AND obligation.form = 'survey_summary'
        AND NOT coalesce(obligation.is_paper, FALSE)
)

SELECT
    unit.unit_name,
    industry.industry_name,
    coalesce(owed.filing, '—') AS filing,
    coalesce(counted.enterprises, 0)::INTEGER AS enterprises,
    coalesce(counted.outdated_enterprises, 0)::INTEGER AS outdated_enterprises,
    coalesce(counted.items, 0)::INTEGER AS items,
    coalesce(counted.sets, 0)::INTEGER AS sets
FROM mart.unit AS unit
INNER JOIN core.industry AS industry
    ON unit.campaign_id = industry.campaign_id
LEFT JOIN owed
    ON unit.unit_code = owed.unit_code
    AND industry.industry_key = owed.industry_key
LEFT JOIN counted
    ON unit.unit_code = counted.unit_code
    AND industry.industry_key = counted.industry_key
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position, industry.rowid;
