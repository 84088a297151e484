-- Which industries did each city report as having nothing?
-- 各设区市对哪些行业作了零报告？
-- A zero report (零报告) is a statement, and accepted as one; silence is not one.
SELECT
    unit.unit_name,
    count(*) FILTER (WHERE submission.is_zero) AS zero_report_count,
    count(*) AS submission_count,
    string_agg(industry.industry_name, '、' ORDER BY industry.industry_key) FILTER (WHERE submission.is_zero) AS zero_industries
FROM mart.submission AS submission
INNER JOIN mart.unit AS unit
    ON submission.campaign_id = unit.campaign_id
    AND submission.unit_code = unit.unit_code
INNER JOIN mart.industry AS industry
    ON submission.campaign_id = industry.campaign_id
    AND submission.industry_key = industry.industry_key
WHERE submission.campaign_id = 'jiangsu-2022'
    AND submission.form = 'survey_summary'
    AND submission.decision = 'accepted'
GROUP BY unit.position, unit.unit_name
ORDER BY zero_report_count DESC, unit.position;
