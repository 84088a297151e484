-- Selects what was found in the newest version of each form, the gravest first; of each rule where it was broken and how often.
-- The first five places stand for all.
WITH newest AS (
    SELECT submission_id
    FROM mart.submission
    WHERE campaign_id = $campaign_id
    QUALIFY version = max(version) OVER (PARTITION BY obligation_id)
)

SELECT
    finding.unit_code,
    finding.submission_id,
    finding.rule,
    finding.severity,
    finding.title,
    finding.remedy,
    finding.field_label,
    count(*) AS places,
    list(finding.cell ORDER BY finding.finding_no) FILTER (WHERE finding.cell IS NOT NULL)[:5] AS cells,
    list(finding.row_no ORDER BY finding.finding_no) FILTER (WHERE finding.cell IS NULL AND finding.row_no IS NOT NULL)[:5] AS row_numbers
FROM mart.finding AS finding
INNER JOIN newest
    ON finding.submission_id = newest.submission_id
WHERE finding.campaign_id = $campaign_id
GROUP BY ALL
ORDER BY
    finding.unit_code,
    finding.submission_id,
    min(list_position(['blocking', 'error', 'warning', 'note'], finding.severity)),
    min(finding.finding_no);
