-- Selects the rows whose equipment item an accepted submission of another unit or industry lists as well.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.{form}_current
    WHERE campaign_id = $campaign_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    coalesce(own.unit_name, staged.unit_code) AS unit_name,
    staged.industry AS own_industry,
    coalesce(other.unit_name, accepted.unit_code) AS other_unit,
    accepted.industry AS other_industry
FROM stage_{form} AS staged
INNER JOIN accepted
    ON staged.item_id = accepted.item_id
    AND (
        staged.unit_code <> accepted.unit_code
        OR staged.industry_key <> accepted.industry_key
    )
LEFT JOIN core.unit AS own
    ON own.campaign_id = $campaign_id
    AND staged.unit_code = own.unit_code
LEFT JOIN core.unit AS other
    ON other.campaign_id = $campaign_id
    AND accepted.unit_code = other.unit_code
QUALIFY row_number() OVER (PARTITION BY staged.row_id ORDER BY accepted.unit_code, accepted.industry_key) = 1
ORDER BY staged.row_id;
