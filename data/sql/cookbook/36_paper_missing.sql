-- Whose sealed paper copies are missing although the file passed?
-- 哪些设区市电子件已通过，但纸质件尚未寄到？
-- The paper copy (纸质件) is an obligation of its own: the same id with `/paper` behind it.
SELECT
    file.unit_name,
    file.form,
    count(*) AS file_count,
    count(*) FILTER (WHERE paper.standing = 'accepted') AS paper_count,
    count(*) FILTER (WHERE paper.standing <> 'accepted') AS missing_count
FROM mart.obligation AS file
INNER JOIN mart.obligation AS paper
    ON paper.campaign_id = file.campaign_id
    AND paper.obligation_id = file.obligation_id || '/paper'
WHERE file.campaign_id = 'jiangsu-2022'
    AND file.standing = 'accepted'
GROUP BY file.unit_code, file.unit_name, file.form
HAVING missing_count > 0
ORDER BY missing_count DESC, file.unit_code;
