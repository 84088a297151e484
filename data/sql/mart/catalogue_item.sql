-- The catalogue by which a campaign's equipment was judged; not the official text, a person confirms.
-- Grain: one row is one item of the catalogue of one campaign
-- Key: campaign_id, catalogue_item_id
-- campaign_id: which campaign
-- catalogue: title of the edition
-- source: where our file comes from
-- catalogue_item_id: id of the item
-- catalogue_industry_key: key of the catalogue's industry, which need not be one of the campaign's
-- category: eliminated (淘汰类), restricted (限制类), entry_condition (行业规范) or local (地方)
-- kind: equipment, process, product or capacity
-- section: section of the catalogue
-- name: what it names
-- conditions: what must hold, in Chinese; empty when the name itself is the criterion
-- exceptions: what it leaves out, in Chinese
-- deadline_date: last day on which the item may stand; empty when due at once
-- confidence: high, medium or low
-- evidence: keys of the evidence in data/catalogue
CREATE VIEW mart.catalogue_item AS
SELECT
    campaign_id,
    catalogue,
    source,
    item AS catalogue_item_id,
    industry AS catalogue_industry_key,
    category,
    kind,
    section,
    name,
    conditions,
    exceptions,
    deadline AS deadline_date,
    confidence,
    evidence
FROM core.catalogue_item
ORDER BY campaign_id, item;
