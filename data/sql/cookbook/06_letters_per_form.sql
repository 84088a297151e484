-- Which cities need most letters for each accepted form?
-- 哪些设区市每审核通过一件报表需要的函件最多？
-- Letters are unprompted ones: requests (报送提示函), reminders (催报函) and escalations (升级催办). Receipts and returns answer a delivery and do not count.
-- A digest about three forms counts once for each of the three: this is no number of letters posted, which are rows of `mart.letter`.
SELECT
    unit_name,
    sum(letter_count)::BIGINT AS letter_count,
    sum(reminder_letter_count)::BIGINT AS reminder_letter_count,
    sum(escalation_letter_count)::BIGINT AS escalation_letter_count,
    count(*) FILTER (WHERE is_accepted) AS accepted,
    round(sum(letter_count) / count(*) FILTER (WHERE is_accepted), 3) AS letters_per_form
FROM mart.obligation_measure
WHERE campaign_id = 'jiangsu-2022'
    AND is_expected
GROUP BY unit_code, unit_name
ORDER BY letters_per_form DESC, unit_code;
