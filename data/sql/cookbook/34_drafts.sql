-- What became of the drafts that wait for a person, and how long did they wait?
-- 须经签发的函件结果如何？签发人用了多久？
-- Supervision letters (督办函), public criticism notices (通报批评) and coordination letters (提请协调函) leave only when a named person releases them (签发).
-- `withdrawn` (已撤回): the file came first. In the invented year nobody releases anything, so `mean_days` is empty; days still waiting are counted to the cut-off.
SELECT
    letter.kind,
    count(*) AS draft_count,
    count(*) FILTER (WHERE letter.is_released) AS released_count,
    count(*) FILTER (WHERE letter.state = 'withheld') AS withheld_count,
    count(*) FILTER (WHERE letter.state = 'withdrawn') AS withdrawn_count,
    count(*) FILTER (WHERE letter.state = 'draft') AS waiting_count,
    round(avg(date_diff('hour', letter.created_at, letter.decided_at)) / 24, 1) AS mean_days,
    max(date_diff('day', letter.created_at, snapshot.cut_off_at)) FILTER (WHERE letter.state = 'draft') AS longest_waiting_days
FROM mart.letter AS letter
INNER JOIN mart.snapshot AS snapshot
    ON letter.campaign_id = snapshot.campaign_id
WHERE letter.campaign_id = 'jiangsu-2022'
    AND letter.kind IN ('supervision', 'criticism', 'coordination')
GROUP BY letter.kind
ORDER BY letter.kind;
