-- Selects the letters to or about each unit, the newest first.
SELECT
    unit_code,
    kind,
    day,
    state,
    item_count
FROM mart.letter
WHERE campaign_id = $campaign_id
ORDER BY unit_code, day DESC, letter_id DESC;
