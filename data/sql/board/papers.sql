-- Selects how many sealed copies each unit has still to send after its file passed, and since when.
SELECT
    paper.unit_code,
    count(*) FILTER (WHERE paper.standing <> 'held') AS missing,
    count(*) FILTER (WHERE paper.standing = 'held') AS faulty,
    min(file.accepted_at)::DATE AS since
FROM mart.obligation AS paper
INNER JOIN mart.obligation AS file
    ON paper.campaign_id = file.campaign_id
    AND paper.obligation_id = file.obligation_id || '/paper'
WHERE paper.campaign_id = $campaign_id
    AND paper.is_paper
    AND NOT coalesce(paper.is_exempt, FALSE)
    AND paper.standing NOT IN ('accepted', 'never_filed')
    AND file.accepted_at IS NOT NULL
GROUP BY paper.unit_code
ORDER BY since, paper.unit_code;
