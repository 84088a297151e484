-- How many letters left, of which kind, month by month?
-- 逐月发出了多少函件？各是哪些种类？
-- Only what has left (`sent`); an answer (回执, 退回更正函) is prompted by a delivery, the rest is ours.
-- August has more recipients than cities: letters within the house (汇总表分送函) name a desk in `unit_code`.
SELECT
    strftime(letter_date, '%Y-%m') AS month,
    count(*) AS letter_count,
    count(*) FILTER (WHERE kind = 'request') AS request_count,
    count(*) FILTER (WHERE kind IN ('reminder', 'overdue')) AS reminder_count,
    count(*) FILTER (WHERE kind IN ('receipt', 'return', 'thanks')) AS answer_count,
    count(DISTINCT unit_code) AS recipient_count
FROM mart.letter
WHERE campaign_id = 'jiangsu-2022'
    AND state = 'sent'
GROUP BY month
ORDER BY month;
