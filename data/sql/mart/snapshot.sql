-- What this snapshot is of: one row a campaign in the file, with the instant up to which it is told.
-- Grain: one row is one campaign in the file
-- Key: campaign_id
-- campaign_id: which campaign
-- cut_off_at: the instant up to which the campaign's data are told (China time)
-- ledger_revision: the ledger's revision at that instant
-- content_hash: SHA-256 over all data in the file, of every campaign; equal data, equal hash. This view is not part of it
-- phaseout_version: version of Phaseout that wrote the file
-- obligation_count: obligations of the campaign
-- submission_count: submissions of the campaign, in whatever way they were decided
-- loaded_count: accepted submissions whose rows are in the file
-- loaded_row_count: rows of these submissions
CREATE VIEW mart.snapshot AS
WITH obligations AS (
    SELECT
        campaign_id,
        count(*) AS obligation_count
    FROM core.obligation
    GROUP BY campaign_id
),

submissions AS (
    SELECT
        campaign_id,
        count(*) AS submission_count
    FROM core.submission
    GROUP BY campaign_id
),

loads AS (
    SELECT
        campaign_id,
        count(*) AS loaded_count,
        CAST(sum(row_count) AS BIGINT) AS loaded_row_count
    FROM core.submission_loaded
    GROUP BY campaign_id
)

SELECT
    cut_off.campaign_id,
    cut_off.cut_off_at,
    cut_off.ledger_revision,
    publication.content_hash,
    publication.phaseout_version,
    coalesce(obligations.obligation_count, 0) AS obligation_count,
    coalesce(submissions.submission_count, 0) AS submission_count,
    coalesce(loads.loaded_count, 0) AS loaded_count,
    coalesce(loads.loaded_row_count, 0) AS loaded_row_count
FROM core.cut_off AS cut_off
CROSS JOIN core.publication AS publication
LEFT JOIN obligations
    ON cut_off.campaign_id = obligations.campaign_id
LEFT JOIN submissions
    ON cut_off.campaign_id = submissions.campaign_id
LEFT JOIN loads
    ON cut_off.campaign_id = loads.campaign_id
ORDER BY cut_off.campaign_id;
