-- Creates what does not depend on a form: loads, the mirror of the ledger, and the words that rules and marts share.
CREATE SCHEMA core;
CREATE SCHEMA mart;

-- Which definitions this file was built from; another fingerprint means: build it again.
CREATE TABLE core.layout (
    fingerprint VARCHAR NOT NULL
);

-- What the snapshot of this file says of itself: written as it is published, so in the live file it is of the last time.
CREATE TABLE core.publication (
    content_hash VARCHAR,
    phaseout_version VARCHAR
);
INSERT INTO core.publication VALUES (NULL, NULL);

-- One row an accepted submission whose rows were taken in; load_no is the order of loading and ties rows to it,
-- sha256 is of the workbook, content_hash over the rows as they were taken in: by it a row that has changed is found.
CREATE TABLE core.submission_loaded (
    load_no BIGINT PRIMARY KEY,
    submission_id VARCHAR UNIQUE NOT NULL,
    form VARCHAR NOT NULL,
    campaign_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    industry_key VARCHAR,
    period VARCHAR,
    version INTEGER NOT NULL,
    is_zero BOOLEAN NOT NULL,
    sha256 VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    content_hash VARCHAR NOT NULL
);

-- The hash of one row: over its values as a JSON list, which tells NULL from an empty text and one value from the next.
CREATE MACRO core.row_hash(listed) AS
sha256(CAST(listed AS VARCHAR));

-- The newest accepted submission of each obligation.
CREATE VIEW core.current_submission AS
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
FROM core.submission_loaded
GROUP BY campaign_id, unit_code, form, industry_key, period;

-- The same place's last campaign before this one, such as jiangsu-2021 before jiangsu-2022; NULL where none is on hand.
CREATE MACRO core.campaign_before(this_campaign) AS (
    SELECT max(earlier.campaign_id)
    FROM core.submission_loaded AS earlier
    WHERE earlier.campaign_id < this_campaign
        AND regexp_replace(earlier.campaign_id, '\d{4}$', '') = regexp_replace(this_campaign, '\d{4}$', '')
);

-- One hash a campaign and table of the mirror below, taken when its rows were replaced; where there are none, there is no hash.
CREATE TABLE core.mirror_hash (
    campaign_id VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL
);

-- From here on: the mirror of the ledger and of the campaign's data, replaced by refresh.
-- As of which instant, and of which revision of the ledger, the mirror of a campaign is; no part of the content.
CREATE TABLE core.cut_off (
    campaign_id VARCHAR NOT NULL,
    cut_off_at TIMESTAMP NOT NULL,
    ledger_revision BIGINT NOT NULL
);

CREATE TABLE core.unit (
    campaign_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    unit_name VARCHAR NOT NULL,
    short_name VARCHAR,
    body VARCHAR,
    position INTEGER
);

CREATE TABLE core.county (
    campaign_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    county_code VARCHAR NOT NULL,
    county_name VARCHAR NOT NULL
);

CREATE TABLE core.industry (
    campaign_id VARCHAR NOT NULL,
    industry_key VARCHAR NOT NULL,
    industry_name VARCHAR NOT NULL,
    industry_office VARCHAR
);

-- The industries that each unit answers for, be it with a zero report.
CREATE TABLE core.required_industry (
    campaign_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    industry_key VARCHAR NOT NULL,
    position INTEGER
);

CREATE TABLE core.milestone (
    campaign_id VARCHAR NOT NULL,
    milestone VARCHAR NOT NULL,
    title VARCHAR,
    kind VARCHAR,
    hardness VARCHAR,
    owed_per VARCHAR,
    basis VARCHAR,
    position INTEGER
);

CREATE TABLE core.obligation (
    campaign_id VARCHAR NOT NULL,
    obligation_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    unit_name VARCHAR,
    milestone VARCHAR NOT NULL,
    form VARCHAR,
    industry VARCHAR,
    period VARCHAR,
    nominal_due_date DATE,
    due_date DATE,
    reminder_date DATE,
    close_date DATE,
    hardness VARCHAR,
    is_paper BOOLEAN,
    is_exempt BOOLEAN,
    standing VARCHAR,
    reason VARCHAR,
    arrived_at TIMESTAMP,
    accepted_at TIMESTAMP,
    days_late INTEGER,
    versions INTEGER,
    open_findings INTEGER
);

CREATE TABLE core.submission (
    campaign_id VARCHAR NOT NULL,
    submission_id VARCHAR NOT NULL,
    obligation_id VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    industry VARCHAR,
    period VARCHAR,
    version INTEGER NOT NULL,
    sha256 VARCHAR,
    arrived_at TIMESTAMP,
    decided_at TIMESTAMP,
    decision VARCHAR,
    is_zero BOOLEAN,
    finding_count INTEGER
);

CREATE TABLE core.finding (
    campaign_id VARCHAR NOT NULL,
    submission_id VARCHAR NOT NULL,
    finding_no INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    title VARCHAR,
    remedy VARCHAR,
    row_no INTEGER,
    cell VARCHAR,
    field VARCHAR,
    field_label VARCHAR
);

