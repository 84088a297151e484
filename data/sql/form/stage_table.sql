-- Creates the stage of one form: its rows as submitted, without personal fields.
CREATE OR REPLACE TEMP TABLE stage_{form} (
    submission_id VARCHAR,
    row_id BIGINT,
    sheet VARCHAR,
    sheet_no INTEGER,
    row_no INTEGER,
    campaign_id VARCHAR,
    unit_code VARCHAR,
    industry_key VARCHAR,
    period VARCHAR,
    version INTEGER,
    has_remark BOOLEAN,
    item_id VARCHAR,
    {column_types}
);
