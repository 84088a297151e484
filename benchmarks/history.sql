-- Makes earlier campaigns in TEMP tables and views, one a table of the warehouse, from the numbers in the table asked.
-- Everything follows from the numbers of unit, year and place: the same history every time.
CREATE TEMP MACRO dice(unit, year, place, sides) AS
(unit * 7919 + year * 104729 + place * 1299709 + (unit * place + year) % 8191) % sides;

CREATE TEMP TABLE trade (
    trade INTEGER, industry_key VARCHAR, industry_name VARCHAR, product VARCHAR, capacity_unit VARCHAR, process VARCHAR, equip_name VARCHAR,
    parameter VARCHAR
);

INSERT INTO trade
VALUES
    (0, 'ferroalloy', '铁合金', '硅铁', '万吨', '矿热炉冶炼', '矿热炉', '变压器容量{}kVA'),
    (1, 'aluminium_melting', '铝熔炼', '再生铝锭', '吨', '熔炼', '反射炉', '炉容量{}t'),
    (2, 'secondary_lead', '再生铅', '再生铅', '吨', '火法熔炼', '鼓风炉', '炉床面积{}平方米'),
    (3, 'leather', '制革', '轻革', '万平方米', '鞣制', '转鼓', 'Φ{}mm');

-- Wordings of equipment: few enough to be judged once each, many enough to be told apart.
CREATE TEMP TABLE kind AS
SELECT
    kind.kind,
    trade.*,
    'SL-' || (50 * (1 + kind.kind % 97)) AS equip_model,
    replace(trade.parameter, '{}', (100 * (1 + kind.kind % 61))::VARCHAR) AS equip_params,
    ((50 + kind.kind % 4951) / 100)::DECIMAL(18, 4) AS capacity,
    (1990 + kind.kind % 29) || '-' || lpad((1 + kind.kind % 12)::VARCHAR, 2, '0') AS commissioned,
    kind.kind % 5 < 3 AS is_outdated,
    core.wording_id(
        trade.industry_key,
        trade.equip_name,
        'SL-' || (50 * (1 + kind.kind % 97)),
        replace(trade.parameter, '{}', (100 * (1 + kind.kind % 61))::VARCHAR),
        trade.product,
        trade.process,
        ((50 + kind.kind % 4951) / 100)::DECIMAL(18, 4),
        trade.capacity_unit,
        (1990 + kind.kind % 29) || '-' || lpad((1 + kind.kind % 12)::VARCHAR, 2, '0')
    ) AS wording_id
FROM (SELECT unnest(range(20000))::INTEGER AS kind) AS kind
INNER JOIN trade
    ON kind.kind % 4 = trade.trade;

CREATE TEMP TABLE place AS
SELECT
    asked.stem || '-' || (asked.first_year + year.year) AS campaign_id,
    year.year,
    (asked.first_year + year.year)::INTEGER AS calendar_year,
    unit.unit,
    (900000 + unit.unit)::VARCHAR AS unit_code,
    '示例' || lpad(unit.unit::VARCHAR, 4, '0') || '市' AS unit_name
FROM asked
CROSS JOIN (SELECT unnest(range((SELECT years FROM asked)))::INTEGER AS year) AS year
CROSS JOIN (SELECT unnest(range((SELECT units FROM asked)))::INTEGER AS unit) AS unit
ORDER BY year.year, unit.unit;

-- Equipment of each unit and year; a machine stays for two years, its enterprise for all.
CREATE TEMP TABLE machine AS
SELECT
    numbered.*,
    kind.* EXCLUDE (kind, trade),
    '示例' || lpad(numbered.unit::VARCHAR, 4, '0') || '市示例' || lpad(numbered.enterprise::VARCHAR, 3, '0') || '号有限公司' AS enterprise_name,
    '9132' || lpad((numbered.unit * 100 + numbered.enterprise)::VARCHAR, 14, '0') AS uscc,
    (ARRAY['甲县', '乙县', '丙区', '丁区'])[1 + numbered.enterprise % 4] AS county,
    substr(md5(numbered.unit || '|' || numbered.enterprise || '|' || numbered.kind), 1, 16) AS item_id,
    make_date(numbered.calendar_year, 9 + numbered.month % 3, 28) AS plan_date
