-- Creates what is told of the history of one form: its rows as of an instant, and the rows of all accepted versions.
CREATE MACRO core.{form}_current_as_of(as_of) AS TABLE
SELECT
    loaded.submission_id,
    loaded.campaign_id,
    loaded.unit_code,
    loaded.industry_key,
    loaded.period,
    loaded.version,
    accepted.* EXCLUDE (load_no)
FROM core.current_submission_as_of(as_of) AS loaded
INNER JOIN core.{form} AS accepted
    ON loaded.load_no = accepted.load_no
WHERE loaded.form = '{form}';

CREATE VIEW core.{form}_version AS
SELECT
    loaded.* EXCLUDE (form),
    accepted.* EXCLUDE (load_no)
FROM core.accepted_version AS loaded
INNER JOIN core.{form} AS accepted
    ON loaded.load_no = accepted.load_no
WHERE loaded.form = '{form}';
