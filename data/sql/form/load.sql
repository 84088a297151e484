-- Records which submissions of one form were just taken into the core layer, with number and hash of their rows.
INSERT INTO core.submission_loaded
WITH hashed AS (
    SELECT
        load_no,
        sheet_no,
        row_no,
        core.row_hash(json_array(sheet_no, row_no, item_id, wording_id, {columns})) AS row_hash
    FROM core.{form}
    WHERE load_no > $last_load
),

counted AS (
    SELECT
        load_no,
        count(*) AS row_count,
        sha256(string_agg(row_hash, '' ORDER BY sheet_no, row_no, row_hash)) AS content_hash
    FROM hashed
    GROUP BY load_no
),

fresh AS (
    SELECT
        *,
        $last_load + row_number() OVER (ORDER BY list_position($submissions, submission_id)) AS load_no
    FROM stage_submission
    WHERE form = '{form}'
        AND list_contains($submissions, submission_id)
)

SELECT
    fresh.load_no,
    fresh.submission_id,
    fresh.form,
    fresh.campaign_id,
    fresh.unit_code,
    fresh.industry_key,
    fresh.period,
    fresh.version,
    fresh.is_zero,
    fresh.sha256,
    coalesce(counted.row_count, 0),
    coalesce(counted.content_hash, sha256(''))
FROM fresh
LEFT JOIN counted
    ON fresh.load_no = counted.load_no;