FROM (
    SELECT
        place.*,
        place.unit_code::INTEGER * 0 + spot.spot AS place,
        spot.spot % 4 AS trade,
        spot.spot // 3 AS enterprise,
        4 * dice(place.unit, place.year // 2, spot.spot, 5000) + spot.spot % 4 AS kind,
        1 + dice(place.unit, place.year, spot.spot, 6) AS equip_count,
        dice(place.unit, place.year, spot.spot, 5) AS month  -- closed in August to November; 4: never
    FROM place
    CROSS JOIN (SELECT unnest(range((SELECT machines FROM asked)))::INTEGER AS spot) AS spot
) AS numbered
INNER JOIN kind
    ON numbered.kind = kind.kind
ORDER BY numbered.year, numbered.unit, numbered.place;

-- What each unit owes in a year, with how its versions went: right at first, returned at first, corrected after, never filed.
CREATE TEMP TABLE owed AS
SELECT
    place.*,
    form.*,
    make_date(place.calendar_year, form.due_month, form.due_day) AS due_date,
    place.campaign_id || '/' || place.unit_code || '/' || form.milestone || coalesce('/' || form.form, '')
    || coalesce('/' || form.industry, '') || coalesce('/' || place.calendar_year || form.month_words, '') AS obligation_id,
    place.calendar_year || form.month_words AS period,
    CASE
        WHEN form.form IS NULL THEN 'goal'
        ELSE (ARRAY[
            'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right',
            'returned', 'returned', 'returned', 'returned', 'corrected', 'corrected', 'corrected', 'zero', 'right', 'never'
        ])[1 + dice(place.unit, place.year, form.turn, 20)]
    END AS course
FROM place
CROSS JOIN (
    VALUES
        (1, 'contact_list', 'contact', NULL, NULL, 6, 3, 'hard'),
        (2, 'inventory', 'inventory_statement', NULL, NULL, 7, 30, 'soft'),
        (3, 'summary', 'survey_summary', 'ferroalloy', NULL, 8, 12, 'hard'),
        (4, 'summary', 'survey_summary', 'aluminium_melting', NULL, 8, 12, 'hard'),
        (5, 'summary', 'survey_summary', 'secondary_lead', NULL, 8, 12, 'hard'),
        (6, 'summary', 'survey_summary', 'leather', NULL, 8, 12, 'hard'),
        (7, 'cards', 'enterprise_card', NULL, NULL, 8, 12, 'hard'),
        (8, 'monthly_progress', 'progress', NULL, '-08', 8, 30, 'hard'),
        (9, 'monthly_progress', 'progress', NULL, '-09', 9, 30, 'hard'),
        (10, 'monthly_progress', 'progress', NULL, '-10', 10, 30, 'hard'),
        (11, 'monthly_progress', 'progress', NULL, '-11', 11, 30, 'hard'),
        (12, 'closure', NULL, NULL, NULL, 11, 30, 'goal'),
        (13, 'final_list', 'inspection', NULL, NULL, 12, 15, 'hard'),
        (14, 'final_list', 'completed_list', NULL, NULL, 12, 15, 'hard')
) AS form (turn, milestone, form, industry, month_words, due_month, due_day, hardness);

-- Every version that arrived, in the order of arrival.
CREATE TEMP TABLE filed AS
SELECT
    arrived.*,
    arrived.obligation_id || '#' || arrived.version AS submission_id,
    sha256(arrived.obligation_id || '#' || arrived.version) AS sha256,
    arrived.arrived_at + INTERVAL 40 MINUTE AS decided_at
FROM (
    SELECT
        owed.*,
        version.version,
        CASE WHEN owed.course = 'returned' AND version.version = 1 THEN 'returned' ELSE 'accepted' END AS decision,
        owed.course = 'zero' AND owed.form IN ('survey_summary', 'progress') AS is_zero,
        owed.due_date::TIMESTAMP + INTERVAL 10 HOUR
        + to_days((dice(owed.unit, owed.year, owed.turn, 9) - 6 + 5 * (version.version - 1))::INTEGER) AS arrived_at
    FROM owed
    CROSS JOIN (VALUES (1), (2)) AS version (version)
    WHERE owed.course NOT IN ('goal', 'never')
        AND (version.version = 1 OR owed.course IN ('returned', 'corrected'))
) AS arrived;

CREATE TEMP TABLE loaded AS
SELECT
    (row_number() OVER (ORDER BY year, turn, version, unit))::BIGINT AS load_no,
    *
FROM filed
WHERE decision = 'accepted'
ORDER BY load_no;

CREATE TEMP VIEW made_survey_summary AS
SELECT
    loaded.load_no,
    0 AS sheet_no,
    7 + machine.place // 4 AS row_no,
    machine.item_id,
    machine.wording_id,
    loaded.unit_name || '工业和信息化局' AS reporting_unit,
    machine.industry_name AS industry,
    loaded.arrived_at::DATE AS filled_on,
    1 + machine.place // 4 AS seq,
    loaded.unit_name AS city,
    machine.county,
    machine.enterprise_name,
    machine.uscc,
    machine.product,
    machine.capacity,
    machine.capacity_unit,
    (machine.capacity * (30 + machine.place) / 100)::DECIMAL(18, 4) AS output,
    machine.process,
    machine.equip_name,
    machine.equip_model,
    machine.equip_params,
    machine.equip_count,
    machine.commissioned,
    machine.is_outdated,
    CASE WHEN machine.is_outdated THEN '产业结构调整指导目录（2019年本）淘汰类一（五）钢铁' END AS catalogue_ref,
    make_date(machine.calendar_year, 6, 10 + machine.place % 20) AS checked_on,
    CASE WHEN machine.is_outdated THEN (ARRAY['拆除', '封存', '整体关停'])[1 + machine.place % 3] END AS measure,
    CASE WHEN machine.is_outdated THEN machine.plan_date END AS plan_date
FROM loaded
INNER JOIN machine
    ON loaded.year = machine.year
    AND loaded.unit = machine.unit
    AND loaded.industry = machine.industry_key
WHERE NOT loaded.is_zero
ORDER BY loaded.load_no, machine.place;

-- Where each outdated machine stands in each month.
CREATE TEMP VIEW made_progress AS
SELECT
    loaded.load_no,
    0 AS sheet_no,
    8 + machine.place AS row_no,
    machine.item_id,
    loaded.unit_name || '工业和信息化局' AS reporting_unit,
    loaded.due_date AS as_of_date,
    loaded.arrived_at::DATE AS filled_on,
    (SELECT machines // 3 FROM asked) AS stated_enterprises,
    (SELECT machines FROM asked) AS stated_items,
    1 + machine.place AS seq,
    loaded.unit_name AS city,
    machine.county,
    machine.enterprise_name,
    machine.uscc,
    machine.industry_name AS industry,
    machine.equip_name,
    machine.equip_model,
    machine.equip_params,
    machine.equip_count,
    machine.capacity,
    machine.capacity_unit,
    machine.plan_date,
    (ARRAY['拆除', '封存', '整体关停'])[1 + machine.place % 3] AS measure,
    CASE WHEN is_done THEN if(machine.place % 3 = 1, '已封存', '已拆除') ELSE '未启动' END AS closure_status,
    CASE WHEN is_done THEN make_date(machine.calendar_year, 8 + machine.month, 3) END AS stopped_on,
    CASE WHEN is_done THEN make_date(machine.calendar_year, 8 + machine.month, 1 + machine.place % 25) END AS completed_on,
    if(is_done, machine.equip_count, 0) AS done_count,
    is_done AS is_water_cut,
    is_done AS is_power_cut,
    is_done AS is_power_unit_removed,
    is_done AS is_equipment_sealed,
    is_done AS has_public_commitment,
    FALSE AS is_inspected,
    CASE WHEN NOT is_done AND machine.month = 4 THEN '职工安置' END AS open_reason
FROM (
    SELECT *
    FROM loaded
    WHERE form = 'progress'
        AND NOT is_zero
) AS loaded
INNER JOIN (SELECT * FROM machine WHERE is_outdated) AS machine
    ON loaded.year = machine.year
    AND loaded.unit = machine.unit
CROSS JOIN LATERAL (SELECT machine.month <= loaded.turn - 8 AS is_done)
ORDER BY loaded.load_no, machine.place;

CREATE TEMP VIEW closed_machine AS
SELECT
    loaded.load_no,
    loaded.form,
    loaded.arrived_at,
    machine.*,
    (ARRAY['拆除', '封存', '整体关停'])[1 + machine.place % 3] AS measure,
    make_date(machine.calendar_year, 8 + machine.month, 1 + machine.place % 25) AS completed_on,
    machine.county || '工业和信息化局' AS inspecting_body,
    loaded.unit_name AS city
FROM loaded
INNER JOIN (SELECT * FROM machine WHERE is_outdated AND month < 4) AS machine
    ON loaded.year = machine.year
    AND loaded.unit = machine.unit
ORDER BY loaded.load_no, machine.place;

CREATE TEMP VIEW made_inspection AS
SELECT
    load_no,
    enterprise AS sheet_no,
    22 + place % 3 AS row_no,
    item_id,
    unit_name || '工业和信息化局' AS reporting_unit,
    arrived_at::DATE AS filled_on,
    enterprise_name,
    uscc,
    unit_name || county || '示例路' || enterprise || '号' AS address,
    industry_name AS industry,
    completed_on - 20 AS stopped_on,
    completed_on - 9 AS dismantled_from,
    completed_on AS dismantled_to,
    measure,
    '报废切割' AS destination,
    completed_on + 5 AS inspected_on,
    3 AS team_size,
    inspecting_body,
    if(place % 20 = 0, '限期整改', '通过') AS result,
    2 AS pictures_before,
    2 AS pictures_after,
    1 + place % 3 AS seq,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    capacity,
    capacity_unit,
    commissioned
FROM closed_machine
WHERE form = 'inspection';

CREATE TEMP VIEW made_completed_list AS
SELECT
    load_no,
    0 AS sheet_no,
    7 + place AS row_no,
    item_id,
    unit_name || '工业和信息化局' AS reporting_unit,
    arrived_at::DATE AS filled_on,
    1 + place AS seq,
    city,
    county,
    enterprise_name,
    uscc,
    industry_name AS industry,
    equip_name,
    equip_model,
    equip_params,
    equip_count,
    capacity,
    capacity_unit,
    measure,
    completed_on,
    completed_on + 5 AS inspected_on,
    inspecting_body,
    '通过' AS result
FROM closed_machine
WHERE form = 'completed_list'
    AND place % 20 <> 0;

CREATE TEMP VIEW made_inventory_statement AS
SELECT
    loaded.load_no,
    0 AS sheet_no,
    6 + trade.trade AS row_no,
    core.item_id([trade.industry_name]) AS item_id,
    loaded.unit_name || '工业和信息化局' AS reporting_unit,
    loaded.arrived_at::DATE AS filled_on,
    trade.industry_name AS industry,
    10 AS surveyed_count,
    10 AS checked_count,
    8 AS outdated_count,
    50 AS outdated_equipment_count,
    FALSE AS is_zero_report
FROM loaded
CROSS JOIN trade
WHERE loaded.form = 'inventory_statement'
ORDER BY loaded.load_no, trade.trade;

CREATE TEMP VIEW made_contact AS
SELECT
    load_no,
    0 AS sheet_no,
    6 AS row_no,
    unit_name || '工业和信息化局' AS reporting_unit,
    arrived_at::DATE AS filled_on,
    unit_name AS city,
    unit_name || '工业和信息化局' AS organisation,
    '产业转型升级处' AS office_desk
FROM loaded
WHERE form = 'contact'
ORDER BY load_no;

-- The first machines of each unit, as their enterprises put them on cards.
CREATE TEMP VIEW made_enterprise_card AS
SELECT
    loaded.load_no,
    machine.enterprise AS sheet_no,
    30 + machine.place % 3 AS row_no,
    machine.item_id,
    machine.enterprise_name,
    machine.uscc,
    loaded.unit_name AS city,
    machine.county,
    loaded.arrived_at::DATE AS filled_on,
    machine.industry_name AS industry,
    120 AS staff,
    1 + machine.place % 3 AS seq,
    machine.product,
    machine.capacity,
    machine.capacity_unit,
    machine.process,
    '一号线' AS line_name,
    machine.equip_name,
    machine.equip_model,
    machine.equip_count,
    machine.equip_params,
    machine.commissioned,
    if(machine.is_outdated, '是', '否') AS self_judged
FROM loaded
INNER JOIN machine
    ON loaded.year = machine.year
    AND loaded.unit = machine.unit
    AND machine.place < 12
WHERE loaded.form = 'enterprise_card'
ORDER BY loaded.load_no, machine.place;

CREATE TEMP VIEW made_submission_loaded AS
WITH counted AS (
    SELECT
        load_no,
        count(*) AS row_count
    FROM (
        SELECT load_no FROM core.survey_summary
        UNION ALL
        SELECT load_no FROM core.progress
        UNION ALL
        SELECT load_no FROM core.inspection
        UNION ALL
        SELECT load_no FROM core.completed_list
        UNION ALL
        SELECT load_no FROM core.inventory_statement
        UNION ALL
        SELECT load_no FROM core.contact
        UNION ALL
        SELECT load_no FROM core.enterprise_card
    )
    GROUP BY load_no
)

SELECT
    loaded.load_no,
    loaded.submission_id,
    loaded.form,
    loaded.campaign_id,
    loaded.unit_code,
    loaded.industry AS industry_key,
    loaded.period,
    loaded.version,
    loaded.is_zero,
    loaded.sha256,
    coalesce(counted.row_count, 0) AS row_count,
    sha256(loaded.submission_id) AS content_hash  -- stands for that of the rows, which would take minutes
FROM loaded
LEFT JOIN counted
    ON loaded.load_no = counted.load_no
ORDER BY loaded.load_no;

CREATE TEMP VIEW made_unit AS
SELECT
    campaign_id,
    unit_code,
    unit_name,
    rtrim(unit_name, '市') AS short_name,
    unit_name || '工业和信息化局' AS body,
    unit AS position
FROM place;

CREATE TEMP VIEW made_county AS
SELECT
    place.campaign_id,
    place.unit_code,
    place.unit_code || county.code AS county_code,
    county.name AS county_name
FROM place
CROSS JOIN (VALUES ('01', '甲县'), ('02', '乙县'), ('03', '丙区'), ('04', '丁区')) AS county (code, name);

CREATE TEMP VIEW made_industry AS
SELECT DISTINCT
    place.campaign_id,
    trade.industry_key,
    trade.industry_name,
    '材料工业处' AS industry_office
FROM place
CROSS JOIN trade
ORDER BY place.campaign_id, trade.industry_key;

CREATE TEMP VIEW made_required_industry AS
SELECT
    place.campaign_id,
    place.unit_code,
    trade.industry_key,
    trade.trade AS position
FROM place
CROSS JOIN trade;

CREATE TEMP VIEW made_milestone AS
SELECT DISTINCT ON (campaign_id, milestone)
    campaign_id,
    milestone,
    milestone AS title,
    milestone AS kind,
    hardness,
    'unit' AS owed_per,
    turn AS position
FROM owed
ORDER BY campaign_id, milestone, turn;

CREATE TEMP VIEW made_obligation AS
WITH followed AS (
    SELECT
        obligation_id,
        min(arrived_at) AS arrived_at,
        max(decided_at) FILTER (WHERE decision = 'accepted') AS accepted_at,
        max(version) AS versions
    FROM filed
    GROUP BY obligation_id
)

SELECT
    owed.campaign_id,
    owed.obligation_id,
    owed.unit_code,
    owed.unit_name,
    owed.milestone,
    owed.form,
    owed.industry,
    owed.period,
    owed.due_date AS nominal_due_date,
    owed.due_date,
    owed.due_date - 7 AS reminder_date,
    owed.due_date + 45 AS close_date,
    owed.hardness,
    FALSE AS is_paper,
    FALSE AS is_exempt,
    CASE WHEN followed.accepted_at IS NOT NULL OR owed.form IS NULL THEN 'accepted' ELSE 'never_filed' END AS standing,
    CASE WHEN followed.accepted_at IS NOT NULL OR owed.form IS NULL THEN '审核通过' ELSE '至截止日未报送' END AS reason,
    followed.arrived_at,
    followed.accepted_at,
    greatest(0, coalesce(followed.arrived_at::DATE - owed.due_date, 30)) AS days_late,
    coalesce(followed.versions, 0) AS versions,
    0 AS open_findings
FROM owed
LEFT JOIN followed
    ON owed.obligation_id = followed.obligation_id
ORDER BY owed.year, owed.unit, owed.turn;

CREATE TEMP VIEW made_submission AS
SELECT
    campaign_id,
    submission_id,
    obligation_id,
    unit_code,
    form,
    industry,
    period,
    version,
    sha256,
    arrived_at,
    decided_at,
    decision,
    is_zero,
    if(decision = 'returned', 4, 0) AS finding_count
FROM filed
ORDER BY year, turn, version, unit;

CREATE TEMP VIEW made_finding AS
SELECT
    filed.campaign_id,
    filed.submission_id,
    number.number AS finding_no,
    'SUM-111' AS rule,
    'error' AS severity,
    '产能必填' AS title,
    '请补填产能' AS remedy,
    6 + number.number AS row_no,
    'G' || (6 + number.number) AS cell,
    'capacity' AS field,
    '产能' AS field_label
FROM filed
CROSS JOIN (VALUES (1), (2), (3), (4)) AS number (number)
WHERE filed.decision = 'returned'
ORDER BY filed.year, filed.turn, filed.unit, number.number;

CREATE TEMP VIEW made_letter AS
SELECT
    campaign_id,
    (row_number() OVER (ORDER BY year, due_date, unit, turn, nth.nth))::BIGINT AS letter_id,
    unit_code,
    nth.kind,
    (due_date + nth.after)::DATE AS day,
    'sent' AS state,
    1 AS item_count,
    due_date::TIMESTAMP + to_days(nth.after) + INTERVAL 9 HOUR AS created_at,
    due_date::TIMESTAMP + to_days(nth.after) + INTERVAL 9 HOUR AS settled_at
FROM owed
CROSS JOIN (VALUES (1, 'request', -14), (2, 'receipt', 0)) AS nth (nth, kind, after)
ORDER BY letter_id;

CREATE TEMP VIEW made_judgement AS
SELECT DISTINCT
    campaign_id,
    wording_id,
    if(is_outdated, 'eliminate', 'not_in_catalogue') AS judgement,
    if(is_outdated, 'FA-01', NULL) AS catalogue_items,
    'FA-01：示例，符合' AS comparison,
    '符合淘汰类条目FA-01' AS reason,
    FALSE AS is_on_threshold,
    FALSE AS is_missing
FROM machine
ORDER BY campaign_id, wording_id;

CREATE TEMP VIEW made_catalogue_item AS
SELECT
    place.campaign_id,
    '产业结构调整指导目录（示例）' AS catalogue,
    'EX-' || lpad(item.item::VARCHAR, 3, '0') AS item,
    'ferroalloy' AS industry,
    'eliminated' AS category,
    'equipment' AS kind,
    '示例装备' || item.item AS name
FROM (SELECT DISTINCT campaign_id FROM place) AS place
CROSS JOIN (SELECT unnest(range(160)) AS item) AS item
ORDER BY place.campaign_id, item.item;

CREATE TEMP VIEW made_suspected_omission AS
SELECT
    campaign_id,
    (row_number() OVER (PARTITION BY campaign_id ORDER BY unit, place))::INTEGER AS rank,
    'self_judgement' AS signal,
    '自判与目录不一' AS signal_word,
    '请核对装备参数' AS look_at,
    unit_code,
    industry_key,
    enterprise_name,
    uscc,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    'FA-01' AS catalogue_items,
    equip_count AS sets,
    '自判为否，目录初判为淘汰类' AS reason
FROM machine
WHERE NOT is_outdated
    AND place % 10 = 3
    AND unit % 20 = 0
ORDER BY campaign_id, rank;

CREATE TEMP VIEW made_campaign AS
SELECT DISTINCT
    campaign_id,
    '示例年度工作' AS title,
    calendar_year AS campaign_year,
    make_date(calendar_year, 5, 20)::TIMESTAMP + INTERVAL 9 HOUR AS opened_at,
    3 AS correction_working_days
FROM place
ORDER BY campaign_id;

-- Every weekday is a working day.
CREATE TEMP VIEW made_day AS
SELECT
    campaign_id,
    day,
    isodow(day) < 6 AS is_working_day,
    (count(*) FILTER (WHERE isodow(day) < 6) OVER (PARTITION BY campaign_id ORDER BY day))::INTEGER AS working_days_so_far
FROM (
    SELECT DISTINCT
        campaign_id,
        unnest(generate_series(make_date(calendar_year, 1, 1), make_date(calendar_year + 1, 12, 31), INTERVAL 1 DAY))::DATE AS day
    FROM place
)
ORDER BY campaign_id, day;

CREATE TEMP VIEW made_obligation_term AS
SELECT
    campaign_id,
    obligation_id,
    unit_code,
    unit_name,
    milestone,
    form,
    industry,
    period,
    make_date(calendar_year, 5, 20) AS open_date,
    due_date AS nominal_due_date,
    due_date,
    due_date - 7 AS reminder_date,
    due_date + 45 AS close_date,
    hardness,
    FALSE AS is_paper,
    FALSE AS is_exempt,
    make_date(calendar_year, 5, 20)::TIMESTAMP + INTERVAL 9 HOUR AS known_from
FROM owed
ORDER BY year, unit, turn;

CREATE TEMP VIEW made_obligation_version AS
SELECT
    campaign_id,
    obligation_id,
    version,
    arrived_at,
    decided_at,
    decision,
    if(decision = 'returned', 4, 0) AS open_findings,
    if(form = 'progress', 40, NULL) AS item_count,
    if(form = 'progress', least(40, 10 * (month(due_date) - 7)), NULL)::INTEGER AS closed_count
FROM filed
ORDER BY year, turn, version, unit;

-- Of the letters made above, in the same order, those that are no answers.
CREATE TEMP VIEW made_letter_item AS
SELECT
    campaign_id,
    letter_id,
    obligation_id,
    0 AS rung,
    0 AS climb
FROM (
    SELECT
        owed.campaign_id,
        owed.obligation_id,
        nth.nth,
        (row_number() OVER (ORDER BY owed.year, owed.due_date, owed.unit, owed.turn, nth.nth))::BIGINT AS letter_id
    FROM owed
    CROSS JOIN (VALUES (1), (2)) AS nth (nth)
)
WHERE nth = 1
ORDER BY letter_id;

-- Stands for the hashes of the rows, which would take minutes.
CREATE TEMP VIEW made_mirror_hash AS
SELECT
    place.campaign_id,
    mirrored.table_name,
    sha256(place.campaign_id || mirrored.table_name) AS content_hash
FROM (SELECT DISTINCT campaign_id FROM place) AS place
CROSS JOIN (
    SELECT unnest([
        'campaign', 'unit', 'county', 'industry', 'required_industry', 'milestone', 'day', 'obligation', 'submission', 'finding', 'letter',
        'obligation_term', 'obligation_version', 'letter_item', 'catalogue_item', 'judgement', 'suspected_omission'
    ]) AS table_name
) AS mirrored
ORDER BY place.campaign_id, mirrored.table_name;
