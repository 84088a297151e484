-- Selects the submissions whose capacities stand in more than one kind of unit: they are never added.
SELECT
    submission_id,
    NULL AS row_id,
    string_agg(DISTINCT core.normalised(capacity_unit), '、' ORDER BY core.normalised(capacity_unit)) AS found,
    count(DISTINCT core.normalised(capacity_unit)) AS kinds
FROM stage_survey_summary
WHERE capacity_unit IS NOT NULL
GROUP BY submission_id
HAVING count(DISTINCT core.normalised(capacity_unit)) > 1
ORDER BY submission_id;
