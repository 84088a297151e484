-- Creates the accepted rows of one form; its columns come from the form's definition.
CREATE TABLE core.{form} (
    load_no BIGINT NOT NULL,
    sheet_no INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    item_id VARCHAR,
    wording_id VARCHAR,  -- taken once, when the row is loaded: to hash every row at each question takes seconds
    {column_types}
);

CREATE VIEW core.{form}_current AS
SELECT
    loaded.submission_id,
    loaded.campaign_id,
    loaded.unit_code,
    loaded.industry_key,
    loaded.period,
    loaded.version,
    accepted.* EXCLUDE (load_no)
FROM core.current_submission AS loaded
INNER JOIN core.{form} AS accepted
    ON loaded.load_no = accepted.load_no
WHERE loaded.form = '{form}';
