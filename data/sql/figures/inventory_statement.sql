-- Adds up what each staged inventory statement says over its industries.
SELECT
    submitted.submission_id,
    coalesce(sum(staged.surveyed_count), 0) AS surveyed,
    coalesce(sum(staged.checked_count), 0) AS checked,
    coalesce(sum(staged.outdated_count), 0) AS outdated,
    coalesce(sum(staged.outdated_equipment_count), 0) AS outdated_sets
FROM stage_submission AS submitted
LEFT JOIN stage_inventory_statement AS staged
    ON submitted.submission_id = staged.submission_id
WHERE submitted.form = 'inventory_statement'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
