-- Creates what is told as of an instant: the ledger's history, and the core layer as it was known then.
CREATE TABLE core.campaign (
    campaign_id VARCHAR NOT NULL,
    title VARCHAR,
    campaign_year INTEGER,
    opened_at TIMESTAMP,
    correction_working_days INTEGER
);

-- The days of a campaign's years; working_days_so_far counts from the first of them, so that lateness is a difference.
CREATE TABLE core.day (
    campaign_id VARCHAR NOT NULL,
    day DATE NOT NULL,
    is_working_day BOOLEAN NOT NULL,
    working_days_so_far INTEGER NOT NULL
);

-- Every obligation as it was known from one instant until just before another; known_until is NULL of what holds today.
CREATE TABLE core.obligation_term (
    campaign_id VARCHAR NOT NULL,
    obligation_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    unit_name VARCHAR,
    milestone VARCHAR NOT NULL,
    form VARCHAR,
    industry VARCHAR,
    period VARCHAR,
    open_date DATE,
    nominal_due_date DATE,
    due_date DATE,
    reminder_date DATE,
    close_date DATE,
    hardness VARCHAR,
    is_paper BOOLEAN,
    is_exempt BOOLEAN,
    known_from TIMESTAMP NOT NULL,
    known_until TIMESTAMP
);

-- Every version of every obligation, paper copies too, as it was judged from one instant until just before another.
CREATE TABLE core.obligation_version (
    campaign_id VARCHAR NOT NULL,
    obligation_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    arrived_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    decision VARCHAR,
    open_findings INTEGER,
    item_count INTEGER,
    closed_count INTEGER,
    known_from TIMESTAMP,
    known_until TIMESTAMP
);

-- The lines of letters, each about one obligation; those of letters that were withdrawn are gone with them.
CREATE TABLE core.letter_item (
    campaign_id VARCHAR NOT NULL,
    letter_id BIGINT NOT NULL,
    obligation_id VARCHAR NOT NULL,
    rung INTEGER NOT NULL,
    climb INTEGER NOT NULL
);

-- Whose campaigns they are: the same place's have the same id but for the year at its end.
CREATE MACRO core.place_of(campaign_id) AS
regexp_replace(campaign_id, '-?\d{4}$', '');

CREATE MACRO core.year_of(campaign_id) AS
TRY_CAST(regexp_extract(campaign_id, '(\d{4})$', 1) AS INTEGER);

-- The campaigns of which something is loaded, each with the same place's one before and after it. An id may do without
-- a year: such a campaign has its year by what it says of itself, and is of a place of its own.
CREATE VIEW core.campaign_year AS
SELECT
    loaded.campaign_id,
    core.place_of(loaded.campaign_id) AS place,
    coalesce(campaign.campaign_year, core.year_of(loaded.campaign_id)) AS campaign_year,
    lag(loaded.campaign_id) OVER of_place AS campaign_before,
    lead(loaded.campaign_id) OVER of_place AS campaign_after
FROM (SELECT DISTINCT campaign_id FROM core.submission_loaded) AS loaded
LEFT JOIN core.campaign AS campaign
    ON loaded.campaign_id = campaign.campaign_id
WINDOW of_place AS (PARTITION BY core.place_of(loaded.campaign_id) ORDER BY loaded.campaign_id);

-- The newest accepted progress form of each unit and campaign.
CREATE VIEW core.newest_progress AS
SELECT
    campaign_id,
    unit_code,
    arg_max(load_no, period) AS load_no
FROM core.current_submission
WHERE form = 'progress'
GROUP BY campaign_id, unit_code;

-- The instant that is asked about; a day, given as a DATE or as ten characters, means its end.
CREATE MACRO core.instant(as_of) AS
CASE
    WHEN length(CAST(as_of AS VARCHAR)) = 10 THEN CAST(as_of AS DATE) + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND
    ELSE CAST(as_of AS TIMESTAMP)
END;

-- Working days of a day past a due date: what comes after it is late, and a day off counts as the working day after it.
CREATE MACRO core.days_late(due_date, due_number, day, day_number, is_working_day) AS
day_number - due_number + CAST(day > due_date AND NOT is_working_day AS INTEGER);

