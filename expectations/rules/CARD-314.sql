-- Selects the cards whose conclusion finds outdated equipment while no row is said to be any.
SELECT
    submission_id,
    min(row_id) AS row_id,
    any_value(verdict) AS found
FROM stage_enterprise_card
GROUP BY submission_id, sheet
HAVING bool_or(verdict = '属于')
    AND NOT bool_or(coalesce(self_judged = '是', FALSE))
ORDER BY row_id;
