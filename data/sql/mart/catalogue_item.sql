-- The catalogue by which a campaign's equipment was judged; not the official text, a person confirms.
-- campaign_id: which campaign
-- catalogue: title of the edition
-- source: where our file comes from
-- item: id of the item
-- industry: key of the catalogue's industry
-- category: eliminated (淘汰类), restricted (限制类), entry_condition (行业规范) or local (地方)
-- kind: equipment, process, product or capacity
-- section: section of the catalogue
-- name: what it names
-- conditions: what must hold, in Chinese; empty when the name itself is the criterion
-- exceptions: what it leaves out, in Chinese
-- deadline: last day on which the item may stand; empty when due at once
-- confidence: high, medium or low
-- evidence: keys of the evidence in data/catalogue
CREATE VIEW mart.catalogue_item AS
SELECT
    campaign_id,
    catalogue,
    source,
    item,
    industry,
    category,
    kind,
    section,
    name,
    conditions,
    exceptions,
    deadline,
    confidence,
    evidence
FROM core.catalogue_item
ORDER BY campaign_id, item;
