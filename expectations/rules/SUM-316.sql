-- Selects the rows whose equipment began to work after it was checked on site.
SELECT
    submission_id,
    row_id,
    commissioned AS found,
    checked_on
FROM stage_survey_summary
WHERE commissioned > strftime(checked_on, '%Y-%m')
ORDER BY row_id;