-- Every submission that had arrived, with what had been decided of it.
CREATE MACRO core.submission_as_of(as_of) AS TABLE
SELECT * REPLACE (
    CASE WHEN decided_at <= core.instant(as_of) THEN decided_at END AS decided_at,
    CASE WHEN decided_at <= core.instant(as_of) THEN decision END AS decision,
    CASE WHEN decided_at <= core.instant(as_of) THEN finding_count END AS finding_count
)
FROM core.submission
WHERE arrived_at <= core.instant(as_of);

-- Every finding of what had been decided.
CREATE MACRO core.finding_as_of(as_of) AS TABLE
SELECT finding.*
FROM core.finding AS finding
INNER JOIN core.submission AS submission
    ON finding.submission_id = submission.submission_id
WHERE submission.decided_at <= core.instant(as_of);

-- Every submission that had been accepted, as it was loaded.
CREATE MACRO core.submission_loaded_as_of(as_of) AS TABLE
SELECT loaded.*
FROM core.submission_loaded AS loaded
INNER JOIN core.submission AS submission
    ON loaded.submission_id = submission.submission_id
WHERE submission.decided_at <= core.instant(as_of);

-- The newest submission of each obligation that had been accepted.
CREATE MACRO core.current_submission_as_of(as_of) AS TABLE
SELECT
    campaign_id,
    unit_code,
    form,
    industry_key,
    period,
    arg_max(load_no, version) AS load_no,
    arg_max(submission_id, version) AS submission_id,
    max(version) AS version,
    arg_max(is_zero, version) AS is_zero
FROM core.submission_loaded_as_of(as_of)
GROUP BY campaign_id, unit_code, form, industry_key, period;

-- Every letter that had been written. When a letter was withdrawn is not recorded: such a letter is so from the first.
CREATE MACRO core.letter_as_of(as_of) AS TABLE
SELECT * REPLACE (
    CASE
        WHEN state = 'withdrawn' OR settled_at <= core.instant(as_of) THEN state
        WHEN is_released IS NULL AND state = 'draft' THEN 'draft'
        WHEN decided_at > core.instant(as_of) THEN 'draft'
        ELSE 'queued'
    END AS state,
    CASE WHEN settled_at <= core.instant(as_of) THEN settled_at END AS settled_at,
    CASE WHEN decided_at <= core.instant(as_of) THEN is_released END AS is_released,
    CASE WHEN decided_at <= core.instant(as_of) THEN decided_at END AS decided_at
)
FROM core.letter
WHERE created_at <= core.instant(as_of);

-- Every obligation that was known, with where it stood: what `standings` of the domain says, by SQL alone.
CREATE MACRO core.obligation_as_of(as_of) AS TABLE
WITH known AS (
    SELECT
        term.*,
        CAST(core.instant(as_of) AS DATE) AS asked_day,
        due.working_days_so_far AS due_number
    FROM core.obligation_term AS term
    LEFT JOIN core.day AS due
        ON term.campaign_id = due.campaign_id
        AND term.due_date = due.day
    WHERE term.known_from <= core.instant(as_of)
        AND (term.known_until IS NULL OR core.instant(as_of) < term.known_until)
),

seen AS (
    SELECT
        known.campaign_id,
        known.unit_code,
        known.obligation_id,
        known.period IS NOT NULL AND NOT known.is_paper AS tells_of_goals,
        CAST(version.arrived_at AS DATE) <= known.close_date AS counts,
        version.version,
        version.arrived_at,
        CASE WHEN version.decided_at <= core.instant(as_of) THEN version.decided_at END AS decided_at,
        CASE WHEN version.decided_at <= core.instant(as_of) THEN version.decision END AS decision,
        version.open_findings,
        coalesce(version.item_count, 0) AS item_count,
        greatest(coalesce(version.item_count, 0) - coalesce(version.closed_count, 0), 0) AS open_count
    FROM known
    INNER JOIN core.obligation_version AS version
        ON known.obligation_id = version.obligation_id
    WHERE version.arrived_at <= core.instant(as_of)
        AND (version.known_from IS NULL OR version.known_from <= core.instant(as_of))
        AND (version.known_until IS NULL OR core.instant(as_of) < version.known_until)
),

filed AS (
    SELECT
        obligation_id,
        count(*) AS versions,
        min(arrived_at) FILTER (WHERE counts) AS arrived_at,
        first(decided_at ORDER BY arrived_at, version) FILTER (WHERE counts AND decision = 'accepted') AS accepted_at,
        last(
            {'decision': decision, 'decided_at': decided_at, 'open_findings': open_findings}
            ORDER BY arrived_at, version
        ) FILTER (WHERE counts) AS latest
    FROM seen
    GROUP BY obligation_id
),

