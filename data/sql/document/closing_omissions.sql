-- Selects how many signals of suspected omissions there were, by signal; nobody is named.
SELECT
    signal_word AS word,
    count(*)::INTEGER AS count,
    count(DISTINCT unit_code)::INTEGER AS units
FROM mart.suspected_omission
WHERE campaign_id = $campaign_id
GROUP BY signal_word
ORDER BY count(*) DESC, signal_word;
