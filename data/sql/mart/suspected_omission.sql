-- Signals that something may have been left out (疑似漏报), for the office's eyes only; a reason to look, never a finding against a unit.
-- Grain: one row is one signal about one unit, enterprise or item
-- Key: campaign_id, rank
-- campaign_id: which campaign
-- rank: place among the signals of the campaign, from 1; the strongest come first
-- signal: which signal, by its key in data/omissions.yaml
-- signal_word: the signal in Chinese
-- hint: what to look at, in Chinese
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- industry_key: key of the industry; empty when the signal is not about one
-- enterprise_name: name of the enterprise
-- uscc: credit code of the enterprise
-- item_id: name of the item over versions and forms
-- equip_name: name of the equipment
-- equip_model: model
-- equip_params: main parameters as reported
-- catalogue_item_ids: items of the catalogue that it is about
-- affected_count: how many machines, or enterprises, it is about
-- reason: why somebody should look, in Chinese
CREATE VIEW mart.suspected_omission AS
SELECT
    suspected.campaign_id,
    suspected.rank,
    suspected.signal,
    suspected.signal_word,
    suspected.look_at AS hint,
    suspected.unit_code,
    unit.unit_name,
    suspected.industry_key,
    suspected.enterprise_name,
    suspected.uscc,
    suspected.item_id,
    suspected.equip_name,
    suspected.equip_model,
    suspected.equip_params,
    suspected.catalogue_items AS catalogue_item_ids,
    suspected.sets AS affected_count,
    suspected.reason
FROM core.suspected_omission AS suspected
LEFT JOIN core.unit AS unit
    ON suspected.campaign_id = unit.campaign_id
    AND suspected.unit_code = unit.unit_code
ORDER BY suspected.campaign_id, suspected.rank;
