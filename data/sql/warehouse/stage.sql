-- Creates the stage of one batch: the submissions of the batch and their 合计 rows as the senders wrote them.
CREATE OR REPLACE TEMP TABLE stage_submission (
    submission_id VARCHAR,
    form VARCHAR,
    campaign_id VARCHAR,
    unit_code VARCHAR,
    industry_key VARCHAR,
    period VARCHAR,
    version INTEGER,
    is_zero BOOLEAN,
    sha256 VARCHAR,
    arrived_on DATE
);

CREATE OR REPLACE TEMP TABLE stage_total (
    submission_id VARCHAR,
    form VARCHAR,
    sheet VARCHAR,
    row_no INTEGER,
    field VARCHAR,
    stated DECIMAL(18, 4)
);
