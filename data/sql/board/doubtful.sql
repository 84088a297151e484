-- Selects how many surveyed items of each unit the catalogue does not settle (待核), and since when.
SELECT
    equipment.unit_code,
    count(*) AS items,
    min(submission.decided_at)::DATE AS since
FROM mart.equipment AS equipment
INNER JOIN mart.submission AS submission
    ON equipment.submission_id = submission.submission_id
WHERE equipment.campaign_id = $campaign_id
    AND equipment.judgement = 'review'
GROUP BY equipment.unit_code
ORDER BY since, equipment.unit_code;
