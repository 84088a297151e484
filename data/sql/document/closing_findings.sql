-- Selects what was found most often in submissions, by the title of the rule.
SELECT
    finding.title,
    count(*)::INTEGER AS count,
    count(DISTINCT submission.unit_code)::INTEGER AS units
FROM mart.finding AS finding
INNER JOIN mart.submission AS submission
    ON finding.submission_id = submission.submission_id
WHERE submission.campaign_id = $campaign_id
GROUP BY finding.title
ORDER BY count(*) DESC, finding.title
LIMIT 5;
