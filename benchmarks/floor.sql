-- Selects file, row and rule of each fault in what has come in: the checks of the usual script, in one statement.
WITH typed AS (
    SELECT
        *,
        try_cast(capacity AS DOUBLE) AS capacity_value,
        try_cast(output AS DOUBLE) AS output_value,
        try_cast(equip_count AS DOUBLE) AS count_value,
        try_cast(checked_on AS DATE) AS checked,
        is_outdated = '是' AS outdated,
        regexp_full_match(uscc, '[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}') AS is_code,
        count(*) OVER (PARTITION BY file, uscc, equip_name, equip_model, equip_params) AS items,
        min(enterprise_name) OVER of_code AS first_name,
        max(enterprise_name) OVER of_code AS last_name
    FROM incoming
    WINDOW of_code AS (PARTITION BY file, uscc)
),

coded AS (
    SELECT
        *,
        CASE
            WHEN is_code THEN list_dot_product(
                list_transform(
                    string_split(uscc[1:17], ''),
                    lambda letter: instr('0123456789ABCDEFGHJKLMNPQRTUWXY', letter) - 1
                )::DOUBLE[],
                [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]::DOUBLE[]
            )::INTEGER
        END AS code_sum,
        CASE
            WHEN is_code THEN list_dot_product(
                list_transform(
                    string_split(uscc[9:16], ''),
                    lambda letter: instr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', letter) - 1
                )::DOUBLE[],
                [3, 7, 9, 10, 5, 8, 4, 2]::DOUBLE[]
            )::INTEGER
        END AS organisation_sum
    FROM typed
)

SELECT
    file,
    seq,
    rule
FROM (
    SELECT
        file,
        seq,
        unnest([
            CASE WHEN city = '' THEN 'city is empty' END,
            CASE WHEN county = '' THEN 'county is empty' END,
            CASE WHEN enterprise_name = '' THEN 'enterprise_name is empty' END,
            CASE WHEN uscc = '' THEN 'uscc is empty' END,
            CASE WHEN product = '' THEN 'product is empty' END,
            CASE WHEN capacity = '' THEN 'capacity is empty' END,
            CASE WHEN capacity_unit = '' THEN 'capacity_unit is empty' END,
            CASE WHEN process = '' THEN 'process is empty' END,
            CASE WHEN equip_name = '' THEN 'equip_name is empty' END,
            CASE WHEN equip_model = '' THEN 'equip_model is empty' END,
            CASE WHEN equip_params = '' THEN 'equip_params is empty' END,
            CASE WHEN equip_count = '' THEN 'equip_count is empty' END,
            CASE WHEN is_outdated = '' THEN 'is_outdated is empty' END,
            CASE WHEN checked_on = '' THEN 'checked_on is empty' END,
            CASE WHEN outdated AND catalogue_ref = '' THEN 'catalogue_ref is empty though outdated' END,
            CASE WHEN outdated AND measure = '' THEN 'measure is empty though outdated' END,
            CASE WHEN outdated AND plan_date = '' THEN 'plan_date is empty though outdated' END,
            CASE
                WHEN code_sum IS NULL OR '0123456789ABCDEFGHJKLMNPQRTUWXY'[(31 - code_sum % 31) % 31 + 1] <> uscc[18]
                    THEN 'credit code'
            END,
            CASE
                WHEN organisation_sum IS NULL OR '0123456789X'[(11 - organisation_sum % 11) % 11 + 1] <> uscc[17]
                    THEN 'organisation code'
            END,
            CASE WHEN capacity_value <= 0 THEN 'capacity' END,
            CASE WHEN output_value < 0 THEN 'output' END,
            CASE WHEN output_value > 1.2 * capacity_value THEN 'output over capacity' END,
            CASE WHEN count_value < 1 THEN 'count' END,
            CASE
                WHEN capacity_unit NOT IN (
                    '万吨', '吨', '万米', '万平方米', '万套', '万只', '万标张', '万千伏安时', '万重量箱', '亿块标砖'
                ) THEN 'unit'
            END,
            CASE WHEN is_outdated NOT IN ('是', '否') THEN 'flag' END,
            CASE WHEN measure NOT IN ('', '拆除', '封存', '整体关停', '改造') THEN 'measure' END,
            CASE WHEN outdated AND measure = '改造' THEN 'rebuilt' END,
            CASE WHEN try_cast(plan_date AS DATE) > DATE '2022-11-30' THEN 'planned late' END,
            CASE WHEN checked > DATE '2022-08-08' THEN 'checked after filing' END,
            CASE WHEN checked > DATE '2022-07-30' THEN 'checked late' END,
            CASE WHEN try_cast(commissioned || '-01' AS DATE) > DATE '2022-08-08' THEN 'commissioned late' END,
            CASE WHEN items > 1 THEN 'twice' END,
            CASE WHEN first_name <> last_name THEN 'two names' END
        ]) AS rule
    FROM coded
)
WHERE rule IS NOT NULL
