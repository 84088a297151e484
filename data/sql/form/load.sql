-- Records which staged submissions are taken into the core layer, in the order in which they were accepted.
INSERT INTO core.submission_loaded
SELECT
    $last_load + row_number() OVER (ORDER BY list_position($submissions, staged.submission_id)),
    staged.submission_id,
    staged.form,
    staged.campaign_id,
    staged.unit_code,
    staged.industry_key,
    staged.period,
    staged.version,
    staged.is_zero,
    coalesce(counted.row_count, 0)
FROM stage_submission AS staged
LEFT JOIN (
    SELECT submission_id, count(*) AS row_count
    FROM stage_{form}
    GROUP BY submission_id
) AS counted
    ON staged.submission_id = counted.submission_id
WHERE staged.form = '{form}'
    AND list_contains($submissions, staged.submission_id);
