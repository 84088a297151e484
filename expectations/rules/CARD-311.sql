-- Selects the rows whose equipment went into production after the survey: the day of the check, else that of filling in.
SELECT
    submission_id,
    row_id,
    commissioned AS found,
    coalesce(checked_on, filled_on) AS surveyed
FROM stage_enterprise_card
WHERE commissioned > strftime(coalesce(checked_on, filled_on), '%Y-%m')
ORDER BY row_id;
