-- Selects the letters to or about each unit, the newest first.
SELECT
    unit_code,
    kind,
    letter_date AS day,
    state,
    item_count
FROM mart.letter
WHERE campaign_id = $campaign_id
ORDER BY unit_code, letter_date DESC, letter_id DESC;