progress AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY campaign_id, unit_code ORDER BY obligation_id, version) AS place
    FROM seen
    WHERE tells_of_goals
        AND decision = 'accepted'
),

since_open AS (
    SELECT
        *,
        max(CASE WHEN open_count > 0 THEN place ELSE 0 END) OVER (PARTITION BY campaign_id, unit_code) AS last_open
    FROM progress
),

told AS (
    SELECT
        campaign_id,
        unit_code,
        arg_max(open_count, place) AS open_count,
        arg_max(item_count, place) AS item_count,
        arg_min(arrived_at, place) FILTER (WHERE place > last_open) AS met_arrived_at,
        arg_min(decided_at, place) FILTER (WHERE place > last_open) AS met_at
    FROM since_open
    GROUP BY campaign_id, unit_code
),

stood AS (
    SELECT
        known.*,
        known.form IS NULL AS is_goal,
        CASE
            WHEN known.form IS NOT NULL AND filed.accepted_at IS NOT NULL THEN 'accepted'
            WHEN known.form IS NOT NULL AND filed.arrived_at IS NOT NULL THEN coalesce(filed.latest.decision, 'received')
            WHEN known.form IS NOT NULL AND known.asked_day > known.close_date THEN 'never_filed'
            WHEN known.form IS NULL AND known.asked_day >= known.open_date AND told.open_count = 0 THEN 'accepted'
            WHEN known.form IS NULL AND known.asked_day < known.open_date THEN 'not_open'
            WHEN known.asked_day > known.due_date THEN 'late'
            WHEN known.asked_day >= known.open_date THEN 'open'
            ELSE 'not_open'
        END AS bare_standing,
        CASE WHEN known.form IS NOT NULL THEN filed.arrived_at END AS arrived_at,
        CASE WHEN known.form IS NOT NULL THEN coalesce(filed.versions, 0) ELSE 0 END AS versions,
        filed.accepted_at,
        filed.latest,
        told.open_count,
        told.item_count,
        told.met_at,
        told.met_arrived_at
    FROM known
    LEFT JOIN filed
        ON known.obligation_id = filed.obligation_id
    LEFT JOIN told
        ON known.campaign_id = told.campaign_id
        AND known.unit_code = told.unit_code
),

counted AS (
    SELECT
        stood.*,
        core.days_late(
            stood.due_date, stood.due_number, counting.day, counting.working_days_so_far, counting.is_working_day
        ) AS bare_days_late,
        returned.working_days_so_far AS returned_number
    FROM stood
    LEFT JOIN core.day AS counting
        ON stood.campaign_id = counting.campaign_id
        AND counting.day = CASE
            WHEN stood.arrived_at IS NOT NULL THEN CAST(stood.arrived_at AS DATE)
            WHEN stood.is_goal AND stood.bare_standing = 'accepted' THEN CAST(stood.met_arrived_at AS DATE)
            ELSE least(stood.asked_day, stood.close_date)
        END
    LEFT JOIN core.day AS returned
        ON stood.campaign_id = returned.campaign_id
        AND stood.bare_standing = 'returned'
        AND CAST(stood.latest.decided_at AS DATE) = returned.day
),

late AS (
    SELECT
        counted.*,
        CASE
            WHEN counted.is_goal AND counted.bare_standing = 'not_open' THEN 0
            WHEN counted.is_goal AND counted.bare_standing = 'accepted' AND counted.item_count = 0 THEN 0
            WHEN counted.is_goal AND counted.bare_standing = 'accepted' THEN least(counted.bare_days_late, 0)
            ELSE counted.bare_days_late
        END AS counted_days_late,
        greatest(correction.day, counted.due_date) AS correction_date
    FROM counted
    LEFT JOIN core.campaign AS campaign
        ON counted.campaign_id = campaign.campaign_id
    LEFT JOIN core.day AS correction
        ON counted.campaign_id = correction.campaign_id
        AND correction.is_working_day
        AND counted.returned_number + campaign.correction_working_days = correction.working_days_so_far
),

worded AS (
    SELECT
        *,
        CASE WHEN counted_days_late > 0 THEN '逾期' || counted_days_late || '个工作日' ELSE '按期' END AS lateness,
        CASE
            WHEN bare_standing IN ('late', 'never_filed') AND is_exempt THEN 'open'
            ELSE bare_standing
        END AS standing
    FROM late
)

