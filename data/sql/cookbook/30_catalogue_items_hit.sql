-- Which items of the catalogue decide most often?
-- 哪些目录条目命中最多？
-- Several items of the catalogue may decide one judgement; their ids stand in one text, split here.
WITH hits AS (
    SELECT
        campaign_id,
        trim(unnest(string_split(catalogue_item_ids, ','))) AS catalogue_item_id,
        item_id,
        equip_count
    FROM mart.equipment
    WHERE campaign_id = 'jiangsu-2022'
        AND judgement = 'eliminate'
)

SELECT
    hits.catalogue_item_id,
    item.name,
    item.conditions,
    count(*) AS items,
    sum(hits.equip_count)::BIGINT AS sets
FROM hits
INNER JOIN mart.catalogue_item AS item
    ON hits.campaign_id = item.campaign_id
    AND hits.catalogue_item_id = item.catalogue_item_id
GROUP BY hits.catalogue_item_id, item.name, item.conditions
ORDER BY items DESC, hits.catalogue_item_id;