CREATE TABLE core.letter (
    campaign_id VARCHAR NOT NULL,
    letter_id BIGINT NOT NULL,
    unit_code VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    day DATE,
    state VARCHAR,
    item_count INTEGER,
    created_at TIMESTAMP,
    settled_at TIMESTAMP,
    is_released BOOLEAN,
    decided_at TIMESTAMP
);

-- The catalogue by which a campaign's equipment is judged.
CREATE TABLE core.catalogue_item (
    campaign_id VARCHAR NOT NULL,
    catalogue VARCHAR NOT NULL,
    source VARCHAR,
    item VARCHAR NOT NULL,
    industry VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    kind VARCHAR,
    section VARCHAR,
    name VARCHAR NOT NULL,
    conditions VARCHAR,
    exceptions VARCHAR,
    deadline DATE,
    confidence VARCHAR,
    evidence VARCHAR
);

-- The judgement of each distinct wording of surveyed equipment; near_… tell of a value just beyond a threshold.
CREATE TABLE core.judgement (
    campaign_id VARCHAR NOT NULL,
    wording_id VARCHAR NOT NULL,
    judgement VARCHAR NOT NULL,
    catalogue_items VARCHAR,
    comparison VARCHAR,
    reason VARCHAR,
    is_on_threshold BOOLEAN NOT NULL,
    is_missing BOOLEAN NOT NULL,
    near_item VARCHAR,
    near_parameter VARCHAR,
    near_value VARCHAR,
    near_threshold VARCHAR,
    near_permille INTEGER
);

-- Enterprises of outside lists (比对名单) that the survey is held against.
CREATE TABLE core.comparison_list (
    campaign_id VARCHAR NOT NULL,
    list_name VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    industry_key VARCHAR NOT NULL,
    enterprise_name VARCHAR NOT NULL,
    uscc VARCHAR
);

-- Signals that something may have been left out (疑似漏报), ranked.
CREATE TABLE core.suspected_omission (
    campaign_id VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    signal VARCHAR NOT NULL,
    signal_word VARCHAR NOT NULL,
    look_at VARCHAR NOT NULL,
    unit_code VARCHAR NOT NULL,
    industry_key VARCHAR,
    enterprise_name VARCHAR,
    uscc VARCHAR,
    item_id VARCHAR,
    equip_name VARCHAR,
    equip_model VARCHAR,
    equip_params VARCHAR,
    catalogue_items VARCHAR,
    sets INTEGER,
    reason VARCHAR NOT NULL
);

-- What two texts must share to count as the same: no blanks, no case, one width of brackets and marks.
CREATE MACRO core.normalised(words) AS
upper(regexp_replace(translate(coalesce(words, ''), '（），；：×＊', '(),;:XX'), '\s', '', 'g'));

-- The name of an equipment item over versions and forms.
CREATE MACRO core.item_id(parts) AS
substr(md5(core.normalised(array_to_string(list_transform(parts, lambda part: coalesce(part, '')), '|'))), 1, 16);

-- The name of a wording of equipment: all that a judgement of it rests on.
CREATE MACRO core.wording_id(industry_key, equip_name, equip_model, equip_params, product, process, capacity, capacity_unit, commissioned) AS
core.item_id([industry_key, equip_name, equip_model, equip_params, product, process, CAST(capacity AS VARCHAR), capacity_unit, commissioned]);

-- A place's name without the word that says what kind of place it is.
CREATE MACRO core.place(words) AS
regexp_replace(core.normalised(words), '(市|县|区)$', '');

-- A month as officials write it, such as 2022年9月.
CREATE MACRO core.month_words(period) AS
strftime(CAST(period || '-01' AS DATE), '%Y年%-m月');

-- The order in which closure statuses follow one another.
CREATE MACRO core.status_rank(closure_status) AS
CASE closure_status
    WHEN '未启动' THEN 0
    WHEN '已停产' THEN 1
    WHEN '已断水断电' THEN 2
    WHEN '已拆动力' THEN 3
    WHEN '已封存' THEN 4
    WHEN '拆除中' THEN 5
    WHEN '已拆除' THEN 6
    WHEN '已验收' THEN 7
END;

-- Sealed with all five sealing conditions.
CREATE MACRO core.is_sealed(closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment) AS
coalesce(
    closure_status = '已封存'
    AND is_water_cut AND is_power_cut AND is_power_unit_removed AND is_equipment_sealed AND has_public_commitment,
    FALSE
);

-- Closed: dismantled, passed, or sealed with all five sealing conditions.
CREATE MACRO core.is_closed(closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment) AS
coalesce(closure_status IN ('已拆除', '已验收'), FALSE)
OR core.is_sealed(closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment);

-- What the marts' tables and columns mean, from the heads of their SQL files.
CREATE TABLE core.dictionary (
    table_name VARCHAR NOT NULL,
    column_name VARCHAR,
    position INTEGER NOT NULL,
    description VARCHAR NOT NULL,
    asked_as VARCHAR,
    grain VARCHAR,
    key_columns VARCHAR,
    data_type VARCHAR,
    is_key BOOLEAN
);

-- A figure as people write it, without the zeros that a fixed scale adds.
CREATE MACRO core.figure(number) AS
regexp_replace(CAST(number AS VARCHAR), '(\.\d*?)0+$', '\1').rtrim('.');
