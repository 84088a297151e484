-- What each unit's filings of a milestone took: submitted, on time, accepted, accepted first time, days and letters, each by itself.
-- Grain: one row is one milestone, or one month of it, of one unit; obligations on paper and exempt ones are not counted
-- Key: campaign_id, unit_code, milestone, period
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- milestone: id of the milestone, such as summary; its name is the title of mart.milestone
-- period: the month it speaks of; empty when it has none
-- expected: obligations, with those that were never filed
-- received: obligations with a submission
-- on_time: obligations whose first submission arrived by the due date
-- accepted: obligations with an accepted submission
-- accepted_first_time: obligations whose first submission was accepted
-- received_rate: received of expected, 0 to 1
-- on_time_rate: on_time of expected, 0 to 1
-- accepted_rate: accepted of expected, 0 to 1
-- accepted_first_time_rate: accepted_first_time of expected, 0 to 1
-- office_days: calendar days, with fraction, that submissions lay with the office, over all versions; empty without any
-- office_days_per_version: office_days by decided or waiting submissions; empty without any
-- unit_days: calendar days, with fraction, that returned forms lay with the unit; empty without any
-- letter_count: unprompted letters about obligations that were sent; one about several obligations counts once for each
-- letters_per_obligation: letter_count of expected
CREATE VIEW mart.unit_measure AS
WITH counted AS (
    SELECT
        campaign_id,
        unit_code,
        unit_name,
        milestone,
        period,
        count(*) AS expected,
        count(*) FILTER (WHERE is_submitted) AS received,
        count(*) FILTER (WHERE is_on_time) AS on_time,
        count(*) FILTER (WHERE is_accepted) AS accepted,
        count(*) FILTER (WHERE is_accepted_first_time) AS accepted_first_time,
        sum(version_count) AS versions,
        round(sum(office_days), 3) AS office_days,
        round(sum(unit_days), 3) AS unit_days,
        sum(letter_count)::BIGINT AS letter_count
    FROM mart.obligation_measure
    WHERE is_expected
    GROUP BY campaign_id, unit_code, unit_name, milestone, period
)

SELECT
    campaign_id,
    unit_code,
    unit_name,
    milestone,
    period,
    expected,
    received,
    on_time,
    accepted,
    accepted_first_time,
    round(received / expected, 4) AS received_rate,
    round(on_time / expected, 4) AS on_time_rate,
    round(accepted / expected, 4) AS accepted_rate,
    round(accepted_first_time / expected, 4) AS accepted_first_time_rate,
    office_days,
    round(office_days / nullif(versions, 0), 3) AS office_days_per_version,
    unit_days,
    letter_count,
    round(letter_count / expected, 3) AS letters_per_obligation
FROM counted
ORDER BY campaign_id, unit_code, milestone, period;