SELECT
    campaign_id,
    obligation_id,
    unit_code,
    unit_name,
    milestone,
    form,
    industry,
    period,
    nominal_due_date,
    due_date,
    reminder_date,
    close_date,
    hardness,
    is_paper,
    is_exempt,
    standing,
    CASE
        WHEN is_exempt AND standing <> 'accepted' THEN '经批准免报'
        WHEN is_goal AND standing = 'not_open' THEN '尚未开始'
        WHEN is_goal AND standing = 'accepted' AND item_count = 0 THEN '无任务'
        WHEN is_goal AND standing = 'accepted' THEN '已全部关停'
        WHEN is_goal AND standing = 'open' THEN '正在推进'
        WHEN is_goal AND open_count IS NULL THEN '未报送进展，无法判定'
        WHEN is_goal THEN '尚有' || open_count || '项未关停'
        WHEN standing = 'not_open' THEN '尚未到报送时间'
        WHEN standing = 'open' THEN '报送期内，尚未报送'
        WHEN standing = 'late' THEN '未报送，已' || lateness
        WHEN standing = 'received' THEN lateness || '报送，待审核'
        WHEN standing = 'held' THEN lateness || '报送，待人工核定'
        WHEN standing = 'returned' THEN lateness || '报送，已退回，更正期限' || strftime(correction_date, '%Y年%-m月%-d日')
        WHEN standing = 'accepted' THEN lateness || '报送，审核通过'
        ELSE '报送关闭日前始终未报'
    END AS reason,
    arrived_at,
    CASE WHEN is_goal AND standing = 'accepted' THEN met_at WHEN NOT is_goal THEN accepted_at END AS accepted_at,
    CASE WHEN is_exempt THEN 0 ELSE counted_days_late END AS days_late,
    versions,
    CASE
        WHEN is_goal OR standing = 'accepted' THEN 0
        WHEN latest.decision IS NULL THEN 0
        ELSE latest.open_findings
    END AS open_findings
FROM worded;

-- Every accepted submission that is loaded, with when its rows counted, and the loads before and after it: of an earlier or later version or month.
-- newest_load_no is the load of its newest version, empty when it is that one itself.
CREATE VIEW core.accepted_version AS
SELECT
    loaded.load_no,
    loaded.submission_id,
    loaded.form,
    loaded.campaign_id,
    loaded.unit_code,
    loaded.industry_key,
    loaded.period,
    loaded.version,
    submission.decided_at AS accepted_at,
    min(submission.decided_at) OVER (
        PARTITION BY loaded.campaign_id, loaded.unit_code, loaded.form, loaded.industry_key, loaded.period
        ORDER BY loaded.version
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS replaced_at,
    nullif(
        last_value(loaded.load_no) OVER (
            PARTITION BY loaded.campaign_id, loaded.unit_code, loaded.form, loaded.industry_key, loaded.period
            ORDER BY loaded.version
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ),
        loaded.load_no
    ) AS newest_load_no,
    lag(loaded.load_no) OVER followed AS before_load_no,
    lead(loaded.load_no) OVER followed AS after_load_no
FROM core.submission_loaded AS loaded
LEFT JOIN core.submission AS submission
    ON loaded.submission_id = submission.submission_id
WINDOW followed AS (
    PARTITION BY loaded.campaign_id, loaded.unit_code, loaded.form, loaded.industry_key
    ORDER BY loaded.period, loaded.version
);

-- Every version of every obligation, as it is judged today.
CREATE VIEW core.judged_version AS
SELECT
    campaign_id,
    obligation_id,
    version,
    arrived_at,
    decided_at,
    decision
FROM core.obligation_version
WHERE known_until IS NULL;

-- Every version that had arrived, as it was judged then.
CREATE MACRO core.judged_version_as_of(as_of) AS TABLE
SELECT
    campaign_id,
    obligation_id,
    version,
    arrived_at,
    CASE WHEN decided_at <= core.instant(as_of) THEN decided_at END AS decided_at,
    CASE WHEN decided_at <= core.instant(as_of) THEN decision END AS decision
FROM core.obligation_version
WHERE arrived_at <= core.instant(as_of)
    AND (known_from IS NULL OR known_from <= core.instant(as_of))
    AND (known_until IS NULL OR core.instant(as_of) < known_until);
