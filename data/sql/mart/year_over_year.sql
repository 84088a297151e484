-- The key figures of every campaign in this file, year by year, beside those of the same place's campaign before.
-- Grain: one row is one campaign
-- Key: campaign_id
-- campaign_id: which campaign
-- place: whose campaigns are compared: the campaign's id without its year
-- campaign_year: the campaign's year
-- title: title of the campaign
-- before_campaign_id: the same place's campaign before this one; empty when it is not in this file
-- unit_count: reporting units
-- expected_count: obligations, with those that were never filed; goals, paper and exemptions do not count
-- on_time_rate: obligations whose first submission arrived by the due date, of expected_count, 0 to 1
-- accepted_rate: obligations with an accepted submission, of expected_count, 0 to 1
-- surveyed_items: items in the newest accepted survey summaries (表2)
-- outdated_items: of these, outdated items
-- outdated_sets: outdated sets (台、套)
-- closed_sets: sets closed by the units' newest accepted progress forms (表3)
-- completion_rate: closed sets of the sets on those forms, 0 to 1; empty without any
-- listed_items: items in the newest accepted completed lists (表5)
-- before_outdated_items: outdated_items of the campaign before
-- before_outdated_sets: outdated_sets of the campaign before
-- before_closed_sets: closed_sets of the campaign before
-- before_on_time_rate: on_time_rate of the campaign before
CREATE VIEW mart.year_over_year AS
WITH units AS (
    SELECT
        campaign_id,
        count(*) AS unit_count
    FROM core.unit
    GROUP BY campaign_id
),

filed AS (
    SELECT
        campaign_id,
        count(*) AS expected_count,
        round(count(*) FILTER (WHERE arrived_at IS NOT NULL AND days_late <= 0) / count(*), 4) AS on_time_rate,
        round(count(*) FILTER (WHERE accepted_at IS NOT NULL) / count(*), 4) AS accepted_rate
    FROM core.obligation
    WHERE form IS NOT NULL
        AND NOT coalesce(is_paper, FALSE)
        AND NOT coalesce(is_exempt, FALSE)
    GROUP BY campaign_id
),

surveyed AS (
    SELECT
        loaded.campaign_id,
        count(*) AS surveyed_items,
        count(*) FILTER (WHERE row_of.is_outdated) AS outdated_items,
        coalesce(sum(row_of.equip_count) FILTER (WHERE row_of.is_outdated), 0)::BIGINT AS outdated_sets
    FROM core.current_submission AS loaded
    INNER JOIN core.survey_summary AS row_of
        ON loaded.load_no = row_of.load_no
    GROUP BY loaded.campaign_id
),

progressed AS (
    SELECT
        newest.campaign_id,
        sum(row_of.equip_count)::BIGINT AS sets,
        coalesce(sum(row_of.equip_count) FILTER (
            WHERE core.is_closed(
                row_of.closure_status, row_of.is_water_cut, row_of.is_power_cut, row_of.is_power_unit_removed,
                row_of.is_equipment_sealed, row_of.has_public_commitment
            )
        ), 0)::BIGINT AS closed_sets
    FROM core.newest_progress AS newest
    INNER JOIN core.progress AS row_of
        ON newest.load_no = row_of.load_no
    GROUP BY newest.campaign_id
),

listed AS (
    SELECT
        loaded.campaign_id,
        count(*) AS listed_items
    FROM core.current_submission AS loaded
    INNER JOIN core.completed_list AS row_of
        ON loaded.load_no = row_of.load_no
    GROUP BY loaded.campaign_id
),

told AS (
    SELECT
        year.campaign_id,
        year.place,
        year.campaign_year,
        campaign.title,
        year.campaign_before AS before_campaign_id,
        units.unit_count,
        filed.expected_count,
        filed.on_time_rate,
        filed.accepted_rate,
        coalesce(surveyed.surveyed_items, 0) AS surveyed_items,
        coalesce(surveyed.outdated_items, 0) AS outdated_items,
        coalesce(surveyed.outdated_sets, 0) AS outdated_sets,
        coalesce(progressed.closed_sets, 0) AS closed_sets,
        round(progressed.closed_sets / nullif(progressed.sets, 0), 4) AS completion_rate,
        coalesce(listed.listed_items, 0) AS listed_items
    FROM core.campaign_year AS year
    LEFT JOIN core.campaign AS campaign
        ON year.campaign_id = campaign.campaign_id
    LEFT JOIN units
        ON year.campaign_id = units.campaign_id
    LEFT JOIN filed
        ON year.campaign_id = filed.campaign_id
    LEFT JOIN surveyed
        ON year.campaign_id = surveyed.campaign_id
    LEFT JOIN progressed
        ON year.campaign_id = progressed.campaign_id
    LEFT JOIN listed
        ON year.campaign_id = listed.campaign_id
)

SELECT
    this.*,
    before.outdated_items AS before_outdated_items,
    before.outdated_sets AS before_outdated_sets,
    before.closed_sets AS before_closed_sets,
    before.on_time_rate AS before_on_time_rate
FROM told AS this
LEFT JOIN told AS before
    ON this.before_campaign_id = before.campaign_id
ORDER BY this.place, this.campaign_year;
