-- Selects the industries whose outdated equipment differs from the accepted survey summary.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.industry AS found,
    staged.outdated_equipment_count AS stated,
    coalesce(sum(surveyed.equip_count), 0) AS computed
FROM stage_inventory_statement AS staged
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND core.normalised(staged.industry) = core.normalised(industry.industry_name)
INNER JOIN core.current_submission AS filed
    ON filed.campaign_id = $campaign_id
    AND staged.unit_code = filed.unit_code
    AND industry.industry_key = filed.industry_key
    AND filed.form = 'survey_summary'
LEFT JOIN core.survey_summary_current AS surveyed
    ON filed.submission_id = surveyed.submission_id
    AND surveyed.is_outdated
GROUP BY staged.submission_id, staged.row_id, staged.industry, staged.outdated_equipment_count
HAVING staged.outdated_equipment_count <> coalesce(sum(surveyed.equip_count), 0)
ORDER BY staged.row_id;
