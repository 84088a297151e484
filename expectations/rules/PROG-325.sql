-- Selects the completion rates of the head that differ from done of all sets of their sheet by more than a tenth of a percent.
WITH counted AS (
    SELECT
        submission_id,
        sheet,
        any_value(stated_rate) AS stated,
        round(100.0 * sum(done_count) / nullif(sum(equip_count), 0), 1) AS computed
    FROM stage_progress
    GROUP BY submission_id, sheet
)

SELECT
    submission_id,
    sheet,
    core.figure(stated) AS found,
    core.figure(stated) AS stated,
    computed
FROM counted
WHERE abs(stated - computed) > 0.1
ORDER BY submission_id, sheet;
